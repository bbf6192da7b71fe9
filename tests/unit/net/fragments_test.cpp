// IP fragments: any order, repetition, overlap, loss, snap length, and the caps.
#include "net/fragments.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "frames.hpp"
#include "net/interval_set.hpp"

namespace tlspeel::net {
namespace {

using namespace test;
using ::testing::ElementsAre;

constexpr int kRaw = 12;
constexpr std::int64_t kSecond = 1'000'000'000;

std::string payload_of(std::size_t size) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + i * 7 % 26);
  return out;
}

Bytes slice(const Bytes& whole, std::size_t begin, std::size_t end) {
  return {whole.begin() + static_cast<std::ptrdiff_t>(begin),
          whole.begin() + static_cast<std::ptrdiff_t>(end)};
}

// `whole` in pieces of `size` bytes, in IPv4 or IPv6 packets.
std::vector<Bytes> split(const Bytes& whole, std::size_t size, bool v6, std::uint16_t id = 7) {
  std::vector<Bytes> out;
  for (std::size_t at = 0; at < whole.size(); at += size) {
    const std::size_t end = std::min(at + size, whole.size());
    const bool more = end < whole.size();
    const auto offset = static_cast<std::uint32_t>(at);
    out.push_back(v6 ? ipv6(fragment_header(offset, more, slice(whole, at, end), 6, id), 44)
                     : ipv4(slice(whole, at, end), {.id = id, .fragment_offset = offset, .more = more}));
  }
  return out;
}

struct Feed {
  Decoder decoder;
  Segment segment;
  std::uint64_t number = 0;

  Verdict operator()(const Bytes& packet, std::int64_t time = 0, std::uint32_t cut = 0) {
    return decoder.decode(kRaw, packet, static_cast<std::uint32_t>(packet.size()) + cut, {++number, time},
                          segment);
  }
  std::string payload() const { return std::string(as_text(segment.payload)); }
  std::uint64_t incomplete() {
    decoder.finish();
    return decoder.counters().fragments_incomplete;
  }
};

class Fragments : public ::testing::TestWithParam<bool> {};

