#include "options.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tlspeel/output/formats.hpp"

#include "exit_codes.hpp"
#include "version.hpp"

namespace tlspeel::cli {
namespace {

constexpr std::size_t kMaxThreads = 64;  // as many as there are shards: more would have nothing to do

constexpr const char* kDescription =
    "Reads packet captures, rebuilds the TCP streams, dissects TLS, opens it with the server's RSA private "
    "key, and shows "
    "the handshake step by step and the HTTP inside as text.";

constexpr const char* kFooter =
    "Examples:\n"
    "  tlspeel dump.pcap                            how TLS was agreed, without any key\n"
    "  tlspeel dump.pcap -k server.key              the same, and the HTTP inside\n"
    "  tlspeel dump.pcap -k server.key --explain    told for somebody who is learning\n"
    "  tcpdump -U -w - port 443 | tlspeel - -k server.key\n"
    "\n"
    "Exit status: 0 all was read; 1 it ran, with a problem (a damaged capture, output that could not be "
    "written);\n"
    "2 it could not run (bad option, unreadable key or capture); 3 keys were given and no connection could "
    "be opened.";

std::string formats_help() {
  std::string out;
  for (const auto& row : output::formats())
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", row.name, row.help);
  return out;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& row : output::formats()) names.emplace_back(row.name);
  return names;
}

// A word that stands for a value. CLI11's own transformer would print the values of the enumerators, too.
template <class Enum>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Enum& target,
                        const std::map<std::string, Enum>& choices, const std::string& help) {
  std::vector<std::string> words;
  for (const auto& [word, value] : choices) words.push_back(word);
  return app
      .add_option_function<std::string>(
          name, [choices, &target](const std::string& word) { target = choices.at(word); }, help)
      ->check(CLI::IsMember(words));
}

void add_input_options(CLI::App& app, Options& options) {
  app.add_option("CAPTURE", options.captures,
                 "capture files (pcap, pcapng); - is standard input; several are one capture")
      ->required();
  app.add_option("-k,--key", options.keys,
                 "RSA private key of the server (PEM or DER), or a folder of keys; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("-f,--filter", options.filter, "only packets that match, in tcpdump's syntax")
      ->type_name("EXPR");
}

void add_output_options(CLI::App& app, Options& options, std::vector<std::string>& show) {
  app.add_option("-o,--output", options.output,
                 "write to FILE (made with mode 0600) instead of standard output")
      ->type_name("FILE");
  app.add_option("--format", options.format, formats_help())
      ->type_name("NAME")
      ->check(CLI::IsMember(format_names()))
      ->default_val(std::string(output::formats().front().name));
  app.add_option("--show", show, "what to show: handshake, http (which includes any other application data)")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(CLI::IsMember({"handshake", "http"}))
      ->allow_extra_args(false);
  add_choice(app, "--order", options.order,
             {{"connection", OrderChoice::connection}, {"time", OrderChoice::time}},
             "connection: grouped, each connection when it ends; time: each block as soon as it is complete "
             "(default: connection; time on standard input)")
      ->type_name("ORDER");
  app.add_option("--save-streams", options.save_streams,
                 "write what each side sent inside TLS, byte for byte, into DIR: one file per connection and "
                 "direction")
      ->type_name("DIR");
}

void add_detail_options(CLI::App& app, Options& options) {
  app.add_flag("-v,--verbose", options.verbose,
               "every field: offered suites, randoms, extensions, certificates, encrypted premaster secret");
  app.add_flag("--explain", options.explain,
               "tell the handshake to somebody who is learning, as a ladder in four steps");
  app.add_flag("--show-secrets", options.show_secrets, "show premaster secret, master secret and keys");
  app.add_option("--max-body", options.max_body, "bytes of a body that are shown (suffixes K, M, G)")
      ->type_name("BYTES")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  app.add_option("--threads", options.threads,
                 "workers; the output does not depend on it (default: one for each core)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMaxThreads));
  add_choice(app, "--color", options.color,
             {{"auto", ColorWhen::automatic}, {"always", ColorWhen::always}, {"never", ColorWhen::never}},
             "auto, always or never (auto: on a terminal, unless NO_COLOR is set)")
      ->type_name("WHEN");
}

Exit exit_of(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream out;
    std::ostringstream unused;
    app.exit(error, out, unused);
    return {kAllRead, out.str()};
  }
  return {kCouldNotRun, fmt::format("tlspeel: {}\nTry: tlspeel --help\n", error.what())};
}

}  // namespace

std::variant<Options, Exit> parse_options(int argc, const char* const* argv) {
  Options options;
  options.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
  std::vector<std::string> show;
  CLI::App app(kDescription, "tlspeel");
  app.footer(kFooter);
  app.set_version_flag("--version", fmt::format("tlspeel {}", kVersion));
  add_input_options(app, options);
  add_output_options(app, options, show);
  add_detail_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return exit_of(app, error);
  }
  if (!show.empty()) {
    options.show_handshake = std::find(show.begin(), show.end(), "handshake") != show.end();
    options.show_http = std::find(show.begin(), show.end(), "http") != show.end();
  }
  return options;
}

}  // namespace tlspeel::cli
