#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "collector.hpp"
#include "script.hpp"

namespace tlspeel::tcp::test {
namespace {

TEST(Stats, CountPacketsCopiesConflictsAndDisorder) {
  for (const Setting& setting : all_settings()) {
    const Played played = play(
        "c S 0 -\ns SA 0 1\nc A 1 1\n"
        "c PA 4 1 DEF\nc PA 4 1 DxF\nc PA 2 1 bcdefgh\nc PA 1 1 a\nc PA 1 1 abcd\n"
        "s A 1 9\ns PA 5 9 late\n",
        setting);
    ASSERT_EQ(played.stats.size(), 2U);
    DirectionStats c;
    c.packets = 7;
    c.bytes = 8;
    c.retransmitted_bytes = 3 + 3 + 4;
    c.conflicting_bytes = 1 + 3;
    c.out_of_order = 3;
    EXPECT_EQ(played.stats[0], c);
    DirectionStats s;
    s.packets = 3;
    s.bytes = 4;
    s.lost_bytes = 4;
    s.out_of_order = 1;
    EXPECT_EQ(played.stats[1], s);
  }
}

TEST(Stats, ImplausiblePacketsAreCounted) {
  const Played played = play("c S 0 -\ns SA 0 1\nc PA 1 1 abc\nc PA 2000000000 1 x\ns R 900000000 -\n", {});
  ASSERT_EQ(played.stats.size(), 2U);
  EXPECT_EQ(played.stats[0].implausible, 1U);
  EXPECT_EQ(played.stats[1].implausible, 1U);
}

TEST(Roles, SynDecidesElseTheLowerPortIsTheServer) {
  for (const Setting& setting : all_settings()) {
    const Endpoint c = endpoint_of('c', setting);
    const Endpoint s = endpoint_of('s', setting);
    EXPECT_EQ(play("c S 0 -\nc PA 1 1 a\n", setting).infos.at(0).client, c);
    EXPECT_EQ(play("s SA 0 1\nc PA 1 1 a\n", setting).infos.at(0).client, c);
    EXPECT_EQ(play("s SA 0 1\ns PA 1 1 a\n", setting).infos.at(0).server, s);
    const Endpoint high = c.port > s.port ? c : s;
    EXPECT_EQ(play("c PA 1 1 a\n", setting).infos.at(0).client, high);
    EXPECT_EQ(play("s PA 1 1 a\n", setting).infos.at(0).client, high);
    EXPECT_FALSE(play("s PA 1 1 a\n", setting).infos.at(0).start_captured);
  }
}

TEST(Roles, ASynBehindTheDataCorrectsTheGuess) {
  for (const Setting& setting : all_settings()) {
    for (const char* script : {"c PA 1 1 a\nc S 0 -\ns SA 0 1\n", "c PA 1 1 a\ns SA 0 1\nc S 0 -\n",
                               "s PA 1 1 b\ns SA 0 1\nc S 0 -\nc PA 1 2 a\n"}) {
      const Played played = play(script, setting);
      ASSERT_EQ(played.infos.size(), 1U) << script;
      EXPECT_EQ(played.infos[0].client, endpoint_of('c', setting)) << script;
      EXPECT_TRUE(played.infos[0].start_captured);
    }
  }
}

TEST(Roles, EqualEndpointsAreOneDirection) {
  Collection got;
  ConnectionTable table({}, got.factory());
  net::Segment s = segment('c', {}, net::kAck, 100, 0, as_bytes("abc"));
  s.flow.destination = s.flow.source;
  table.push(s, {1, 0});
  table.finish({1, 0});
  ASSERT_EQ(got.connections.size(), 1U);
  EXPECT_EQ(got.connections[0]->bytes[0], "abc");
}

TEST(Counters, ConnectionsWithoutDataAndStrays) {
  const Played played = play("c S 0 -\ns RA 0 1\nc A 1 1\nc S 0 -\ns SA 0 1\nc PA 1 1 a\n", {});
  EXPECT_EQ(played.counters.connections, 2U);
  EXPECT_EQ(played.counters.connections_without_data, 1U);
  EXPECT_EQ(played.counters.stray_segments, 1U);
  EXPECT_EQ(play("c A 1 1\ns FA 9 9\nc R 1 -\n", {}).counters.stray_segments, 3U);
  EXPECT_EQ(play("c A 1 1\ns FA 9 9\nc R 1 -\n", {}).remembered, 0U);
}

// Takes a few bytes and then no more.
class ShortSink final : public StreamSink {
 public:
  ShortSink(std::uint64_t& bytes, std::uint64_t& gaps, std::array<DirectionStats, 2>& stats)
      : bytes_(&bytes), gaps_(&gaps), stats_(&stats) {}
  void on_data(const StreamChunk& chunk) override { *bytes_ += chunk.bytes.size(); }
  void on_gap(const StreamGap& gap) override { *gaps_ += gap.length; }
  void on_stream_end(Direction, PacketRef) override {}
  void on_end(EndReason, PacketRef, const std::array<DirectionStats, 2>& stats) override { *stats_ = stats; }
  bool wants_data() const override { return *bytes_ < 3; }

