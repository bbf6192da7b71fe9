#include <string>

#include <gtest/gtest.h>

#include "app/registry.hpp"
#include "event_text.hpp"

namespace tlspeel::app::test {
namespace {

const event::OpaqueData* opaque(const TextSink& sink) {
  return sink.events.empty() ? nullptr : std::get_if<event::OpaqueData>(&sink.events.back());
}

// The row that takes these first bytes of the client.
std::string_view chosen_by(std::string_view bytes) {
  for (const Protocol& protocol : protocols()) {
    if (protocol.looks_like(Direction::client, as_bytes(bytes)) == Verdict::yes) return protocol.name;
  }
  return "";
}

TEST(Choosing, TellsProtocolsByTheirFirstBytes) {
  EXPECT_EQ(chosen_by("GET "), "HTTP/1");
  EXPECT_EQ(chosen_by("VERSION-CONTROL "), "HTTP/1");
  EXPECT_EQ(chosen_by("GETS "), "");
  EXPECT_EQ(chosen_by("get / HTTP/1.1\r\n"), "HTTP/1");
  EXPECT_EQ(chosen_by("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP/2");
  EXPECT_EQ(chosen_by("\x16\x03\x01"), "");
  EXPECT_EQ(chosen_by(""), "");
}

TEST(Choosing, GivesUpWaitingWhereTheBytesHaveNoEnd) {
  const std::string endless = "FROB /" + std::string(100000, 'a');
  TextSink sink;
  const auto parser = make_parser("", {16}, sink);
  for (const char& c : endless) parser->push(Direction::client, {1, 0}, as_bytes({&c, 1}));
  parser->finish({2, 0});
  ASSERT_EQ(sink.events.size(), 1U);
  ASSERT_NE(opaque(sink), nullptr);
  EXPECT_EQ(opaque(sink)->size, endless.size());
}

TEST(Choosing, GivesUpWaitingWhereThePiecesHaveNoEnd) {
  TextSink sink;
  const auto parser = make_parser("", {16}, sink);
  for (std::uint64_t packet = 1; packet <= 5000; ++packet)
    parser->push(Direction::client, {packet, 0}, as_bytes("\n"));
  parser->finish({5001, 0});
  ASSERT_EQ(sink.events.size(), 1U);
  ASSERT_NE(opaque(sink), nullptr);
  EXPECT_EQ(opaque(sink)->size, 5000U);
}

TEST(Choosing, BoundsHolesBeforeTheChoice) {
  TextSink sink;
  const auto parser = make_parser("", {16}, sink);
  for (std::uint64_t packet = 1; packet <= 5000; ++packet)
    parser->gap(Direction::client, {packet, 0}, {1, true});
  parser->push(Direction::client, {5001, 0}, as_bytes("GET / HTTP/1.1\r\n\r\n"));
  parser->finish({5002, 0});
  EXPECT_FALSE(sink.events.empty());
}

// What was kept is shown behind what other layers said in the meantime.
TEST(Choosing, EmitsReplayedEventsWithThePacketThatDecided) {
  TextSink sink;
  const auto parser = make_parser("", {}, sink);
  parser->push(Direction::client, {1, 0}, as_bytes("EH"));
  parser->push(Direction::server, {2, 0}, as_bytes("220 \r\n"));
  EXPECT_EQ(sink.lines, std::vector<std::string>{"@2 opaque client from 1 size=2 text \"EH\""});
}

}  // namespace
}  // namespace tlspeel::app::test
