#include "cli/options.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/exit_codes.hpp"

namespace tlspeel::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::variant<Options, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "tlspeel");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

// The arguments are right.
Options options(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  if (const auto* exit = std::get_if<Exit>(&parsed)) {
    ADD_FAILURE() << exit->text;
    return {};
  }
  return std::get<Options>(parsed);
}

// They are not, or ask for help.
Exit exit_of(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  if (const auto* exit = std::get_if<Exit>(&parsed)) return *exit;
  ADD_FAILURE() << "was accepted";
  return {};
}

TEST(Options, Defaults) {
  const Options defaults = options({"dump.pcap"});
  EXPECT_THAT(defaults.captures, ElementsAre("dump.pcap"));
  EXPECT_TRUE(defaults.keys.empty());
  EXPECT_EQ(defaults.filter, "");
  EXPECT_EQ(defaults.output, "");
  EXPECT_EQ(defaults.format, "text");
  EXPECT_TRUE(defaults.show_handshake);
  EXPECT_TRUE(defaults.show_http);
  EXPECT_EQ(defaults.order, OrderChoice::automatic);
  EXPECT_EQ(defaults.save_streams, "");
  EXPECT_FALSE(defaults.verbose);
  EXPECT_FALSE(defaults.pretty);
  EXPECT_FALSE(defaults.explain);
  EXPECT_FALSE(defaults.show_secrets);
  EXPECT_GE(defaults.threads, 1U);
  EXPECT_LE(defaults.threads, 64U);
  EXPECT_EQ(defaults.max_body, 65536U);
  EXPECT_EQ(defaults.color, When::automatic);
  EXPECT_EQ(defaults.progress, When::automatic);
  EXPECT_FALSE(defaults.stats);
}

TEST(Options, EveryOne) {
  const Options all = options({"-f",
                               "port 443",
                               "-o",
                               "out.txt",
                               "--format",
                               "json",
                               "--order",
                               "time",
                               "--save-streams",
                               "dir",
                               "--save-bodies",
                               "bodies",
                               "-v",
                               "--pretty",
                               "--explain",
                               "--show-secrets",
                               "--threads",
                               "3",
                               "--max-body",
                               "12",
                               "--color",
                               "always",
                               "--progress",
                               "never",
                               "--stats",
                               "a.pcap",
                               "-",
                               "b.pcapng"});
  EXPECT_THAT(all.captures, ElementsAre("a.pcap", "-", "b.pcapng"));
  EXPECT_EQ(all.filter, "port 443");
  EXPECT_EQ(all.output, "out.txt");
  EXPECT_EQ(all.format, "json");
  EXPECT_EQ(all.order, OrderChoice::time);
  EXPECT_EQ(all.save_streams, "dir");
  EXPECT_EQ(all.save_bodies, "bodies");
  EXPECT_TRUE(all.verbose);
  EXPECT_TRUE(all.pretty);
  EXPECT_TRUE(all.explain);
  EXPECT_TRUE(all.show_secrets);
  EXPECT_EQ(all.threads, 3U);
  EXPECT_EQ(all.max_body, 12U);
  EXPECT_EQ(all.color, When::always);
  EXPECT_EQ(all.progress, When::never);
  EXPECT_TRUE(all.stats);
  EXPECT_EQ(options({"a", "--order", "connection"}).order, OrderChoice::connection);
  EXPECT_EQ(options({"a", "--color", "never"}).color, When::never);
}

TEST(Options, WhatIsChosen) {
  const Options parsed = options({"--host", "a.example,b.example", "--host", "*.test", "dump.pcap",
                                  "--method", "GET,POST", "--status", "404", "--status", "5xx,300-302",
                                  "--url", "/x$", "--grep", "needle", "--connection", "7,9-12"});
  EXPECT_THAT(parsed.captures, ElementsAre("dump.pcap"));
  EXPECT_THAT(parsed.choice.hosts, ElementsAre("a.example", "b.example", "*.test"));
  EXPECT_THAT(parsed.choice.methods, ElementsAre("GET", "POST"));
  EXPECT_TRUE(parsed.choice.takes_status(404));
  EXPECT_TRUE(parsed.choice.takes_status(503));
  EXPECT_FALSE(parsed.choice.takes_status(200));
  EXPECT_TRUE(parsed.choice.url->found_in("https://a/x"));
  EXPECT_TRUE(parsed.choice.grep->found_in("a needle"));
  EXPECT_TRUE(parsed.choice.takes_connection(10));
  EXPECT_FALSE(parsed.choice.takes_connection(8));
  EXPECT_TRUE(options({"dump.pcap"}).choice.empty());
}

