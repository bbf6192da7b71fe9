// Several packets in one IEEE 802.11 frame.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "link_cases.hpp"

namespace tlspeel::net {
namespace {

using namespace test;
using ::testing::ElementsAre;

constexpr WlanFields kAggregate{.subtype = 8, .quality = 0x80};

struct Found {
  Verdict verdict = Verdict::not_ip;
  std::vector<std::string> payloads;
  std::vector<int> places;
};

Found decode(Decoder& decoder, const Bytes& frame, std::uint32_t missing = 0) {
  Found found;
  Segment segment;
  found.verdict =
      decoder.decode(105, frame, static_cast<std::uint32_t>(frame.size()) + missing, {1, 0}, segment);
  for (bool more = found.verdict == Verdict::tcp; more; more = decoder.next(segment)) {
    found.payloads.emplace_back(as_text(segment.payload));
    found.places.push_back(segment.place);
  }
  EXPECT_FALSE(decoder.next(segment));
  return found;
}

Found decode(const Bytes& frame, std::uint32_t missing = 0) {
  Decoder decoder;
  return decode(decoder, frame, missing);
}

Bytes packet(std::string_view payload) {
  return ipv4(tcp(payload));
}

TEST(Aggregate, HandsOutEverySegment) {
  const Bytes frame =
      wlan(join({subframe(packet("one")), subframe(ipv6(tcp("two!"))), subframe(packet("three"), true)}),
           kAggregate);
  Decoder decoder;
  const Found found = decode(decoder, frame);
  EXPECT_THAT(found.payloads, ElementsAre("one", "two!", "three"));
  EXPECT_THAT(found.places, ElementsAre(0, 1, 2));
  EXPECT_EQ(decoder.counters().tcp, 1U);  // frames
}

TEST(Aggregate, ChecksumAtTheEndIsNoSubframe) {
  const Bytes frame = wlan(join({subframe(packet("one")), subframe(packet("two"), true)}), kAggregate);
  EXPECT_THAT(decode(join({frame, Bytes(4, 0xcc)})).payloads, ElementsAre("one", "two"));
}

TEST(Aggregate, WhatIsNoTcpIsPassedOver) {
  const Bytes arp = join({Bytes(12, 3), number(36, 2), snap(0, 0x0806, Bytes(28)), Bytes(2)});
  const Bytes other = subframe(ipv4(udp(1, 2, Bytes(4)), {.protocol = 17}));
  EXPECT_THAT(decode(wlan(join({arp, other, subframe(packet("one")), other}), kAggregate)).payloads,
              ElementsAre("one"));
  EXPECT_EQ(decode(wlan(join({arp, arp}), kAggregate)).verdict, Verdict::not_ip);
  EXPECT_EQ(decode(wlan(join({arp, other}), kAggregate)).verdict, Verdict::not_tcp);
}

TEST(Aggregate, SnapLengthEndsInOne) {
  const Bytes first = subframe(packet("one"));
  Bytes frame = wlan(join({first, subframe(packet("two"), true)}), kAggregate);
  frame.resize(frame.size() - 1);
  const Found in_payload = decode(frame, 1);
  EXPECT_THAT(in_payload.payloads, ElementsAre("one", "tw"));
  frame.resize(26 + first.size() + 30);
  EXPECT_THAT(decode(frame, 50).payloads, ElementsAre("one"));
  frame.resize(26 + 10);
  EXPECT_EQ(decode(frame, 200).verdict, Verdict::headers_cut);
}

TEST(Aggregate, SubframeLongerThanTheFrame) {
  Bytes frame = wlan(join({subframe(packet("one")), subframe(packet("two"))}), kAggregate);
  frame[26 + 12] = 0xff;
  EXPECT_THAT(decode(frame).payloads, ElementsAre("one"));
}

TEST(Aggregate, ProtectedOnesAndPartsOfFramesAreNotRead) {
  const Bytes body = subframe(packet("one"), true);
  const auto verdict = [&](const WlanFields& fields) { return decode(wlan(body, fields)).verdict; };
  EXPECT_EQ(verdict({.subtype = 8, .flags = 0x42, .quality = 0x80}), Verdict::not_ip);
  EXPECT_EQ(verdict({.subtype = 8, .flags = 0x06, .quality = 0x80}), Verdict::not_ip);
  EXPECT_EQ(verdict({.subtype = 8, .sequence = 0x0011, .quality = 0x80}), Verdict::not_ip);
  EXPECT_EQ(verdict({.subtype = 12, .quality = 0x80}), Verdict::not_ip);
}

TEST(Aggregate, FramesWithoutDataAreNotDamaged) {
  EXPECT_EQ(decode(join({number(0xd400, 2), Bytes(8)})).verdict, Verdict::not_ip);   // acknowledgement
  EXPECT_EQ(decode(join({number(0x8000, 2), Bytes(60)})).verdict, Verdict::not_ip);  // beacon
}

// A frame whose checksum does not fit, as the driver says: its bytes are not those that were sent.
TEST(Aggregate, DamagedOnTheAirIsNotRead) {
  const Bytes frame = wlan(snap(0, 0x0800, packet("one")));
  const auto verdict = [&](std::uint8_t flags) {
    Decoder decoder;
    Segment segment;
    const Bytes bytes = join({number(0x00000a00, 4), number(0x02000000, 4), Bytes{flags, 0}, frame});
    return decoder.decode(127, bytes, static_cast<std::uint32_t>(bytes.size()), {1, 0}, segment);
  };
  EXPECT_EQ(verdict(0x10), Verdict::tcp);
  EXPECT_EQ(verdict(0x50), Verdict::not_ip);
}

}  // namespace
}  // namespace tlspeel::net
