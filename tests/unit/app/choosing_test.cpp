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
  EXPECT_EQ(chosen_by("GET /"), "HTTP/1");
  EXPECT_EQ(chosen_by("VERSION-CONTROL /"), "HTTP/1");
  EXPECT_EQ(chosen_by("GETS /"), "");
  EXPECT_EQ(chosen_by("GET http://www.example.com/ HTTP/1.1\r\n"), "HTTP/1");
  EXPECT_EQ(chosen_by("CONNECT www.example.com:443 HTTP/1.1\r\n"), "HTTP/1");
  EXPECT_EQ(chosen_by("OPTIONS * HTTP/1.1\r\n"), "HTTP/1");
  EXPECT_EQ(chosen_by("GET greeting\r\n"), "");
  EXPECT_EQ(chosen_by("OPTIONS sip:ada@example.com SIP/2.0\r\n"), "");
  EXPECT_EQ(chosen_by("get / HTTP/1.1\r\n"), "HTTP/1");
  EXPECT_EQ(chosen_by("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP/2");
  EXPECT_EQ(chosen_by("\x16\x03\x01"), "");
  EXPECT_EQ(chosen_by(""), "");
}

// 41 is the first stream that was captured; the server is in the midst of a text.
TEST(Choosing, FindsHttp2WhereTheStartIsMissing) {
  for (const bool server_first : {false, true}) {
    TextSink sink;
    const auto parser = make_parser("", {16}, sink);
    parser->gap(Direction::client, {1, 0}, {});
    parser->gap(Direction::server, {1, 0}, {});
    const Bytes requests{0, 0, 3, 1, 5, 0, 0, 0, 41, 0x82, 0x84, 0x87,
                         0, 0, 3, 1, 5, 0, 0, 0, 43, 0x82, 0x84, 0x87};
    const std::string_view text = "the rest of a text";
    const Bytes responses{0, 0, 1, 0, 1, 0, 0, 0, 39, 'x', 0, 0, 1, 1, 5, 0, 0, 0, 41, 0x88};
    if (server_first) parser->push(Direction::server, {2, 0}, Bytes{0, 1, 2});
    parser->push(Direction::client, {3, 0}, ByteView(requests).first(12));
    parser->push(Direction::server, {4, 0}, as_bytes(text));
    EXPECT_TRUE(sink.events.empty());
    parser->push(Direction::client, {5, 0}, ByteView(requests).subspan(12));
    parser->push(Direction::server, {6, 0}, responses);
    parser->finish({7, 0});
    std::string all;
    for (const std::string& line : sink.lines) all += line + "\n";
    EXPECT_NE(all.find("client GET / HTTP/2 stream=41"), std::string::npos) << all;
    EXPECT_NE(all.find("client GET / HTTP/2 stream=43"), std::string::npos) << all;
    EXPECT_NE(all.find("server HTTP/2 200  stream=41"), std::string::npos) << all;
    EXPECT_EQ(all.find("opaque"), std::string::npos) << all;
  }
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