TEST(Options, ListAndArchive) {
  EXPECT_EQ(options({"a", "--list"}).format, "list");
  EXPECT_EQ(options({"a", "--har", "out.har"}).har, "out.har");
  EXPECT_FALSE(options({"a"}).max_body_given);
  EXPECT_TRUE(options({"a", "--max-body", "65536"}).max_body_given);
}

TEST(Options, ADashIsStandardOutputOrAnError) {
  EXPECT_EQ(options({"a", "-o", "-"}).output, "");
  for (const char* option : {"--har", "--keylog-out", "--decrypted-pcap", "--with-secrets"}) {
    const Exit exit = exit_of({"a", option, "-"});
    EXPECT_EQ(exit.code, kCouldNotRun);
    EXPECT_THAT(exit.text, AllOf(HasSubstr(option), HasSubstr("/dev/stdout")));
  }
}

TEST(Options, AKeyTakesOneWordAndMayBeRepeated) {
  const Options parsed = options({"-k", "a.key", "dump.pcap", "--key", "b.key", "--key=keys/"});
  EXPECT_THAT(parsed.captures, ElementsAre("dump.pcap"));
  EXPECT_THAT(parsed.keys, ElementsAre("a.key", "b.key", "keys/"));
}

TEST(Options, ShowIsAListAndMayBeRepeated) {
  const auto shown = [](std::vector<const char*> arguments) {
    const Options parsed = options(std::move(arguments));
    return std::pair(parsed.show_handshake, parsed.show_http);
  };
  EXPECT_EQ(shown({"a", "--show", "handshake"}), std::pair(true, false));
  EXPECT_EQ(shown({"a", "--show", "http"}), std::pair(false, true));
  EXPECT_EQ(shown({"a", "--show", "http,handshake"}), std::pair(true, true));
  EXPECT_EQ(shown({"--show", "http", "--show", "handshake", "a"}), std::pair(true, true));
}

TEST(Options, SizesHaveSuffixes) {
  const auto size = [](const char* text) { return options({"a", "--max-body", text}).max_body; };
  EXPECT_EQ(size("0"), 0U);
  EXPECT_EQ(size("5000"), 5000U);
  EXPECT_EQ(size("64K"), 64U * 1024);
  EXPECT_EQ(size("64k"), 64U * 1024);
  EXPECT_EQ(size("3M"), 3U * 1024 * 1024);
  EXPECT_EQ(size("2G"), 2ULL * 1024 * 1024 * 1024);
  EXPECT_EQ(size("18446744073709551615"), UINT64_MAX);
}

TEST(Options, WrongOnesEndWithOneSentenceThatNamesThem) {
  const struct {
    std::vector<const char*> arguments;
    const char* named;
  } kWrong[] = {
      {{}, "CAPTURE"},
      {{"a", "--bogus"}, "--bogus"},
      {{"a", "-k"}, "--key"},
      {{"a", "--format", "xml"}, "xml"},
      {{"a", "--list", "--format", "json"}, "--list"},
      {{"a", "--show", "http,foo"}, "foo"},
      {{"a", "--order", "size"}, "size"},
      {{"a", "--color", "maybe"}, "maybe"},
      {{"a", "--threads", "0"}, "--threads"},
      {{"a", "--threads", "65"}, "--threads"},
      {{"a", "--threads", "many"}, "--threads"},
      {{"a", "--status", "2x"}, "--status"},
      {{"a", "--status", ""}, "--status"},
      {{"a", "--url", "("}, "--url"},
      {{"a", "--grep", "[a"}, "--grep"},
      {{"a", "--connection", "0"}, "--connection"},
      {{"a", "--max-body", ""}, "--max-body"},
      {{"a", "--max-body", "-1"}, "--max-body"},
      {{"a", "--max-body", "K"}, "--max-body"},
      {{"a", "--max-body", "1.5K"}, "--max-body"},
      {{"a", "--max-body", "64KB"}, "--max-body"},
      {{"a", "--max-body", "18446744073709551616"}, "--max-body"},
      {{"a", "--max-body", "18014398509481984K"}, "--max-body"},
  };
  for (const auto& wrong : kWrong) {
    const Exit exit = exit_of(wrong.arguments);
    EXPECT_EQ(exit.code, kCouldNotRun) << wrong.named;
    EXPECT_THAT(exit.text, testing::StartsWith("tlspeel: "));
    EXPECT_THAT(exit.text, HasSubstr(wrong.named));
    EXPECT_THAT(exit.text, testing::EndsWith("\nTry: tlspeel --help\n"));
    EXPECT_EQ(std::count(exit.text.begin(), exit.text.end(), '\n'), 2) << exit.text;
  }
}

