#include "output/run_totals.hpp"

#include <gtest/gtest.h>

#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using test::Events;

TEST(RunTotals, ClosingLinesOfOddRuns) {
  event::RunSummary empty;
  EXPECT_EQ(test::render("text", {}, {{0, {}, empty}}), "no packets in this capture\n");
  event::RunSummary plain;
  plain.packets = 120;
  plain.tcp_connections = 3;
  EXPECT_EQ(
      test::render("text", {}, {{0, {}, plain}}),
      "no TLS in this capture: 120 packets, 3 TCP connections without it (plain HTTP or another protocol)\n");
  EXPECT_EQ(test::render("text", {}, {}), "");
}

TEST(RunTotals, SaysThatTheFilterMatchesNothing) {
  event::RunSummary none;
  none.packets = 1200;
  none.packets_left_out = 1200;
  EXPECT_EQ(test::render("text", {}, {{0, {}, none}}),
            "the filter matches none of the 1,200 packets of this capture\n");
  event::RunSummary some = none;
  some.packets_left_out = 1100;
  some.tcp_connections = 2;
  EXPECT_EQ(
      test::render("text", {}, {{0, {}, some}}),
      "no TLS in what the filter matches: 100 packets, 2 TCP connections without it (plain HTTP or another "
      "protocol)\n");
}

TEST(RunTotals, SaysThatNoConnectionHasTheNumber) {
  event::RunSummary run;
  run.packets = 276;
  run.tcp_connections = 7;
  run.connections_without_tls = 2;
  run.chosen_connections = {0, 5};
  const std::string without = "2 TCP connections without TLS\n";
  for (const char* const format : {"text", "list"}) {
    EXPECT_EQ(test::render(format, {}, {{0, {}, run}}),
              "no connection has such a number: 5 connections in this capture, #1 to #5\n" + without);
  }
  // Requests of it were asked for, too: there is no number to be told of them.
  run.chosen = {0, 0};
  run.packets_left_out = 12;
  run.chosen_connections = {0, 1};
  EXPECT_EQ(test::render("text", {}, {{0, {}, run}}),
            "no connection has such a number: 1 connection in what the filter matches, #1\n" + without);
  run.chosen_connections = {1, 1};
  EXPECT_EQ(test::render("text", {}, {{0, {}, run}}), "0 of 0 requests chosen\n" + without);
}

TEST(RunTotals, WhereThereIsNoTlsNoNumberIsMissed) {
  event::RunSummary plain;
  plain.packets = 120;
  plain.tcp_connections = 3;
  plain.chosen_connections = {0, 0};
  EXPECT_EQ(
      test::render("text", {}, {{0, {}, plain}}),
      "no TLS in this capture: 120 packets, 3 TCP connections without it (plain HTTP or another protocol)\n");
}

TEST(RunTotals, SaysPlainlyThatQuicIsNotRead) {
  event::RunSummary quic;
  quic.packets = 12;
  quic.packets_not_tcp = 12;
  quic.quic_packets = 11;
  EXPECT_EQ(test::render("text", {}, {{0, {}, quic}}),
            "no TLS in this capture: 12 packets, and no TCP connection among them (12 not TCP)\n"
            "11 QUIC packets on UDP port 443 (HTTP/3): not read, only TLS over TCP is\n");
}

TEST(RunTotals, NamesTheEtherTypesThatNothingReads) {
  event::RunSummary unread;
  unread.packets = 2400;
  unread.packets_not_ip = 1300;
  unread.packets_not_tcp = 1100;
  unread.other_protocols = {1290, {{0x8909, 1290}}, false};
  EXPECT_EQ(test::render("text", {}, {{0, {}, unread}}),
            "no TLS in this capture: 2,400 packets, and no TCP connection among them (1,300 not IP, 1,100 "
            "not TCP)\n"
            "1,290 packets of other protocols than IP: EtherType 0x8909 (1,290)\n");
  unread.packets_not_tcp = 0;
  unread.tcp_connections = 2;
  unread.other_protocols = {1299, {{0x8909, 1290}, {0x0bad, 5}, {0x88e5, 3}}, true};
  EXPECT_EQ(
      test::render("text", {}, {{0, {}, unread}}),
      "no TLS in this capture: 2,400 packets, 2 TCP connections without it (plain HTTP or another protocol)\n"
      "1,299 packets of other protocols than IP: EtherType 0x8909 (1,290), 0x0bad (5), 0x88e5 (3) and "
      "others\n");
}

TEST(RunTotals, JsonHasTheEtherTypesOnlyWhereThereAreAny) {
  event::RunSummary unread;
  EXPECT_EQ(test::render("json", {}, {{0, {}, unread}}).find("other_protocols"), std::string::npos);
  unread.other_protocols = {1295, {{0x8909, 1290}, {0x0bad, 5}}, false};
  EXPECT_NE(test::render("json", {}, {{0, {}, unread}})
                .find(R"("other_protocols":{"packets":1295,"most":[{"ether_type":"0x8909","packets":1290},)"
                      R"({"ether_type":"0x0bad","packets":5}]})"),
            std::string::npos);
}

