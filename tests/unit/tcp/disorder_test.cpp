// Packets as a mirror port, several capturing machines or a wrong clock deliver them: both directions out of
// order, twice, at times that go back. Nothing is lost in them, so nothing may be said to be.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "collector.hpp"
#include "script.hpp"

namespace tlspeel::tcp::test {
namespace {

struct Sent {
  char who = 'c';
  std::uint8_t flags = 0;
  std::uint64_t offset = 0;  // SYN: -1
  std::uint64_t acknowledged = 0;
  std::string payload;
  std::int64_t time_ns = 0;
};

constexpr std::int64_t kStart = 1'700'000'000 * kSecond;
constexpr std::int64_t kBetween = 100'000;  // ns from packet to packet
constexpr std::size_t kHandshake = 3;

// A whole connection, its packets in order: data in both directions, each packet acknowledging all before it.
struct Exchange {
  explicit Exchange(std::mt19937& random, std::size_t packets = 400) {
    constexpr auto kBeforeFirst = static_cast<std::uint64_t>(-1);
    add('c', net::kSyn, kBeforeFirst, {});
    add('s', net::kSyn | net::kAck, kBeforeFirst, {});
    add('c', net::kAck, 0, {});
    while (order.size() < packets) {
      const char who = random() % 3 == 0 ? 'c' : 's';
      std::string payload(random() % 4 == 0 ? 0 : 1 + random() % 40, ' ');
      for (char& letter : payload) letter = static_cast<char>('A' + random() % 26);
      add(who, net::kAck, bytes.at(side(who)).size(), payload);
      bytes.at(side(who)) += payload;
    }
    add('c', net::kFin | net::kAck, bytes[0].size(), {});
    add('s', net::kFin | net::kAck, bytes[1].size(), {});
  }

  std::array<std::string, 2> bytes;  // of c and s
  std::vector<Sent> order;