 private:
  std::uint64_t* bytes_;
  std::uint64_t* gaps_;
  std::array<DirectionStats, 2>* stats_;
};

TEST(WantsData, FalseLeavesCountsAndGaps) {
  std::uint64_t bytes = 0;
  std::uint64_t gaps = 0;
  std::array<DirectionStats, 2> stats;
  ConnectionTable table(
      {}, [&](const ConnectionInfo&) { return std::make_unique<ShortSink>(bytes, gaps, stats); });
  PacketRef at;
  const auto push = [&](std::uint32_t seq, std::string_view text) {
    ++at.number;
    table.push(segment('c', {}, net::kAck, seq, 0, as_bytes(text)), at);
  };
  ++at.number;
  table.push(segment('c', {}, net::kSyn, 99, 0, {}), at);
  push(100, "abc");
  const Bytes large(100000, 1);
  push(103, "def");
  push(110, as_text(large));
  EXPECT_LT(table.buffered(), 1000U);  // the length, not the bytes
  push(106, "gh");
  table.finish(at);
  EXPECT_EQ(bytes, 3U);
  EXPECT_EQ(gaps, 2U);
  EXPECT_EQ(stats[0].bytes, 8U + large.size());
  EXPECT_EQ(stats[0].lost_bytes, 2U);
}

TEST(Finish, EndsInTheOrderOfFirstPacketsAndLeavesAnEmptyTable) {
  std::vector<std::uint64_t> ended;
  struct OrderSink final : StreamSink {
    OrderSink(std::vector<std::uint64_t>& order, std::uint64_t number) : order_(&order), number_(number) {}
    void on_data(const StreamChunk&) override {}
    void on_gap(const StreamGap&) override {}
    void on_stream_end(Direction, PacketRef) override {}
    void on_end(EndReason, PacketRef, const std::array<DirectionStats, 2>&) override {
      order_->push_back(number_);
    }
    bool wants_data() const override { return true; }
    std::vector<std::uint64_t>* order_;
    std::uint64_t number_;
  };
  ConnectionTable table(
      {}, [&](const ConnectionInfo& info) { return std::make_unique<OrderSink>(ended, info.first.number); });
  std::mt19937 random = seeded(3);
  PacketRef at;
  std::vector<std::uint64_t> expected;
  for (int i = 0; i < 200; ++i) {
    net::Segment s = segment('c', {}, net::kAck, static_cast<std::uint32_t>(random()), 0, as_bytes("x"));
    s.flow.source.port = static_cast<std::uint16_t>(1000 + (i * 7919) % 60000);
    ++at.number;
    expected.push_back(at.number);
    table.push(s, at);
  }
  // In portions, as who has to tell all of it wants it.
  table.finish(at, 1);
  EXPECT_TRUE(ended.empty());
  table.finish(at, 120);
  EXPECT_EQ(ended.size(), 119U);
  EXPECT_EQ(table.size(), 81U);
  table.finish(at);
  EXPECT_EQ(ended, expected);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.buffered(), 0U);
}

// Every call of every sink of a table, as one text.
class TextSink final : public StreamSink {
 public:
  TextSink(std::string& log, std::uint64_t first) : log_(&log), first_(first) {}
  void on_data(const StreamChunk& c) override {
    add("data", index(c.direction), c.offset, c.bytes.size(), c.at);
  }
  void on_gap(const StreamGap& g) override { add("gap", index(g.direction), g.offset, g.length, g.at); }
  void on_stream_end(Direction d, PacketRef at) override { add("end", index(d), 0, 0, at); }
  void on_end(EndReason r, PacketRef at, const std::array<DirectionStats, 2>&) override {
    add("over", static_cast<std::size_t>(r), 0, 0, at);
  }
  bool wants_data() const override { return true; }