TEST_P(Fragments, JoinInEveryOrder) {
  const std::string payload = payload_of(60);
  std::vector<Bytes> pieces = split(tcp(payload), 24, GetParam());
  ASSERT_EQ(pieces.size(), 4U);
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    Feed feed;
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(feed(pieces[order[static_cast<std::size_t>(i)]]), Verdict::fragment_held);
    ASSERT_EQ(feed(pieces[order[3]]), Verdict::tcp);
    EXPECT_EQ(feed.payload(), payload);
    EXPECT_EQ(feed.segment.payload_missing, 0U);
    EXPECT_EQ(feed.segment.flow.source.port, 51234);
    EXPECT_EQ(feed.decoder.counters().fragments, 4U);
    EXPECT_EQ(feed.incomplete(), 0U);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(Fragments, JoinTheLargestDatagramInTheSmallestPieces) {
  const std::string payload = payload_of(65535 - 20 - 20);
  Feed feed;
  Verdict last = Verdict::malformed;
  for (const Bytes& piece : split(tcp(payload), 8, GetParam())) last = feed(piece);
  ASSERT_EQ(last, Verdict::tcp);
  EXPECT_EQ(feed.payload(), payload);
}

TEST_P(Fragments, RepeatedOnesChangeNothing) {
  const std::string payload = payload_of(40);
  const std::vector<Bytes> pieces = split(tcp(payload), 32, GetParam());
  Feed feed;
  EXPECT_EQ(feed(pieces[0]), Verdict::fragment_held);
  EXPECT_EQ(feed(pieces[0]), Verdict::fragment_held);
  EXPECT_EQ(feed(pieces[1]), Verdict::tcp);
  EXPECT_EQ(feed(pieces[1]), Verdict::fragment_held);
  EXPECT_EQ(feed(pieces[0]), Verdict::fragment_held);
  EXPECT_EQ(feed.incomplete(), 0U);
}

TEST_P(Fragments, SameIdWithOtherBytesIsANewDatagram) {
  Feed feed;
  for (const char* payload : {"first first first", "other other other"}) {
    const std::vector<Bytes> pieces = split(tcp(payload), 24, GetParam());
    EXPECT_EQ(feed(pieces[0]), Verdict::fragment_held);
    ASSERT_EQ(feed(pieces[1]), Verdict::tcp);
    EXPECT_EQ(feed.payload(), payload);
  }
}

TEST_P(Fragments, FirstCopyOfOverlappingBytesWins) {
  const Bytes whole = tcp(payload_of(44));
  Bytes other = whole;
  for (std::size_t i = 24; i < other.size(); ++i) other[i] = '!';
  const bool v6 = GetParam();
  const auto piece = [v6](const Bytes& from, std::size_t begin, std::size_t end) {
    const bool more = end < from.size();
    const auto offset = static_cast<std::uint32_t>(begin);
    return v6 ? ipv6(fragment_header(offset, more, slice(from, begin, end)), 44)
              : ipv4(slice(from, begin, end), {.fragment_offset = offset, .more = more});
  };
  Feed feed;
  EXPECT_EQ(feed(piece(whole, 24, 40)), Verdict::fragment_held);
  EXPECT_EQ(feed(piece(whole, 56, 64)), Verdict::fragment_held);
  EXPECT_EQ(feed(piece(other, 32, 64)), Verdict::fragment_held);  // only 40 to 56 are new
  ASSERT_EQ(feed(piece(other, 0, 32)), Verdict::tcp);
  Bytes expected = whole;
  for (std::size_t i = 40; i < 56; ++i) expected[i] = '!';
  EXPECT_EQ(feed.payload(), as_text(ByteView(expected).subspan(20)));
}

TEST_P(Fragments, MissingOnesAreCountedNotWaitedFor) {
  const bool v6 = GetParam();
  Feed feed;
  feed(split(tcp(payload_of(60)), 24, v6, 1)[0], 0);
  feed(split(tcp(payload_of(60)), 24, v6, 2)[1], 20 * kSecond);
  EXPECT_EQ(feed.decoder.counters().fragments_incomplete, 0U);
  feed(split(tcp(payload_of(60)), 24, v6, 3)[0], 31 * kSecond);
  EXPECT_EQ(feed.decoder.counters().fragments_incomplete, 1U);
  feed(split(tcp(payload_of(60)), 24, v6, 1)[1], 31 * kSecond);  // came too late: begins anew
  EXPECT_EQ(feed.incomplete(), 3U + 1U);
}

TEST_P(Fragments, SnapLengthLeavesTheBytesBeforeTheFirstHole) {
  const std::string payload = payload_of(60);
  const std::vector<Bytes> pieces = split(tcp(payload), 40, GetParam());
  Feed feed;
  Bytes first = pieces[0];
  first.resize(first.size() - 12);
  EXPECT_EQ(feed(first, 0, 12), Verdict::fragment_held);
  ASSERT_EQ(feed(pieces[1]), Verdict::tcp);
  EXPECT_EQ(feed.payload(), payload.substr(0, 8));
  EXPECT_EQ(feed.segment.payload_missing, 52U);
}

TEST_P(Fragments, OfOtherProtocolsAreNotHeld) {
  Feed feed;
  EXPECT_EQ(feed(GetParam() ? ipv6(fragment_header(0, true, Bytes(16), 17), 44)
                            : ipv4(Bytes(16), {.protocol = 17, .more = true})),
            Verdict::not_tcp);
  EXPECT_EQ(feed.decoder.counters().fragments, 0U);
}

TEST_P(Fragments, ThatCannotBeAreMalformed) {
  const bool v6 = GetParam();
  const auto one = [v6](std::uint32_t offset, bool more, std::size_t size) {
    return v6 ? ipv6(fragment_header(offset, more, Bytes(size)), 44)
              : ipv4(Bytes(size), {.fragment_offset = offset, .more = more});
  };
  Feed feed;
  EXPECT_EQ(feed(one(65528, false, 8)), Verdict::malformed);  // ends behind the largest datagram
  EXPECT_EQ(feed(one(0, true, 12)), Verdict::malformed);      // not a multiple of 8
  EXPECT_EQ(feed(one(8, true, 0)), Verdict::malformed);
  EXPECT_EQ(feed.incomplete(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Ip, Fragments, ::testing::Bool(),
                         [](const auto& param) { return param.param ? "v6" : "v4"; });

TEST(FragmentsOfIpv6, CarryExtensionHeadersInside) {
  const Bytes inside = extension(6, tcp("hello"));
  Feed feed;
  EXPECT_EQ(feed(ipv6(extension(44, fragment_header(0, true, slice(inside, 0, 16), 60)), 0)),
            Verdict::fragment_held);
  ASSERT_EQ(feed(ipv6(extension(44, fragment_header(16, false, slice(inside, 16, inside.size()), 60)), 0)),
            Verdict::tcp);
  EXPECT_EQ(feed.payload(), "hello");
}

TEST(FragmentsOfIpv6, InsideFragmentsAreMalformed) {
  const Bytes inside = fragment_header(0, true, tcp("1234"));
  Feed feed;
  EXPECT_EQ(feed(ipv6(fragment_header(0, true, slice(inside, 0, 16), 44), 44)), Verdict::fragment_held);
  EXPECT_EQ(feed(ipv6(fragment_header(16, false, slice(inside, 16, inside.size()), 44), 44)),
            Verdict::malformed);
}

// The table alone, with small caps.
IpPacket fragment(std::uint32_t id, std::uint32_t offset, const Bytes& bytes, bool more = true) {
  IpPacket packet;
  packet.protocol = kProtocolTcp;
  packet.payload = {bytes, 0};
  packet.fragmented = true;
  packet.fragment = {id, offset, more};
  return packet;
}

TEST(FragmentTable, HoldsNoMoreDatagramsThanItsCap) {
  FragmentTable table({.datagrams = 10});
  const Bytes bytes(8);
  for (std::uint32_t id = 0; id < 100; ++id) {
    IpPacket packet = fragment(id, 0, bytes);
    EXPECT_EQ(table.add(packet, {id + 1, 0}), FragmentTable::Outcome::held);
    EXPECT_EQ(table.incomplete(), id < 10 ? 0 : id - 9);
  }
  table.finish();
  EXPECT_EQ(table.incomplete(), 100U);
  EXPECT_EQ(table.bytes_held(), 0U);
}

TEST(FragmentTable, HoldsNoMoreBytesThanItsCap) {
  FragmentTable table({.bytes = 1 << 20U});
  const Bytes bytes(8);
  for (std::uint32_t id = 0; id < 100; ++id) {
    IpPacket packet = fragment(id, 60000, bytes);
    table.add(packet, {id + 1, 0});
    EXPECT_LE(table.bytes_held(), (1U << 20U) + 65536);
  }
  EXPECT_GT(table.incomplete(), 80U);
}

TEST(FragmentTable, HoldsNoMorePiecesThanItsCap) {
  FragmentTable table({.pieces = 4});
  const Bytes bytes(8);
  for (std::uint32_t i = 0; i < 5; ++i) {
    IpPacket packet = fragment(1, i * 16, bytes);
    EXPECT_EQ(table.incomplete(), 0U);
    table.add(packet, {i + 1, 0});
  }
  EXPECT_EQ(table.incomplete(), 1U);
  EXPECT_EQ(table.bytes_held(), 0U);
}

// A joined datagram may hold a fragment itself, which is added while the outer one is being read.
TEST(FragmentTable, WhatIsReadStaysUntilItIsReleased) {
  FragmentTable table({.bytes = 100});
  const Bytes bytes(64, 'x');
  IpPacket first = fragment(1, 0, bytes);
  table.add(first, {1, 0});
  IpPacket second = fragment(1, 64, bytes, false);
  ASSERT_EQ(table.add(second, {2, 0}), FragmentTable::Outcome::joined);
  IpPacket inner = fragment(2, 0, bytes);
  EXPECT_EQ(table.add(inner, {2, 0}), FragmentTable::Outcome::held);
  EXPECT_EQ(table.bytes_held(), 128U + 64U);
  EXPECT_EQ(to_bytes(second.payload.bytes), Bytes(128, 'x'));
  // Not even for another datagram of the same id, which an attacker may put inside.
  IpPacket same_id = fragment(1, 0, Bytes(64, 'y'));
  EXPECT_EQ(table.add(same_id, {2, 0}), FragmentTable::Outcome::held);
  EXPECT_EQ(to_bytes(second.payload.bytes), Bytes(128, 'x'));
  table.release();
  IpPacket other = fragment(3, 0, bytes);
  table.add(other, {3, 0});
  EXPECT_LE(table.bytes_held(), 128U);
}

TEST(FragmentTable, OfADatagramOfNoInterestNoBytesAreHeld) {
  FragmentTable table;
  const auto udp_fragment = [](std::uint32_t offset, const Bytes& bytes, bool more) {
    IpPacket packet = fragment(1, offset, bytes, more);
    packet.protocol = kProtocolUdp;
    return packet;
  };
  const Bytes bytes(64, 1);
  IpPacket last = udp_fragment(128, bytes, false);
  EXPECT_EQ(table.add(last, {1, 0}), FragmentTable::Outcome::held);
  EXPECT_GT(table.bytes_held(), 0U);
  IpPacket first = udp_fragment(0, bytes, true);
  EXPECT_EQ(table.add(first, {2, 0}), FragmentTable::Outcome::of_no_interest);
  EXPECT_EQ(table.bytes_held(), 0U);
  IpPacket middle = udp_fragment(64, bytes, true);
  EXPECT_EQ(table.add(middle, {3, 0}), FragmentTable::Outcome::of_no_interest);
  EXPECT_EQ(table.bytes_held(), 0U);
  table.finish();
  EXPECT_EQ(table.incomplete(), 0U);
}

TEST(FragmentTable, TimeThatStepsBackwardsExpiresNothing) {
  FragmentTable table;
  const Bytes bytes(8, 'x');
  IpPacket first = fragment(1, 0, bytes);
  table.add(first, {1, 1000 * kSecond});
  IpPacket second = fragment(1, 8, bytes, false);
  EXPECT_EQ(table.add(second, {2, 0}), FragmentTable::Outcome::joined);
}

TEST(IntervalSet, SaysWhatIsNew) {
  using I = IntervalSet::Interval;
  IntervalSet set;
  EXPECT_THAT(set.add(10, 20), ElementsAre(I{10, 20}));
  EXPECT_EQ(set.prefix(), 0U);
  EXPECT_THAT(set.add(30, 40), ElementsAre(I{30, 40}));
  EXPECT_THAT(set.add(12, 18), ElementsAre());
  EXPECT_THAT(set.add(5, 35), ElementsAre(I{5, 10}, I{20, 30}));
  EXPECT_EQ(set.size(), 1U);
  EXPECT_THAT(set.add(0, 5), ElementsAre(I{0, 5}));
  EXPECT_EQ(set.prefix(), 40U);
  EXPECT_THAT(set.add(40, 40), ElementsAre());
  EXPECT_THAT(set.add(40, 41), ElementsAre(I{40, 41}));
  EXPECT_EQ(set.size(), 1U);
}

// Against the plainest way to say the same: one flag for each byte.
TEST(IntervalSet, AgreesWithOneFlagForEachByte) {
  std::uint32_t state = 12345;
  const auto random = [&state](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16U) % below;
  };
  for (int round = 0; round < 200; ++round) {
    IntervalSet set;
    std::vector<bool> flags(64);
    for (int step = 0; step < 30; ++step) {
      const std::uint32_t begin = random(60);
      const std::uint32_t end = begin + random(20) % (64 - begin);
      std::vector<bool> fresh(64);
      for (const auto& part : set.add(begin, end)) {
        for (std::uint32_t i = part.begin; i < part.end; ++i) fresh[i] = true;
      }
      for (std::uint32_t i = 0; i < 64; ++i) {
        ASSERT_EQ(fresh[i], i >= begin && i < end && !flags[i]);
        if (fresh[i]) flags[i] = true;
      }
      const auto hole =
          static_cast<std::uint32_t>(std::find(flags.begin(), flags.end(), false) - flags.begin());
      ASSERT_EQ(set.prefix(), hole);
    }
  }
}

}  // namespace
}  // namespace tlspeel::net
