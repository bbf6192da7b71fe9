// Streams of more than 4 GB: sequence numbers wrap, offsets do not.
#include <gtest/gtest.h>

#include "collector.hpp"
#include "script.hpp"

namespace tlspeel::tcp::test {
namespace {

TEST(LongStream, OffsetsPassFourGigabytesWithDisorderAndLossAtEveryWrap) {
  Collection got;
  ConnectionTable table({}, got.factory(false));
  const Setting setting;
  const Bytes payload(1 << 20, 1);
  PacketRef at;
  const auto push = [&](char who, std::uint8_t flags, std::uint64_t seq, std::uint64_t ack, ByteView bytes) {
    ++at.number;
    at.time_ns += 1'000'000;
    table.push(
        segment(who, setting, flags, static_cast<std::uint32_t>(seq), static_cast<std::uint32_t>(ack), bytes),
        at);
  };
  push('c', net::kSyn, 9, 0, {});
  push('s', net::kSyn | net::kAck, 0, 10, {});
  constexpr std::uint64_t kSegments = std::uint64_t{3} * 4096 + 100;  // three turns of the sequence number
  constexpr std::uint64_t kLost = 4095;                               // the segment across each wrap, once
  for (std::uint64_t i = 0; i < kSegments; ++i) {
    const std::uint64_t seq = 1 + i * payload.size();
    if (i == kLost) continue;
    if (i % 4096 == 4094) {  // this one and the next but one change places
      push('s', net::kAck, seq + payload.size(), 10,
           ByteView(payload).first(i + 1 == kLost ? 0 : payload.size()));
    }
    push('s', net::kAck, seq, 10, payload);
    push('c', net::kAck, 10, seq + payload.size(), {});
  }
  table.finish(at);
  ASSERT_EQ(got.connections.size(), 1U);
  const Collected& connection = *got.connections[0];
  EXPECT_EQ(connection.size[1], kSegments * payload.size());
  EXPECT_EQ(connection.lost[1], payload.size());
  EXPECT_EQ(connection.stats[1].out_of_order > 0, true);
}

}  // namespace
}  // namespace tlspeel::tcp::test
