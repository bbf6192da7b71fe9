#include "output/json_writer.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tlspeel/output/safe_text.hpp"

#include "output/json_line.hpp"
#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using nlohmann::json;
using test::Events;
using test::operator+;

Events whole_run() {
  return test::opened_rsa(1, true) + test::closed_ephemeral(2) + test::resumed(3) + test::tls13(4) +
         test::ssl30(5) + test::everything(6) + test::opened_tls13(7) +
         Events{{0, test::packet(99, 1), event::CaptureProblem{"cut.pcap: the last packet is cut short"}},
                {0, {}, test::summary()}};
}

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
  return out;
}

TEST(JsonWriter, WholeRun) {
  TextOptions options;
  options.show_secrets = true;
  test::expect_file("run.jsonl", test::render("json", options, whole_run()));
}

TEST(JsonWriter, OneLineForEachEventInOrder) {
  Events events = whole_run();
  events.insert(events.begin() + 1, {1, test::packet(1, 0), event::ClearText{}});
  const std::vector<json> lines = lines_of(test::render("json", {}, events));
  std::erase_if(events, [](const event::Placed& p) {
    return std::holds_alternative<event::Plaintext>(p.event) ||
           std::holds_alternative<event::SecretsRecovered>(p.event);
  });
  ASSERT_EQ(lines.size(), events.size());
  std::set<std::string> names;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    names.insert(lines[i]["event"].get<std::string>());
    EXPECT_EQ(lines[i].value("connection", 0U), events[i].connection);
    EXPECT_EQ(lines[i].value("packet", 0U), events[i].at.number);
  }
  // Without Plaintext, PlaintextGap, BodyPiece, LeftOut, SecretsRecovered.
  EXPECT_EQ(names.size(), std::variant_size_v<event::Event> - 5);
}

TEST(JsonWriter, ShowsRecoveredSecretsOnlyWhereAsked) {
  const auto count = [](const TextOptions& options) {
    const std::vector<json> lines = lines_of(test::render("json", options, test::opened_tls13(1)));
    return std::ranges::count_if(lines,
                                 [](const json& line) { return line["event"] == "secrets_recovered"; });
  };
  TextOptions options;
  options.verbose = options.explain = true;
  EXPECT_EQ(count(options), 0);
  options.show_secrets = true;
  EXPECT_EQ(count(options), 3);
}

TEST(JsonWriter, CountsOutcomesByCause) {
  const json summary = lines_of(test::render("json", {}, whole_run())).back();
  EXPECT_EQ(summary["outcomes"].size(), 5U);
  EXPECT_EQ(summary["outcomes"][0],
            json::parse(R"({"outcome":"opened","cause":null,"connections":3,"application_bytes":1269,)"
                        R"("closed_bytes":0})"));
  EXPECT_EQ(summary["outcomes"][1],
            json::parse(R"({"outcome":"partly_opened","cause":"bytes_lost","connections":1,)"
                        R"("application_bytes":423,"closed_bytes":3326})"));
  EXPECT_EQ(summary["outcomes"][2]["cause"], "ephemeral_key_exchange");
  EXPECT_EQ(summary["outcomes"][4]["outcome"], "no_data");
  std::uint64_t connections = 0;
  for (const json& group : summary["outcomes"]) connections += group["connections"].get<std::uint64_t>();
  EXPECT_EQ(connections, 7U);
}

TEST(JsonWriter, BytesSurvive) {
  event::HttpMessage message = test::request(1, "/\xff\"\\\n\x01\xc2\x85", test::packet(1, 0));
  message.body.shown = test::bytes("caf\xe9");
  message.body.size = 4;
  message.body.text = true;
  const json line = lines_of(test::render("json", {}, {{1, test::packet(1, 0), message}})).front();
  EXPECT_EQ(line["target"], "/\xef\xbf\xbd\"\\\n\x01\xc2\x85");
  EXPECT_EQ(line["target_hex"], "2fff225c0a01c285");
  EXPECT_FALSE(line.contains("method_hex"));
  EXPECT_EQ(line["body"]["body_base64"], "Y2Fm6Q==");
  EXPECT_FALSE(line["body"].contains("body_text"));
  EXPECT_EQ(line["time"], "2026-01-01T00:00:00.000000000Z");
}