 private:
  static std::size_t side(char who) { return who == 'c' ? 0 : 1; }
  void add(char who, std::uint8_t flags, std::uint64_t offset, std::string payload) {
    const std::size_t other = who == 'c' ? 1 : 0;
    const auto time = kStart + static_cast<std::int64_t>(order.size()) * kBetween;
    order.push_back({who, flags, offset, bytes.at(other).size(), std::move(payload), time});
  }
};

// Packets in random order within blocks of `size`, from `first` on; each has the time of its new place.
void shuffle_blocks(std::vector<Sent>& packets, std::size_t first, std::size_t size, std::mt19937& random) {
  for (std::size_t begin = first; begin < packets.size(); begin += size) {
    const std::size_t end = std::min(packets.size(), begin + size);
    std::shuffle(packets.begin() + static_cast<std::ptrdiff_t>(begin),
                 packets.begin() + static_cast<std::ptrdiff_t>(end), random);
  }
  for (std::size_t i = 0; i < packets.size(); ++i)
    packets[i].time_ns = kStart + static_cast<std::int64_t>(i) * kBetween;
}

// Every packet has a copy `distance` packets later, 0: right behind it.
std::vector<Sent> doubled(const std::vector<Sent>& packets, std::size_t distance) {
  std::vector<Sent> all;
  for (std::size_t i = 0; i < packets.size() + distance; ++i) {
    if (i < packets.size()) all.push_back(packets[i]);
    if (i >= distance) all.push_back(packets[i - distance]);
  }
  return all;
}

Collection play_packets(const std::vector<Sent>& packets, const Setting& setting) {
  Collection got;
  ConnectionTable table(setting.limits, got.factory());
  PacketRef at;
  for (const Sent& one : packets) {
    const std::uint32_t mine = one.who == 'c' ? setting.isn_c : setting.isn_s;
    const std::uint32_t theirs = one.who == 'c' ? setting.isn_s : setting.isn_c;
    const std::uint32_t acknowledged =
        one.flags == net::kSyn ? 0 : theirs + 1 + static_cast<std::uint32_t>(one.acknowledged);
    ++at.number;
    at.time_ns = one.time_ns;
    table.push(segment(one.who, setting, one.flags, mine + 1 + static_cast<std::uint32_t>(one.offset),
                       acknowledged, as_bytes(one.payload)),
               at);
  }
  table.finish(at);
  return got;
}

void expect_all_of(const Exchange& sent, const std::vector<Sent>& packets, const Setting& setting,
                   const std::string& what) {
  SCOPED_TRACE(what);
  const Collection got = play_packets(packets, setting);
  ASSERT_EQ(got.connections.size(), 1U);
  const Collected& one = *got.connections[0];
  ASSERT_TRUE(one.info.client == endpoint_of('c', setting));
  for (const std::size_t side : {0U, 1U}) {
    EXPECT_EQ(one.lost.at(side), 0U);
    EXPECT_TRUE(one.bytes.at(side) == sent.bytes.at(side));
    EXPECT_EQ(one.stats.at(side).conflicting_bytes, 0U);
  }
}

constexpr std::uint32_t kRounds = 20;

TEST(Disorder, BothDirectionsShuffledByUpTo64) {
  for (const Setting& setting : all_settings()) {
    for (std::uint32_t seed = 0; seed < kRounds; ++seed) {
      std::mt19937 random = seeded(seed);
      const Exchange sent(random);
      for (const std::size_t size : {8U, 64U}) {
        auto packets = sent.order;
        shuffle_blocks(packets, kHandshake, size, random);
        expect_all_of(sent, packets, setting,
                      "blocks of " + std::to_string(size) + ", seed " + std::to_string(seed));
      }
    }
  }
}

TEST(Disorder, EveryPacketTwice) {
  for (const Setting& setting : all_settings()) {
    for (std::uint32_t seed = 0; seed < kRounds; ++seed) {
      std::mt19937 random = seeded(seed);
      const Exchange sent(random);
      for (const std::size_t distance : {0U, 1U, 7U, 100U, 300U}) {
        expect_all_of(sent, doubled(sent.order, distance), setting,
                      "copies " + std::to_string(distance) + " later");
        auto packets = doubled(sent.order, distance);
        shuffle_blocks(packets, 2 * kHandshake, 64, random);
        expect_all_of(
            sent, packets, setting,
            "copies " + std::to_string(distance) + " later, shuffled, seed " + std::to_string(seed));
      }
    }
  }
}

// The mirror's copies come behind the disorder: what was 64 packets apart is 128.
TEST(Disorder, ShuffledAndThenTwice) {
  for (std::uint32_t seed = 0; seed < kRounds; ++seed) {
    std::mt19937 random = seeded(seed);
    const Exchange sent(random);
    auto packets = sent.order;
    shuffle_blocks(packets, kHandshake, 64, random);
    expect_all_of(sent, doubled(packets, 0), {}, "seed " + std::to_string(seed));
  }
}

void step_clock(std::vector<Sent>& packets, std::size_t from, std::int64_t by) {
  for (std::size_t i = from; i < packets.size(); ++i) packets[i].time_ns += by;
}

constexpr std::int64_t kHour = 3600 * kSecond;

TEST(Clock, StepsBackAndForth) {
  for (std::uint32_t seed = 0; seed < kRounds; ++seed) {
    std::mt19937 random = seeded(seed);
    const Exchange sent(random);
    for (const std::int64_t by :
         {-kSecond, -59 * kSecond, -61 * kSecond, -5 * kHour, -100'000 * kHour, kHour}) {
      auto packets = sent.order;
      step_clock(packets, 200, by);
      expect_all_of(sent, packets, {}, "by " + std::to_string(by / kSecond) + " s");
    }
    auto packets = sent.order;
    step_clock(packets, 100, -5 * kHour);
    step_clock(packets, 300, 5 * kHour);
    expect_all_of(sent, packets, {}, "back by five hours, and right again");
  }
}

// Two machines captured, and one's clock is hours behind: time jumps with every other packet.
TEST(Clock, TwoClocksInOneCapture) {
  std::mt19937 random = seeded(1);
  const Exchange sent(random);
  for (const std::int64_t behind : {2 * kSecond, 59 * kSecond, 2 * 60 * kSecond, 5 * kHour, 100 * kHour}) {
    auto packets = sent.order;
    for (Sent& one : packets) one.time_ns -= one.who == 's' ? behind : 0;
    expect_all_of(sent, packets, {}, "one side behind by " + std::to_string(behind / kSecond) + " s");
  }
}

// While the clock stands still or goes back, packets are counted: nothing waits for ever.
TEST(Clock, AHoleIsGivenUpWhateverTheClockSays) {
  for (const std::int64_t step : {std::int64_t{0}, -kSecond, -kHour}) {
    std::mt19937 random = seeded(2);
    const Exchange sent(random);
    auto packets = sent.order;
    const auto hole = std::ranges::find_if(packets, [](const Sent& one) { return one.payload.size() > 20; });
    const std::string lost = hole->payload;
    packets.erase(hole);
    for (std::size_t i = 0; i < packets.size(); ++i)
      packets[i].time_ns = kStart + static_cast<std::int64_t>(i) * step;
    Collection got;
    {
      packets.resize(packets.size() - 150);  // long before the end
      got = play_packets(packets, {});
    }
    ASSERT_EQ(got.connections.size(), 1U);
    EXPECT_EQ(got.connections[0]->lost[0] + got.connections[0]->lost[1], lost.size());
  }
}

}  // namespace
}  // namespace tlspeel::tcp::test