TEST(Options, HelpNamesEveryOptionAndFitsInto80Columns) {
  const Exit help = exit_of({"--help"});
  EXPECT_EQ(help.code, kAllRead);
  for (const char* option :
       {"CAPTURE ...",       "-h,--help",     "--version",   "-k,--key FILE",  "-f,--filter EXPR",
        "-o,--output FILE",  "--format NAME", "--show LIST", "--order ORDER",  "--save-streams DIR",
        "--save-bodies DIR", "--list",        "--har FILE",  "--host NAME",    "--connection N",
        "-v,--verbose",      "--pretty",      "--explain",   "--show-secrets", "--max-body BYTES",
        "--threads N",       "--color WHEN",  "json",        "Exit status"}) {
    EXPECT_THAT(help.text, HasSubstr(option));
  }
  for (std::string_view rest = help.text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    EXPECT_LE(line.size(), 80U) << line;
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  EXPECT_EQ(exit_of({"-h"}).text, help.text);
}

TEST(Options, Version) {
  const Exit version = exit_of({"--version"});
  EXPECT_EQ(version.code, kAllRead);
  EXPECT_THAT(version.text, testing::MatchesRegex("tlspeel [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Options, WhatIsHandedOn) {
  const Options defaults = options({"dump.pcap"});
  EXPECT_EQ(defaults.decrypted_pcap + defaults.with_secrets + defaults.certs, "");
  EXPECT_FALSE(defaults.verify_certs);
  const Options all = options(
      {"dump.pcap", "--decrypted-pcap", "a", "--with-secrets", "b", "--certs", "c", "--verify-certs"});
  EXPECT_EQ(all.decrypted_pcap, "a");
  EXPECT_TRUE(all.mapped_ports.empty());
  EXPECT_EQ(all.with_secrets, "b");
  EXPECT_EQ(all.certs, "c");
  EXPECT_TRUE(all.verify_certs);
  EXPECT_EQ(exit_of({"dump.pcap", "--verify-certs"}).code, kCouldNotRun);
}

TEST(Options, PortsAreMapped) {
  const Options mapped = options({"dump.pcap", "--decrypted-pcap", "plain.pcapng", "--map-port", "443:80",
                                  "--map-port", "65535:1", "--map-port", "443:80"});
  EXPECT_EQ(mapped.decrypted_pcap, "plain.pcapng");
  EXPECT_THAT(mapped.mapped_ports, ElementsAre(testing::Pair(443, 80), testing::Pair(65535, 1)));
  for (const char* wrong : {"", "443", ":", "443:", ":80", "0:80", "443:0", "65536:80", "443:65536",
                            "443:80:90", "a:b", "-1:80"}) {
    const Exit exit = exit_of({"dump.pcap", "--decrypted-pcap", "plain.pcapng", "--map-port", wrong});
    EXPECT_EQ(exit.code, kCouldNotRun) << wrong;
  }
  EXPECT_THAT(exit_of({"dump.pcap", "--decrypted-pcap", "plain.pcapng", "--map-port", "443"}).text,
              HasSubstr("'443' is not a pair of ports, such as 443:80"));
  EXPECT_THAT(exit_of({"dump.pcap", "--decrypted-pcap", "f", "--map-port", "1:2", "--map-port", "1:3"}).text,
              HasSubstr("port 1 is mapped to both 2 and 3"));
  EXPECT_EQ(exit_of({"dump.pcap", "--map-port", "443:80"}).code, kCouldNotRun);
}

}  // namespace
}  // namespace tlspeel::cli