TEST(JsonWriter, TextCutWithinACharacterStaysText) {
  event::OpaqueData data{Direction::client, 1000, test::bytes("caf\xc3"), true, test::packet(1, 0)};
  const json line = lines_of(test::render("json", {}, {{1, test::packet(1, 0), data}})).front();
  EXPECT_EQ(line["body_text"], "caf");
  EXPECT_EQ(line["shown"], 3);
  EXPECT_EQ(line["size"], 1000);
}

TEST(JsonWriter, WhatWasSaidInClearAndWhereAConnectionIsInside) {
  event::ConnectionStart start = test::start(1, 1000);
  start.depth = 1;
  start.inside = 1;
  event::ClearText text;
  text.size = 2;
  text.shown = test::bytes("hi");
  text.text = true;
  text.protocol = "SMTP";
  text.proxied = event::ProxiedAddresses{start.client, start.server};
  text.first = test::packet(3, 5);
  const auto lines =
      lines_of(test::render("json", {}, {{2, test::packet(4, 9), start}, {2, test::packet(4, 9), text}}));
  EXPECT_EQ(lines.at(0)["inside"], 1);
  EXPECT_EQ(lines.at(1)["event"], "clear_text");
  EXPECT_EQ(lines.at(1)["protocol"], "SMTP");
  EXPECT_EQ(lines.at(1)["proxied"]["source"]["address"], "192.0.2.1");
  EXPECT_EQ(lines.at(1)["proxied"]["destination"]["port"], 443);
  EXPECT_EQ(lines.at(1)["body_text"], "hi");
  EXPECT_EQ(lines.at(1)["first"]["packet"], 3);
}

TEST(JsonWriter, IsSafeToLookAt) {
  const std::string text = test::render("json", {}, whole_run());
  for (std::string_view rest = text; !rest.empty();) {
    const Utf8Character character = decode_utf8(rest);
    ASSERT_NE(character.length, 0U);
    ASSERT_TRUE(character.code_point == '\n' || !is_unsafe(character.code_point));
    rest.remove_prefix(character.length);
  }
}

TEST(JsonWriter, LeavesOutWhatIsNotWanted) {
  TextOptions options;
  options.show_handshake = false;
  options.show_http = false;
  for (const json& line : lines_of(test::render("json", options, whole_run()))) {
    const std::string name = line["event"];
    EXPECT_TRUE(name != "tls_message" && name != "handshake_end" && name != "http_message" &&
                name != "opaque_data")
        << name;
  }
}

// RFC 4648 section 10.
TEST(JsonLine, Base64) {
  const auto base64 = [](std::string_view text) {
    std::string out;
    JsonLine line(out);
    line.open();
    line.base64("b", as_bytes(text));
    line.close();
    return json::parse(out)["b"].get<std::string>();
  };
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xff\xfe"), "///+");
}

TEST(JsonLine, EveryCodePointSurvives) {
  std::string text;
  for (char32_t c = 0; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const auto low = [&](unsigned shift) { return static_cast<char>(0x80U | (c >> shift & 0x3fU)); };
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += {static_cast<char>(0xc0U | c >> 6U), low(0)};
    } else if (c < 0x10000) {
      text += {static_cast<char>(0xe0U | c >> 12U), low(6), low(0)};
    } else {
      text += {static_cast<char>(0xf0U | c >> 18U), low(12), low(6), low(0)};
    }
  }
  std::string out;
  JsonLine line(out);
  line.open();
  line.text("t", text);
  line.close();
  const json parsed = json::parse(out);
  EXPECT_EQ(parsed["t"].get<std::string>(), text);
  EXPECT_FALSE(parsed.contains("t_hex"));
}

}  // namespace
}  // namespace tlspeel::output
