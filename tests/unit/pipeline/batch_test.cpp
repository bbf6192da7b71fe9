#include "pipeline/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include "tlspeel/pipeline/run.hpp"

namespace tlspeel::pipeline {
namespace {

net::Segment segment_with(ByteView payload, std::uint16_t port = 1000) {
  net::Segment segment;
  segment.flow.source.port = port;
  segment.flow.destination.port = 443;
  segment.payload = payload;
  return segment;
}

TEST(Batch, CopiesPayloadsToWhereTheyStay) {
  Batch batch;
  Bytes first(10, 1);
  ASSERT_TRUE(batch.add(segment_with(first), {1, 0}));
  const std::uint8_t* place = batch.items[0].segment.payload.data();
  first.assign(10, 9);
  const Bytes second(kBatchBytes - 10, 2);
  ASSERT_TRUE(batch.add(segment_with(second), {2, 0}));
  EXPECT_EQ(batch.items[0].segment.payload.data(), place);
  EXPECT_EQ(to_bytes(batch.items[0].segment.payload), Bytes(10, 1));
  EXPECT_EQ(to_bytes(batch.items[1].segment.payload), second);
  EXPECT_EQ(batch.items[1].at.number, 2U);
}

TEST(Batch, RefusesWhatWouldMoveTheOthers) {
  Batch batch;
  const Bytes half(kBatchBytes / 2, 1);
  ASSERT_TRUE(batch.add(segment_with(half), {1, 0}));
  ASSERT_TRUE(batch.add(segment_with(half), {2, 0}));
  const Bytes more(batch.arena.capacity() - batch.arena.size() + 1, 1);
  EXPECT_FALSE(batch.add(segment_with(more), {3, 0}));
  EXPECT_EQ(batch.items.size(), 2U);
}

TEST(Batch, TakesAnythingWhenItIsEmpty) {
  Batch batch;
  const Bytes large(kBatchBytes * 2, 7);
  ASSERT_TRUE(batch.add(segment_with(large), {1, 0}));
  EXPECT_EQ(to_bytes(batch.items[0].segment.payload), large);
  batch.clear();
  EXPECT_TRUE(batch.items.empty());
  EXPECT_TRUE(batch.add(segment_with(large), {2, 0}));
}

TEST(Batch, HoldsNoMorePacketsThanItsLimit) {
  Batch batch;
  for (std::size_t n = 0; n < kBatchPackets; ++n) ASSERT_TRUE(batch.add(segment_with({}), {n + 1, 0}));
  EXPECT_FALSE(batch.add(segment_with({}), {kBatchPackets + 1, 0}));
}

TEST(Batch, AlwaysTakesTheOtherSegmentsOfItsLastPacket) {
  Batch batch;
  for (std::size_t n = 0; n < kBatchPackets; ++n) ASSERT_TRUE(batch.add(segment_with({}), {n + 1, 0}));
  const Bytes small(10, 1);
  const Bytes large(kBatchBytes * 2, 2);
  batch.add_to_last(segment_with(small));
  batch.add_to_last(segment_with(large));
  batch.add_to_last(segment_with(small));
  ASSERT_EQ(batch.items.size(), kBatchPackets + 3);
  EXPECT_EQ(batch.items.back().at.number, kBatchPackets);
  EXPECT_EQ(to_bytes(batch.items[kBatchPackets].segment.payload), small);
  EXPECT_EQ(to_bytes(batch.items[kBatchPackets + 1].segment.payload), large);
  EXPECT_EQ(to_bytes(batch.items[kBatchPackets + 2].segment.payload), small);
  batch.clear();
  EXPECT_TRUE(batch.items.empty());
}

TEST(Batch, BothDirectionsOfAConnectionHaveOneShard) {
  Batch batch;
  net::Segment segment = segment_with({});
  batch.add(segment, {1, 0});
  std::swap(segment.flow.source, segment.flow.destination);
  batch.add(segment, {2, 0});
  EXPECT_EQ(batch.items[0].shard, batch.items[1].shard);
  EXPECT_LT(batch.items[0].shard, kShards);
}

}  // namespace
}  // namespace tlspeel::pipeline
