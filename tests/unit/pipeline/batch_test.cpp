#include "pipeline/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

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
  ASSERT_TRUE(batch.add(segment_with(first), {1, 0}, nullptr));
  const std::uint8_t* place = batch.items[0].segment.payload.data();
  first.assign(10, 9);
  const Bytes second(kBatchBytes - 10, 2);
  ASSERT_TRUE(batch.add(segment_with(second), {2, 0}, nullptr));
  EXPECT_EQ(batch.items[0].segment.payload.data(), place);
  EXPECT_EQ(to_bytes(batch.items[0].segment.payload), Bytes(10, 1));
  EXPECT_EQ(to_bytes(batch.items[1].segment.payload), second);
  EXPECT_EQ(batch.items[1].at.number, 2U);
}

TEST(Batch, RefusesWhatWouldMoveTheOthers) {
  Batch batch;
  const Bytes half(kBatchBytes / 2, 1);
  ASSERT_TRUE(batch.add(segment_with(half), {1, 0}, nullptr));
  ASSERT_TRUE(batch.add(segment_with(half), {2, 0}, nullptr));
  const Bytes more(kBatchBytes - 2 * half.size() + 1, 1);
  EXPECT_FALSE(batch.add(segment_with(more), {3, 0}, nullptr));
  EXPECT_EQ(batch.items.size(), 2U);
}

capture::BlockPtr block_of(std::size_t size, std::uint8_t value) {
  auto bytes = std::make_unique<std::uint8_t[]>(size);  // NOLINT(*-avoid-c-arrays): what a block is made of
  std::fill_n(bytes.get(), size, value);
  return std::make_shared<const capture::ByteBlock>(capture::ByteBlock{std::move(bytes), size});
}

TEST(Batch, HoldsTheBlockThatAPayloadLiesIn) {
  Batch batch;
  const capture::BlockPtr block = block_of(1000, 5);
  const ByteView inside(block->bytes.get() + 10, 100);
  const Bytes outside(20, 7);
  ASSERT_TRUE(batch.add(segment_with(inside), {1, 0}, &block));
  ASSERT_TRUE(batch.add(segment_with(inside.subspan(50)), {2, 0}, &block));
  ASSERT_TRUE(batch.add(segment_with(outside), {3, 0}, &block));
  EXPECT_EQ(block.use_count(), 2);
  EXPECT_EQ(batch.items[0].segment.payload.data(), inside.data());
  EXPECT_EQ(batch.items[1].segment.payload.data(), inside.data() + 50);
  EXPECT_NE(batch.items[2].segment.payload.data(), outside.data());
  EXPECT_EQ(to_bytes(batch.items[2].segment.payload), outside);
  batch.clear();
  EXPECT_EQ(block.use_count(), 1);
}

TEST(Batch, CopiesWhereItWouldHoldTooMuch) {
  Batch batch;
  std::vector<capture::BlockPtr> blocks;
  for (std::uint8_t n = 0; n < 100; ++n) {
    blocks.push_back(block_of(kBatchBytes / 4, n));
    ASSERT_TRUE(batch.add(segment_with({blocks.back()->bytes.get(), 10}), {n, 0}, &blocks.back()));
  }
  std::size_t held = 0;
  for (std::uint8_t n = 0; n < 100; ++n) {
    if (blocks[n].use_count() == 2) held += blocks[n]->size;
    EXPECT_EQ(to_bytes(batch.items[n].segment.payload), Bytes(10, n));
  }
  EXPECT_GT(held, 0U);
  EXPECT_LE(held, 4 * kBatchBytes);
}

TEST(Batch, TakesAnythingWhenItIsEmpty) {
  Batch batch;
  const Bytes large(kBatchBytes * 2, 7);
  ASSERT_TRUE(batch.add(segment_with(large), {1, 0}, nullptr));
  EXPECT_EQ(to_bytes(batch.items[0].segment.payload), large);
  batch.clear();
  EXPECT_TRUE(batch.items.empty());
  EXPECT_TRUE(batch.add(segment_with(large), {2, 0}, nullptr));
}

TEST(Batch, HoldsNoMorePayloadThanItIsTold) {
  Batch batch;
  batch.most_payload = 100;
  const Bytes half(50, 1);
  EXPECT_TRUE(batch.add(segment_with(half), {1, 0}, nullptr));
  EXPECT_TRUE(batch.add(segment_with(half), {2, 0}, nullptr));
  EXPECT_FALSE(batch.add(segment_with({half.data(), 1}), {3, 0}, nullptr));
  batch.clear();
  EXPECT_EQ(batch.most_payload, 100U);
}

TEST(Batch, HoldsNoMorePacketsThanItsLimit) {
  Batch batch;
  for (std::size_t n = 0; n < kBatchPackets; ++n)
    ASSERT_TRUE(batch.add(segment_with({}), {n + 1, 0}, nullptr));
  EXPECT_FALSE(batch.add(segment_with({}), {kBatchPackets + 1, 0}, nullptr));
}

TEST(Batch, AlwaysTakesTheOtherSegmentsOfItsLastPacket) {
  Batch batch;
  for (std::size_t n = 0; n < kBatchPackets; ++n)
    ASSERT_TRUE(batch.add(segment_with({}), {n + 1, 0}, nullptr));
  const Bytes small(10, 1);
  const Bytes large(kBatchBytes * 2, 2);
  batch.add_to_last(segment_with(small), nullptr);
  batch.add_to_last(segment_with(large), nullptr);
  batch.add_to_last(segment_with(small), nullptr);
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
  batch.add(segment, {1, 0}, nullptr);
  std::swap(segment.flow.source, segment.flow.destination);
  batch.add(segment, {2, 0}, nullptr);
  EXPECT_EQ(batch.items[0].shard, batch.items[1].shard);
  EXPECT_LT(batch.items[0].shard, kShards);
}

}  // namespace
}  // namespace tlspeel::pipeline