// The closing lines of connections that ended as given, with these secrets.
std::string closing(const std::vector<event::ConnectionEnd>& ends, std::vector<event::SecretUse> secrets,
                    unsigned width = 0) {
  Events events;
  for (const event::ConnectionEnd& end : ends) {
    events.push_back({events.size() + 1, test::packet(1, 0), test::start(7, 1000)});
    events.back().event = end;
  }
  event::RunSummary summary;
  summary.secrets = std::move(secrets);
  events.push_back({0, {}, summary});
  TextOptions options;
  options.width = width;
  const std::string text = test::render("text", options, events);
  const std::size_t last = text.rfind("\n\n");
  return last == std::string::npos ? text : text.substr(last + 2);
}

event::ConnectionEnd ended(event::ConnectionOutcome outcome, std::optional<event::ClosedCause> cause,
                           std::uint64_t opened, std::uint64_t closed) {
  event::ConnectionEnd end;
  end.outcome = outcome;
  end.cause = cause;
  end.counts[0].application_bytes = opened;
  end.counts[1].closed_bytes = closed;
  return end;
}

TEST(RunTotals, ClosingLinesNameOneCauseInLineAndSeveralInLinesOfTheirOwn) {
  using event::ClosedCause;
  using event::ConnectionOutcome;
  const event::ConnectionEnd opened = ended(ConnectionOutcome::opened, std::nullopt, 12'345, 0);
  const event::ConnectionEnd partly =
      ended(ConnectionOutcome::partly_opened, ClosedCause::bytes_lost, 1200, 345);
  const event::ConnectionEnd closed = ended(ConnectionOutcome::closed, ClosedCause::no_key_given, 0, 264);
  EXPECT_EQ(closing({opened}, {}), "1 connection: 1 opened (12.3 kB)\n");
  EXPECT_EQ(closing({opened, closed, closed}, {}),
            "3 connections: 1 opened (12.3 kB), 2 closed (no key given; 528 bytes)\n");
  EXPECT_EQ(
      closing({opened, partly, closed}, {}),
      "3 connections: 1 opened (12.3 kB), 1 partly opened (1,200 bytes opened, 345 bytes not), 1 closed "
      "(264 bytes)\n"
      "  1 partly opened: bytes lost (1,200 bytes opened, 345 bytes not)\n"
      "  1 closed: no key given (264 bytes)\n");
  EXPECT_EQ(closing({opened, partly, closed}, {}, 80),
            "3 connections: 1 opened (12.3 kB), 1 partly opened (1,200 bytes opened, 345\n"
            "  bytes not), 1 closed (264 bytes)\n"
            "  1 partly opened: bytes lost (1,200 bytes opened, 345 bytes not)\n"
            "  1 closed: no key given (264 bytes)\n");
}

TEST(RunTotals, ClosingLinesSayWhatEachSecretWasGoodFor) {
  const event::ConnectionEnd closed =
      ended(event::ConnectionOutcome::closed, event::ClosedCause::not_in_key_log, 0, 264);
  const std::string text = closing({closed}, {{"private key", "old.key", "RSA 2048", 0},
                                              {"private key", "server.key", "RSA 2048", 3},
                                              {"key log", "keys.log", "12 secrets", 0}});
  EXPECT_NE(text.find("server.key (RSA 2048) opened 3 connections\n"), std::string::npos) << text;
  EXPECT_NE(text.find("old.key (RSA 2048) opened no connection of this capture\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("keys.log (12 secrets) opened no connection of this capture: it seems to be of another "
                      "day, another client or another server\n"),
            std::string::npos)
      << text;
  const event::ConnectionEnd lost =
      ended(event::ConnectionOutcome::closed, event::ClosedCause::bytes_lost, 0, 264);
  EXPECT_NE(closing({lost}, {{"key log", "keys.log", "12 secrets", 0}})
                .find("keys.log (12 secrets) opened no connection of this capture\n"),
            std::string::npos);
  const std::vector<event::SecretUse> folder(40, {"private key", "old.key", "RSA 2048", 0});
  EXPECT_NE(closing({closed}, folder).find("\n30 more secrets opened no connection of this capture"),
            std::string::npos);
}

TEST(ConnectionEnd, APartlyOpenedConnectionSaysWhichBytesStayedClosed) {
  event::ConnectionEnd end =
      ended(event::ConnectionOutcome::partly_opened, event::ClosedCause::bytes_lost, 100, 0);
  event::DirectionCounts& client = end.counts[0];
  client.tcp_bytes = 8500;
  client.lost_bytes = 500;
  client.closed_bytes = 3325;
  client.closed_ranges = {{0, 1204}, {5000, 7121}};
  const auto text = [&](const TextOptions& options) {
    return test::render("text", options, {{1, test::packet(1, 0), test::start(7, 1000)}, {1, {}, end}});
  };
  EXPECT_NE(text({}).find("            client: bytes 0 to 1,203 and 5,000 to 7,120 of 9,000 not opened\n"),
            std::string::npos)
      << text({});
  client.closed_ranges = {{7, 8}, {10, 11}, {20, 30}, {40, 50}, {60, 70}, {80, 9000}};
  EXPECT_NE(
      text({}).find("client: bytes 7, 10, 20 to 29, 40 to 49 and in 2 more places of 9,000 not opened\n"),
      std::string::npos)
      << text({});
  TextOptions verbose;
  verbose.verbose = true;
  EXPECT_NE(text(verbose).find("60 to 69 and some of 80 to 8,999 of 9,000 not opened\n"), std::string::npos);
  end.outcome = event::ConnectionOutcome::closed;
  EXPECT_EQ(text({}).find("client: bytes"), std::string::npos);
}

}  // namespace
}  // namespace tlspeel::output
