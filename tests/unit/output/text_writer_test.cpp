#include "output/text_writer.hpp"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/output/stream_saver.hpp"

#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using test::Events;
using test::operator+;

Events whole_run() {
  return test::opened_rsa(1) + test::closed_ephemeral(2) + test::resumed(3) + test::tls13(4) +
         Events{{0, {}, test::summary()}};
}

// Two connections whose events take turns.
Events interleaved() {
  const Events a = test::opened_rsa(1);
  const Events b = test::closed_ephemeral(2);
  Events out;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size()) out.push_back(a[i]);
    if (i < b.size()) out.push_back(b[i]);
  }
  return out;
}

TextOptions with(void (*change)(TextOptions&)) {
  TextOptions options;
  change(options);
  return options;
}

TEST(TextWriter, WholeRun) {
  test::expect_file("run.txt", test::render("text", {}, whole_run()));
}

TEST(TextWriter, WholeRunInColour) {
  test::expect_file("run_colour.txt",
                    test::render("text", with([](TextOptions& o) { o.color = true; }), whole_run()));
}

TEST(TextWriter, Everything) {
  const Events events = test::everything(1) +
                        Events{{0, {}, event::CaptureProblem{"cut\x1b.pcap: the last packet is cut short"}},
                               {0, {}, event::RunSummary{}}};
  test::expect_file("everything.txt", test::render("text", {}, events));
}

TEST(TextWriter, EverythingVerbose) {
  const Events events = test::everything(1) + test::opened_rsa(2, true) + Events{{0, {}, test::summary()}};
  test::expect_file("everything_verbose.txt",
                    test::render("text", with([](TextOptions& o) { o.verbose = true; }), events));
}

TEST(TextWriter, ShowsSecretsOnlyWhereAsked) {
  const Events events = test::opened_rsa(1, true);
  const auto verbose = with([](TextOptions& o) { o.verbose = true; });
  const auto explain = with([](TextOptions& o) { o.explain = true; });
  const std::string hidden = test::render("text", verbose, events) + test::render("text", explain, events) +
                             test::render("json", verbose, events);
  const auto show = with([](TextOptions& o) { o.show_secrets = true; });
  const std::string json = test::render("json", show, events);
  for (const char* secret : {"5e5e5e5e", "6d6d6d6d", "7c7c7c7c", "8b8b8b8b"}) {
    EXPECT_EQ(hidden.find(secret), std::string::npos) << secret;
    EXPECT_NE(json.find(secret), std::string::npos) << secret;
  }
  test::expect_file("secrets.txt", test::render("text", show, events));
}

TEST(TextWriter, Explains) {
  const auto explain = with([](TextOptions& o) { o.explain = true; });
  test::expect_file("explain_rsa.txt", test::render("text", explain, test::opened_rsa(1)));
  test::expect_file("explain_ephemeral.txt", test::render("text", explain, test::closed_ephemeral(1)));
  test::expect_file("explain_resumed.txt", test::render("text", explain, test::resumed(1)));
  test::expect_file("explain_tls13.txt", test::render("text", explain, test::tls13(1)));
  test::expect_file("explain_ssl30.txt", test::render("text", explain, test::ssl30(1)));
  test::expect_file("explain_opened_tls13.txt", test::render("text", explain, test::opened_tls13(1)));
  test::expect_file("explain_everything.txt", test::render("text", explain, test::everything(1)));
}

TEST(TextWriter, ExplainsWithSecretsAndFields) {
  const auto explain = with([](TextOptions& o) { o.explain = o.show_secrets = o.verbose = true; });
  test::expect_file("explain_secrets.txt", test::render("text", explain, test::opened_rsa(1, true)));
}

