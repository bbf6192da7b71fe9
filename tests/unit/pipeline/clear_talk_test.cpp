#include "pipeline/clear_talk.hpp"

#include <gtest/gtest.h>

#include "pipeline/proxy_header.hpp"
#include "unit/pipeline/hellos.hpp"

namespace tlspeel::pipeline {
namespace {

using test::joined;
using test::text;

struct Told final : event::EventSink {
  std::vector<event::Event> events;
  void emit(PacketRef /*at*/, event::Event&& event) override { events.push_back(std::move(event)); }
  const event::ClearText& turn(std::size_t i) const { return std::get<event::ClearText>(events.at(i)); }
};

TEST(ClearTalk, IsToldInTurns) {
  ClearTextBudget budget;
  ClearTalk talk(budget);
  talk.push(Direction::server, {1, 0}, text("220 "));
  talk.push(Direction::server, {2, 0}, text("ready\r\n"));
  talk.push(Direction::client, {3, 0}, text("EHLO x\r\n"));
  Told told;
  talk.tell(true, told, {9, 0});
  ASSERT_EQ(told.events.size(), 2U);
  EXPECT_EQ(told.turn(0).direction, Direction::client);  // swapped
  EXPECT_EQ(told.turn(0).shown, text("220 ready\r\n"));
  EXPECT_EQ(told.turn(0).first.number, 1U);
  EXPECT_TRUE(told.turn(0).text);
  EXPECT_EQ(told.turn(1).protocol, "SMTP");
  EXPECT_TRUE(talk.empty());
  EXPECT_EQ(budget.used, 0U);
}

TEST(ClearTalk, KeepsNoMoreThanItsBoundsAndCountsTheRest) {
  ClearTextBudget budget;
  {
    ClearTalk talk(budget);
    for (int i = 0; i < 1000; ++i) talk.push(Direction::server, {1, 0}, Bytes(1000, 0x41));
    EXPECT_EQ(budget.used, ClearTalk::kMaxKept);
    budget.used = ClearTextBudget::kMax;
    talk.push(Direction::client, {2, 0}, text("no room"));
    budget.used = ClearTalk::kMaxKept;
    for (std::uint64_t i = 0; i < 1000; ++i)
      talk.push(i % 2 == 0 ? Direction::server : Direction::client, {3, 0}, text("x"));
    Told told;
    talk.tell(false, told, {9, 0});
    EXPECT_LE(told.events.size(), ClearTalk::kMaxTurns);
    std::uint64_t size = 0;
    for (const event::Event& each : told.events) size += std::get<event::ClearText>(each).size;
    EXPECT_EQ(size, 1'000'000U + 7U + 1000U);
    EXPECT_TRUE(told.turn(1).shown.empty());
  }
  EXPECT_EQ(budget.used, 0U);
}

TEST(ClearTalk, ReturnsWhatItTookWhenItIsForgotten) {
  ClearTextBudget budget;
  {
    ClearTalk talk(budget);
    talk.push(Direction::server, {1, 0}, Bytes(100));
    EXPECT_EQ(budget.used, 100U);
  }
  EXPECT_EQ(budget.used, 0U);
}

TEST(ClearTalk, AProxyHeaderIsATurnOfItsOwn) {
  ClearTextBudget budget;
  ClearTalk talk(budget);
  talk.push(Direction::client, {1, 0}, text("PROXY TCP6 2001:db8::1 2001:db8::2 1234 25\r\nEHLO x\r\n"));
  Told told;
  talk.tell(false, told, {9, 0});
  ASSERT_EQ(told.events.size(), 2U);
  EXPECT_EQ(told.turn(0).protocol, "PROXY protocol v1");
  ASSERT_TRUE(told.turn(0).proxied);
  EXPECT_EQ(told.turn(0).proxied->source.to_string(), "[2001:db8::1]:1234");
  EXPECT_EQ(told.turn(0).proxied->destination.port, 25);
  EXPECT_EQ(told.turn(1).shown, text("EHLO x\r\n"));
  EXPECT_EQ(told.turn(1).protocol, "SMTP");
}

TEST(ProxyHeader, VersionTwo) {
  const Bytes head{0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11, 0, 15};
  const Bytes addresses{192, 0, 2, 1, 198, 51, 100, 4, 0x04, 0xd2, 0x01, 0xbb, 0x04, 0, 0};
  const Bytes whole = joined({head, addresses, text("rest")});
  const auto header = read_proxy_header(whole);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->version, "PROXY protocol v2");
  EXPECT_EQ(header->size, 31U);
  EXPECT_EQ(header->proxied->source.to_string(), "192.0.2.1:1234");
  EXPECT_EQ(header->proxied->destination.to_string(), "198.51.100.4:443");
  for (std::size_t size = 0; size < 31; ++size)
    EXPECT_FALSE(read_proxy_header(ByteView(whole).first(size))) << size;
  Bytes local = whole;
  local[12] = 0x20;
  ASSERT_TRUE(read_proxy_header(local));
  EXPECT_FALSE(read_proxy_header(local)->proxied);
}

TEST(ProxyHeader, VersionOneIsALineThatFits) {
  EXPECT_TRUE(read_proxy_header(as_bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"))->proxied);
  EXPECT_FALSE(read_proxy_header(as_bytes("PROXY UNKNOWN\r\n"))->proxied);
  EXPECT_FALSE(read_proxy_header(as_bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n"))->proxied);
  EXPECT_FALSE(read_proxy_header(as_bytes("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n"))->proxied);
  EXPECT_FALSE(read_proxy_header(as_bytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2")));
  EXPECT_FALSE(read_proxy_header(as_bytes("GET / HTTP/1.1\r\n")));
}

}  // namespace
}  // namespace tlspeel::pipeline
