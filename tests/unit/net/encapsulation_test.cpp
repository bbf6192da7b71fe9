// Link types and tunnels: the same segment comes out of each, cut at every length nothing else does.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "link_cases.hpp"

namespace tlspeel::net {
namespace {

using namespace test;

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& some :
       {wlan_cases(), serial_cases(), lan_cases(), system_cases(), juniper_cases(), tunnel_cases()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

Verdict decode(const Case& c, ByteView bytes, std::size_t wire_length, Segment& out) {
  Decoder decoder;
  const Bytes copy = to_bytes(bytes);  // so that a sanitizer sees a read behind the end
  const Verdict verdict =
      decoder.decode(c.link_type, copy, static_cast<std::uint32_t>(wire_length), {1, 0}, out);
  // Bytes outlive the copy as a number only.
  if (verdict == Verdict::tcp) {
    const auto at = std::search(bytes.begin(), bytes.end(), out.payload.begin(), out.payload.end());
    EXPECT_TRUE(out.payload.empty() || at != bytes.end());
    out.payload = ByteView(at, at + static_cast<std::ptrdiff_t>(out.payload.size()));
  }
  return verdict;
}

class Encapsulation : public ::testing::TestWithParam<Case> {};

TEST_P(Encapsulation, HandsOutTheSegment) {
  const Case& c = GetParam();
  Segment segment;
  ASSERT_EQ(decode(c, c.frame, c.frame.size(), segment), Verdict::tcp);
  EXPECT_EQ(as_text(segment.payload), kPayload);
  EXPECT_EQ(segment.payload_missing, 0U);
  EXPECT_EQ(segment.seq, 0xfffffff0U);
  EXPECT_EQ(segment.flow.source.to_string(), c.v6 ? "[2001:db8::1]:51234" : "192.0.2.7:51234");
  EXPECT_EQ(segment.flow.destination.to_string(), c.v6 ? "[2001:db8::2]:443" : "198.51.100.4:443");
  EXPECT_EQ(segment.flow.tunnel != 0, !c.tunnel.empty());
  EXPECT_EQ(segment.tunnel_text ? *segment.tunnel_text : "", c.tunnel);
}

TEST_P(Encapsulation, SnapLengthCutsAtEveryLength) {
  const Case& c = GetParam();
  Bytes reversed = c.frame;
  std::reverse(reversed.begin(), reversed.end());
  const Bytes end(kPayload.rbegin(), kPayload.rend());
  const auto behind =
      std::search(reversed.begin(), reversed.end(), end.begin(), end.end()) - reversed.begin();
  const std::size_t payload_at = c.frame.size() - static_cast<std::size_t>(behind) - kPayload.size();
  constexpr std::size_t kNotNeededOfTcp = 4;  // checksum and urgent pointer
  for (std::size_t size = 0; size < payload_at + kPayload.size(); ++size) {
    SCOPED_TRACE(size);
    Segment segment;
    const Verdict verdict = decode(c, ByteView(c.frame).first(size), c.frame.size(), segment);
    if (size < payload_at - kNotNeededOfTcp) {
      EXPECT_EQ(verdict, Verdict::headers_cut);
      continue;
    }
    ASSERT_EQ(verdict, Verdict::tcp);
    EXPECT_EQ(segment.payload.size(), size < payload_at ? 0 : size - payload_at);
    EXPECT_EQ(segment.payload_missing, kPayload.size() - segment.payload.size());
  }
}

// A frame that ends too early on the wire is damaged, or only looked like a tunnel; what is behind a complete
// IP header counts as cut.
TEST_P(Encapsulation, ShortFrameIsNoSegment) {
  const Case& c = GetParam();
  for (std::size_t size = 0; size + kPayload.size() + 4 < c.frame.size(); ++size) {
    SCOPED_TRACE(size);
    Segment segment;
    const Verdict verdict = decode(c, ByteView(c.frame).first(size), size, segment);
    if (verdict == Verdict::tcp) {
      EXPECT_GT(size + kPayload.size() + 4 + 8, c.frame.size());  // what stands behind it was taken off
      continue;
    }
    EXPECT_THAT(verdict, ::testing::AnyOf(Verdict::malformed, Verdict::headers_cut, Verdict::not_tcp));
  }
}

// Any byte may be anything: whatever comes out lies inside the frame (the sanitizer looks), and the loop
// ends.
TEST_P(Encapsulation, SurvivesOtherBytes) {
  const Case& c = GetParam();
  std::uint32_t state = 4711;
  const auto random = [&state] { return (state = state * 1664525U + 1013904223U) >> 16U; };
  for (std::size_t round = 0; round < 400; ++round) {
    Bytes frame = c.frame;
    for (std::size_t n = random() % 4 + 1; n > 0; --n)
      frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
    Decoder decoder;
    Segment segment;
    bool more = decoder.decode(c.link_type, frame, static_cast<std::uint32_t>(frame.size()), {1, 0},
                               segment) == Verdict::tcp;
    for (; more; more = decoder.next(segment)) {
      EXPECT_LE(segment.payload.size(), frame.size());
      if (segment.payload.empty()) continue;
      EXPECT_GE(segment.payload.data(), frame.data());
      EXPECT_LE(segment.payload.data() + segment.payload.size(), frame.data() + frame.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Encapsulation, ::testing::ValuesIn(all_cases()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace tlspeel::net