// Whatever opened it, the words have to be true: a key log needs no premaster secret, a ticket no exchange.
TEST(TextWriter, ExplainsEveryWayOfOpening) {
  const auto explain = with([](TextOptions& o) { o.explain = true; });
  std::string text;
  text += test::render("text", explain,
                       test::opened_otherwise(1, "TLS_RSA_WITH_AES_256_CBC_SHA256", "RSA", "keys.log"));
  text += test::render("text", explain,
                       test::opened_otherwise(2, "TLS_PSK_WITH_AES_256_CBC_SHA256", "PSK", "PSK device 1"));
  text +=
      test::render("text", explain,
                   test::opened_otherwise(3, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA256", "ECDH", "server.key"));
  text += test::render(
      "text", explain,
      test::opened_otherwise(4, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA256", "resumed session", "ticket.key"));
  test::expect_file("explain_others.txt", text);
}

TEST(TextWriter, ShowsTrafficSecretsAsLinesOfAKeyLog) {
  const Events events = test::opened_tls13(1);
  const auto show = with([](TextOptions& o) { o.show_secrets = true; });
  const auto story = with([](TextOptions& o) { o.show_secrets = o.explain = true; });
  const auto verbose = with([](TextOptions& o) { o.verbose = true; });
  test::expect_file("secrets_tls13.txt", test::render("text", show, events));
  const std::string told = test::render("text", story, events);
  const std::string hidden = test::render("text", verbose, events) + test::render("text", {}, events);
  for (const char* secret : {"9a9a9a9a", "a9a9a9a9", "b8b8b8b8"}) {
    EXPECT_EQ(hidden.find(secret), std::string::npos) << secret;
    EXPECT_NE(told.find(secret), std::string::npos) << secret;
  }
}

TEST(TextWriter, ExplanationsFitInto80Columns) {
  const auto explain = with([](TextOptions& o) { o.explain = true; });
  for (const Events& events : {test::opened_rsa(1), test::closed_ephemeral(1), test::resumed(1),
                               test::tls13(1), test::ssl30(1), test::opened_tls13(1)}) {
    const std::string text = test::render("text", explain, events);
    const std::size_t first = text.find("  1. Agree");
    const std::size_t last = text.find("4. Verify");
    ASSERT_NE(first, std::string::npos);
    for (std::string_view rest = std::string_view(text).substr(first, last - first); !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      EXPECT_LE(display_width(line), 80U) << line;
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
  }
}

TEST(TextWriter, GroupsByConnection) {
  EXPECT_EQ(test::render("text", {}, interleaved()),
            test::render("text", {}, test::opened_rsa(1) + test::closed_ephemeral(2)));
}

event::TlsMessage alert(Direction direction, event::CodePoint level, event::CodePoint description) {
  event::TlsMessage message;
  message.direction = direction;
  message.body = event::Alert{level, description};
  return message;
}

// A hello, then what the test puts behind it, then the end without a Finished.
std::string handshake_broken_by(const std::vector<event::Event>& events) {
  Events all{
      {1, test::packet(1, 0), test::start(7, 1000)},
      {1, test::packet(2, 0), test::handshake(Direction::client, 1, "client_hello", test::client_hello())}};
  for (const event::Event& event : events) all.push_back({1, test::packet(3, 100), event});
  all.push_back({1, test::packet(4, 200), event::HandshakeEnd{false}});
  event::ConnectionEnd end;
  end.outcome = event::ConnectionOutcome::no_data;
  all.push_back({1, test::packet(4, 200), end});
  return test::render("text", {}, all);
}

TEST(TextWriter, SaysThatAHandshakeHasNoEndOnlyWhereNothingElseSaysWhy) {
  const std::string unseen = "the end of the handshake was not seen (packet 4)";
  EXPECT_NE(handshake_broken_by({}).find(unseen), std::string::npos);
  EXPECT_NE(handshake_broken_by({alert(Direction::server, {1, "warning"}, {112, "unrecognized_name"})})
                .find(unseen),
            std::string::npos);
  for (const std::vector<event::Event>& why :
       {std::vector<event::Event>{alert(Direction::server, {2, "fatal"}, {40, "handshake_failure"})},
        std::vector<event::Event>{alert(Direction::server, {1, "warning"}, {100, "no_renegotiation"})},
        std::vector<event::Event>{event::Closed{std::nullopt, event::ClosedCause::bytes_lost, "why", ""}}}) {
    EXPECT_EQ(handshake_broken_by(why).find(unseen), std::string::npos);
  }
}

TEST(TextWriter, ARequestWithoutResponseSaysWhatIsKnownOfTheServer) {
  const auto render = [](std::uint64_t closed_records) {
    event::ConnectionEnd end;
    end.outcome = event::ConnectionOutcome::partly_opened;
    end.counts[1].records_closed = closed_records;
    end.counts[1].closed_bytes = closed_records * 1234;
    return test::render("text", {},
                        {{1, test::packet(1, 0), test::start(7, 1000)},
                         {1, test::packet(3, 100), test::request(1, "/", test::packet(3, 100))},
                         {1, test::packet(4, 200), end}});
  };
  EXPECT_NE(render(0).find("[no response in the capture]\n"), std::string::npos);
  EXPECT_NE(render(2).find("[no response was opened: 2,468 bytes of the server stayed closed]\n"),
            std::string::npos);
}

// A turn ends, and is told, when the other side speaks or the connection ends.
TEST(TextWriter, ATurnStandsBeforeTheAlertThatCameBehindIt) {
  event::OpaqueData turn;
  turn.shown = test::bytes("good-bye");
  turn.size = turn.shown.size();
  turn.text = true;
  turn.first = test::packet(3, 100);
  const std::string out =
      test::render("text", {},
                   {{1, test::packet(1, 0), test::start(7, 1000)},
                    {1, test::packet(4, 200), alert(Direction::client, {1, "warning"}, {0, "close_notify"})},
                    {1, test::packet(4, 200), turn},
                    {1, test::packet(5, 300), event::ConnectionEnd{}}});
  ASSERT_NE(out.find("good-bye"), std::string::npos) << out;
  EXPECT_LT(out.find("good-bye"), out.find("close_notify")) << out;
}

TEST(TextWriter, ExchangesStandInTheOrderInWhichTheyBegan) {
  event::HttpMessage upload = test::request(1, "/upload", test::packet(2, 100));
  upload.last = test::packet(5, 400);
  const std::string out =
      test::render("text", {},
                   {{1, test::packet(1, 0), test::start(7, 1000)},
                    {1, test::packet(3, 200), test::request(2, "/short", test::packet(3, 200))},
                    {1, test::packet(4, 300), test::response(2, 200, "", test::packet(4, 300))},
                    {1, test::packet(5, 400), upload},
                    {1, test::packet(6, 500), test::response(1, 200, "", test::packet(6, 500))},
                    {1, test::packet(7, 600), event::ConnectionEnd{}}});
  ASSERT_NE(out.find("/upload"), std::string::npos) << out;
  EXPECT_LT(out.find("/upload"), out.find("/short")) << out;
}

TEST(TextWriter, WhatWasSaidInClearAndWhereAConnectionIsInside) {
  event::ConnectionStart start = test::start(1, 1000);
  start.inside = 7;
  event::ClearText text;
  text.size = 20'000;
  text.shown = test::bytes("hi \x1b[2J");
  text.text = true;
  text.protocol = "PROXY protocol v1";
  text.proxied = event::ProxiedAddresses{start.client, start.server};
  text.first = test::packet(3, 5);
  const Events events{{8, test::packet(3, 5), start}, {8, test::packet(4, 9), text}};
  const std::string out = test::render("text", {}, events);
  EXPECT_NE(out.find("   inside #7"), std::string::npos) << out;
  EXPECT_NE(
      out.find("client  in clear, PROXY protocol v1: 20.0 kB, for 192.0.2.1:1000 -> 198.51.100.4:443\n"),
      std::string::npos)
      << out;
  EXPECT_NE(out.find("[showing the first 7 bytes of 20.0 kB]"), std::string::npos) << out;
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
}

TEST(TextWriter, NamesTheAlertThatEndedAHandshake) {
  const std::string text =
      handshake_broken_by({alert(Direction::server, {2, "fatal"}, {40, "handshake_failure"})});
  EXPECT_NE(text.find("443   handshake failed (server: handshake_failure)\n"), std::string::npos) << text;
}

TEST(TextWriter, AClosedConnectionNamesReasonAndRemedyInLinesOfTheirOwn) {
  event::Closed closed{Direction::server, event::ClosedCause::bytes_lost, "bytes are missing.",
                       "capture without loss."};
  EXPECT_NE(handshake_broken_by({closed}).find("server's side closed (packet 3): bytes are missing\n"
                                               "            what helps: capture without loss\n"),
            std::string::npos);
  closed.direction.reset();
  closed.explanation.clear();
  closed.remedy.clear();
  const std::string text = handshake_broken_by({closed});
  EXPECT_NE(text.find("  closed (packet 3): bytes lost\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("what helps"), std::string::npos) << text;
}

TEST(TextWriter, OrdersByTime) {
  test::expect_file("time_order.txt",
                    test::render("text", with([](TextOptions& o) { o.order = Order::time; }), interleaved()));
}

TEST(TextWriter, ShowsABlockAsSoonAsItIsComplete) {
  const auto options = with([](TextOptions& o) { o.order = Order::time; });
  test::StringSink sink;
  TextWriter writer(options, sink);
  std::vector<std::string> seen;
  for (const event::Placed& placed : test::opened_rsa(1)) {
    writer.write(placed);
    writer.flush();
    const bool handshake_end = std::holds_alternative<event::HandshakeEnd>(placed.event);
    const auto* http = std::get_if<event::HttpMessage>(&placed.event);
    if (handshake_end || http != nullptr) seen.push_back(sink.text);
  }
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_NE(seen[0].find("Finished"), std::string::npos);
  EXPECT_EQ(seen[1], seen[0]) << "a request without its response is not complete";
  EXPECT_NE(seen[2].find("200 OK"), std::string::npos);
}

TEST(TextWriter, WrapsAtTheWidthOfTheTerminal) {
  const auto narrow = with([](TextOptions& o) { o.width = 80; });
  const std::string text = test::render("text", narrow, whole_run());
  test::expect_file("run_80.txt", text);
  const auto wide = with([](TextOptions& o) { o.width = 200; });
  EXPECT_EQ(test::render("text", wide, whole_run()), test::render("text", {}, whole_run()));
}

TEST(TextWriter, LeavesOutWhatIsNotWanted) {
  const auto http = with([](TextOptions& o) { o.show_handshake = false; });
  test::expect_file("only_http.txt", test::render("text", http, whole_run()));
  const auto handshake = with([](TextOptions& o) { o.show_http = false; });
  test::expect_file("only_handshake.txt", test::render("text", handshake, test::everything(1)));
  const auto neither = with([](TextOptions& o) { o.show_http = o.show_handshake = false; });
  test::expect_file("only_headings.txt", test::render("text", neither, whole_run()));
}

TEST(TextWriter, PrintsTheLongestWaitingWhenMemoryIsShort) {
  test::StringSink sink;
  TextWriter writer({}, sink, 700);
  for (const event::Placed& placed : interleaved()) writer.write(placed);
  writer.finish();
  EXPECT_NE(sink.text.find("   continued\n"), std::string::npos);
  test::expect_file("continued.txt", sink.text);
}

TEST(TextWriter, NeverKeepsMoreThanItMay) {
  const std::size_t limit = 20'000;
  test::StringSink sink;
  TextWriter writer({}, sink, limit);
  std::size_t written = 0;
  for (std::uint64_t connection = 1; connection <= 200; ++connection) {
    writer.write({connection, test::packet(connection, 0), test::start(1, 1000)});
    // Requests that nobody answers are never complete.
    writer.write({connection, test::packet(connection, 0),
                  test::request(1, "/" + std::string(500, 'a'), test::packet(connection, 0))});
    written += 500;
    writer.flush();
    EXPECT_LE(written, sink.text.size() + limit);
  }
  writer.finish();
  EXPECT_GE(sink.text.size(), written);
}

TEST(TextWriter, ConnectionsWithoutAnEndAreToldAsWell) {
  Events cut = test::opened_rsa(2);
  cut.resize(4);
  const std::string text = test::render("text", {}, cut);
  EXPECT_NE(text.find("#2  192.0.2.7:51234"), std::string::npos);
  EXPECT_NE(text.find("Certificate"), std::string::npos);
}

TEST(TextWriter, TheTunnelOfAConnectionIsNamed) {
  event::ConnectionStart start = test::start(7, 51234);
  start.tunnel = "VXLAN 42 between 10.0.0.1 and 10.0.0.2";
  const Events events{{1, test::packet(1, 0), start}};
  const std::string text = test::render("text", {}, events);
  EXPECT_NE(text.find("  0.000000  in a tunnel: VXLAN 42 between 10.0.0.1 and 10.0.0.2\n"), std::string::npos)
      << text;
  const std::string json = test::render("json", {}, events);
  EXPECT_NE(json.find(R"("tunnel":"VXLAN 42 between 10.0.0.1 and 10.0.0.2")"), std::string::npos) << json;
  start.tunnel.clear();
  EXPECT_EQ(test::render("json", {}, {{1, test::packet(1, 0), start}}).find("tunnel"), std::string::npos);
}

// What is said at once was not counted as waiting, and taken off when it was printed: from then on everything
// seemed to wait for too long.
TEST(TextWriter, ConnectionsAfterOneWithANoticeStayWhole) {
  Events events = test::opened_rsa(1);
  std::get<event::ConnectionStart>(events[0].event).tunnel =
      std::string(1000, 'x');  // more than the first lines of the second
  const std::string first = test::render("text", {}, events);
  const Events second = test::opened_rsa(2);
  events.insert(events.end(), second.begin(), second.end());
  EXPECT_EQ(test::render("text", {}, events), first + "\n" + test::render("text", {}, second));
}

TEST(StreamSaver, Names) {
  const event::ConnectionStart start = test::start(7, 51234);
  EXPECT_EQ(stream_file_name(12, start.client, start.server, Direction::client),
            "000012_192.0.2.7.51234-198.51.100.4.443.client");
  event::ConnectionStart v6 = start;
  Bytes octets(16, 0);
  octets[0] = 0xfe;
  octets[1] = 0x80;
  octets[15] = 1;
  v6.client.address = IpAddress::from_v6(octets);
  EXPECT_EQ(stream_file_name(1'234'567, v6.client, v6.server, Direction::server),
            "1234567_fe80--1.51234-198.51.100.4.443.server");
}

class MapStore final : public FileStore {
 public:
  void append(const std::string& name, ByteView bytes) override { files[name] += as_text(bytes); }
  void skip(const std::string& name, std::uint64_t count) override { skips.emplace_back(name, count); }
  void remove(const std::string& name) override { files.erase(name); }
  std::vector<std::pair<std::string, std::uint64_t>> skips;
  std::map<std::string, std::string> files;
};

TEST(StreamSaver, KeepsEveryByteOfItsConnectionAndDirection) {
  MapStore store;
  StreamSaver saver(store);
  const auto plaintext = [](Direction direction, std::string_view text) {
    return event::Plaintext{direction, 0, test::bytes(text)};
  };
  saver.write({1, {}, test::start(7, 1000)});
  saver.write({2, {}, test::start(8, 2000)});
  saver.write({1, {}, plaintext(Direction::client, "GET ")});
  saver.write({2, {}, plaintext(Direction::server, "other")});
  saver.write({1, {}, plaintext(Direction::client, std::string_view("/\0\n", 3))});
  saver.write({1, {}, plaintext(Direction::server, "")});
  saver.write({1, {}, event::ConnectionEnd{}});
  const std::map<std::string, std::string> expected{
      {"000001_192.0.2.7.1000-198.51.100.4.443.client", std::string("GET /\0\n", 7)},
      {"000002_192.0.2.8.2000-198.51.100.4.443.server", "other"}};
  EXPECT_EQ(store.files, expected);
  EXPECT_TRUE(store.skips.empty());
}

TEST(StreamSaver, LeavesNoMapOfAnEarlierRun) {
  MapStore store;
  StreamSaver saver(store);
  const std::string name = "000001_192.0.2.7.1000-198.51.100.4.443.client";
  store.files[name + ".holes"] = "of an earlier run";
  saver.write({1, {}, test::start(7, 1000)});
  saver.write({1, {}, event::Plaintext{Direction::client, 0, to_bytes(as_bytes("whole"))}});
  EXPECT_EQ(store.files, (std::map<std::string, std::string>{{name, "whole"}}));
}

TEST(StreamSaver, PadsHolesAndMapsThem) {
  MapStore store;
  StreamSaver saver(store);
  const std::string name = "000001_192.0.2.7.1000-198.51.100.4.443.server";
  const auto gap = [&](std::uint64_t offset, const event::Hole& hole) {
    saver.write({1, {}, event::PlaintextGap{Direction::server, offset, hole}});
  };
  saver.write({1, {}, test::start(7, 1000)});
  store.files[name + ".holes"] = "of an earlier run";
  gap(3, {10, true});
  gap(20, {7, false});
  gap(30, {});
  gap(40, {StreamSaver::kMaxPadding, true});  // with the 17 before more than the cap
  gap(50, {1, true});
  EXPECT_EQ(store.files[name + ".holes"],
            "# offset length exact|estimated|unknown\n3 10 exact\n20 7 estimated\n30 unknown unknown\n"
            "40 4294967296 exact\n50 1 exact\n");
  const std::vector<std::pair<std::string, std::uint64_t>> expected{{name, 10}, {name, 7}};
  EXPECT_EQ(store.skips, expected);
}

TEST(TextWriter, AConnectionOfWhichNothingWasChosenIsNotNamed) {
  event::RunSummary summary = test::summary();
  summary.chosen = event::RunSummary::Chosen{0, 7};
  const test::Events events{{1, test::packet(1, 0), event::BodyPiece{}},
                            {1, test::packet(1, 0), event::LeftOut{1}},
                            {1, test::packet(2, 0), event::LeftOut{}},
                            {0, test::packet(2, 0), summary}};
  EXPECT_THAT(test::render("text", {}, events),
              testing::StartsWith("0 of 7 requests chosen\n2 TCP connections"));
}

}  // namespace
}  // namespace tlspeel::output