 private:
  void add(const char* what, std::size_t which, std::uint64_t offset, std::uint64_t length, PacketRef at) {
    *log_ += fmt::format("{} {} {} {}+{} @{}\n", first_, what, which, offset, length, at.number);
  }
  std::string* log_;
  std::uint64_t first_;
};

// The same segments in tables whose maps have another history (so another order inside) give the same calls
// in the same order.
TEST(Determinism, CallsDoNotDependOnWhatTheTableHeldBefore) {
  const auto run = [](std::uint16_t connections_before) {
    std::string log;
    ConnectionTable table(
        {}, [&](const ConnectionInfo& info) { return std::make_unique<TextSink>(log, info.first.number); });
    PacketRef at;
    for (std::uint16_t i = 0; i < connections_before; ++i) {
      net::Segment s = segment('c', {}, net::kAck, 1, 0, as_bytes("x"));
      s.flow.source.port = static_cast<std::uint16_t>(i + 1);
      table.push(s, at);
    }
    table.finish(at);
    log.clear();
    std::mt19937 random = seeded(4);
    for (int i = 0; i < 20000; ++i) {
      const char who = random() % 2 == 0 ? 'c' : 's';
      const auto flags = static_cast<std::uint8_t>(net::kAck | (random() % 40 == 0 ? net::kFin : 0) |
                                                   (random() % 200 == 0 ? net::kRst : 0) |
                                                   (random() % 90 == 0 ? net::kSyn : 0));
      const auto seq = static_cast<std::uint32_t>(random() % 3000);
      const auto ack = static_cast<std::uint32_t>(random() % 3000);
      net::Segment s = segment(who, {}, flags, seq, ack, as_bytes("some_payload"));
      (who == 'c' ? s.flow.source : s.flow.destination).port = static_cast<std::uint16_t>(random() % 200);
      ++at.number;
      at.time_ns += static_cast<std::int64_t>(random() % 300) * 1'000'000;
      table.push(s, at);
    }
    at.time_ns += 9000 * kSecond;  // many end by silence at once
    ++at.number;
    table.push(segment('c', {}, net::kSyn, 1, 0, {}), at);
    table.finish(at);
    return log;
  };
  const std::string first = run(0);
  EXPECT_GT(first.size(), 100000U);
  EXPECT_EQ(run(5000), first);
  EXPECT_EQ(run(60), first);
}

TEST(CaptureTime, AnyTimestampIsAcceptable) {
  Collection got;
  ConnectionTable table({}, got.factory());
  std::mt19937 random = seeded(5);
  PacketRef at;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    ++at.number;
    at.time_ns = static_cast<std::int64_t>(std::uint64_t{random()} << 32 | random());
    table.push(segment(i % 2 == 0 ? 'c' : 's', {}, net::kAck, 100 + i * 3, i, as_bytes("abc")), at);
  }
  table.finish(at);
  EXPECT_FALSE(got.connections.empty());
}

}  // namespace
}  // namespace tlspeel::tcp::test
