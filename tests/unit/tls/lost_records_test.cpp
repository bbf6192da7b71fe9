// Guesses about lost records, the search for where records begin again, and key stream by position.
#include "tls/lost_records.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tls/key_stream.hpp"
#include "tls/record_search.hpp"

namespace tlspeel::tls {
namespace {

std::vector<std::uint64_t> all(RecordCounts counts) {
  std::vector<std::uint64_t> out;
  while (const auto count = counts.next()) out.push_back(*count);
  return out;
}

TEST(RecordCounts, TheLikeliestFirstAndEachOnce) {
  EXPECT_EQ(all(RecordCounts(100, 10, 30)), (std::vector<std::uint64_t>{3, 4, 2, 5, 1, 6, 7, 8, 9, 10}));
  EXPECT_EQ(all(RecordCounts(100, 10, 1000)).front(), 1U);
  EXPECT_EQ(all(RecordCounts(100, 10, 0)).front(), 10U);
}

TEST(RecordCounts, AnEmptyStretchHeldNoneAndATooSmallOneCannotBe) {
  EXPECT_EQ(all(RecordCounts(0, 10, 30)), std::vector<std::uint64_t>{0});
  EXPECT_TRUE(all(RecordCounts(9, 10, 30)).empty());
  EXPECT_EQ(all(RecordCounts(6, 22, 30, true)), std::vector<std::uint64_t>{0});
  EXPECT_EQ(all(RecordCounts(44, 22, 44, true)), (std::vector<std::uint64_t>{1, 2, 0}));
}

TEST(RecordCounts, NoSizeGivesMoreThanTheBoundOrMoreThanFits) {
  for (const std::uint64_t stretch : {1ULL, 1000ULL, 1ULL << 30U, ~0ULL}) {
    for (const std::uint64_t smallest : {0ULL, 5ULL, 22ULL, 40000ULL}) {
      const auto counts = all(RecordCounts(stretch, smallest, 1400));
      EXPECT_LE(counts.size(), RecordCounts::kMost);
      for (const std::uint64_t count : counts) {
        EXPECT_LE(count, stretch / std::max<std::uint64_t>(1, smallest));
      }
    }
  }
}

TEST(TrialBudget, IsSpentAndEarnedWithinBounds) {
  TrialBudget budget;
  std::size_t trials = 0;
  while (budget.spend(16384)) ++trials;
  EXPECT_GT(trials, 500U);
  EXPECT_LT(trials, 2000U);
  EXPECT_FALSE(budget.spend(16384));
  budget.earn(1 << 20);
  std::size_t more = 0;
  while (budget.spend(16384)) ++more;
  EXPECT_GT(more, trials);
  for (int i = 0; i < 100; ++i) budget.earn(1 << 20);
  std::size_t most = 0;
  while (budget.spend(16384)) ++most;
  EXPECT_LE(most, more + 1);
}

Bytes record_of(std::uint8_t fill, std::size_t size) {
  Bytes out = {kApplicationData, 3, 3, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
  out.insert(out.end(), size, fill);
  return out;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& each : parts) append(out, each);
  return out;
}

TEST(RecordSearch, FindsTheSameRecordWhereverSegmentsEnd) {
  const Bytes rest(30, 0x17);
  const Bytes stream = joined({rest, record_of(1, 40), record_of(2, 50)});
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    RecordSearch search(1000, std::nullopt, kTls12);
    std::optional<RecordSearch::Candidate> found;
    search.push(ByteView(stream).first(split), {1, 0});
    found = search.next();
    if (!found) {
      search.push(ByteView(stream).subspan(split), {2, 0});
      found = search.next();
    }
    ASSERT_TRUE(found) << split;
    EXPECT_EQ(found->record.offset, 1030U) << split;
    EXPECT_EQ(to_bytes(found->record.fragment), Bytes(40, 1)) << split;
    EXPECT_EQ(found->before.size(), RecordSearch::kTail);
    EXPECT_FALSE(found->due);
    EXPECT_EQ(found->record.at.number, split >= 75 ? 1U : 2U) << split;
  }
}

TEST(RecordSearch, ByteByByteItGivesAllThatFollows) {
  const Bytes stream = joined({Bytes(7, 0), record_of(1, 40), record_of(2, 50)});
  RecordSearch search(0, std::nullopt, 0);
  std::optional<RecordSearch::Candidate> found;
  for (std::size_t i = 0; i < stream.size() && !found; ++i) {
    search.push(ByteView(stream).subspan(i, 1), {i + 1, 0});
    found = search.next();
  }
  ASSERT_TRUE(found);
  EXPECT_EQ(found->record.offset, 7U);
  Bytes behind;
  search.accept([&](std::uint64_t offset, ByteView bytes, PacketRef at) {
    EXPECT_EQ(offset, 52 + behind.size());
    EXPECT_EQ(at.number, offset + 1);
    append(behind, bytes);
  });
  EXPECT_EQ(52 + behind.size(), search.captured_end());
}

TEST(RecordSearch, ADecoyWithoutASuccessorIsPassedOver) {
  const Bytes decoy = {kApplicationData, 3, 3, 0, 4, 9, 9, 9, 9};
  const Bytes stream = joined({decoy, Bytes(20, 0), record_of(1, 40), record_of(2, 50)});
  RecordSearch search(0, std::nullopt, kTls12);
  search.push(stream, {1, 0});
  const auto found = search.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->record.offset, 29U);
  search.reject();
  const auto next = search.next();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->record.offset, 74U);
  search.reject();
  EXPECT_FALSE(search.next());
}

TEST(RecordSearch, WhatIsDueNeedsNoSuccessor) {
  const Bytes stream = joined({Bytes(12, 0xee), record_of(1, 40), Bytes(20, 0xee)});
  RecordSearch known(100, 112, kTls12);
  known.push(stream, {1, 0});
  const auto found = known.next();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->due);
  EXPECT_EQ(found->record.offset, 112U);
  EXPECT_EQ(found->before.size(), 12U);
  RecordSearch unknown(100, std::nullopt, kTls12);
  unknown.push(stream, {1, 0});
  EXPECT_FALSE(unknown.next());
}

TEST(RecordSearch, AClaimThatNeverIsFulfilledGivesWayAtTheEnd) {
  const Bytes claim = {kApplicationData, 3, 3, 0x40, 0};
  const Bytes stream = joined({claim, Bytes(10, 0), record_of(1, 40)});
  RecordSearch search(0, std::nullopt, kTls12);
  search.push(stream, {1, 0});
  EXPECT_FALSE(search.next());
  search.end();
  const auto found = search.next();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->record.offset, 15U);
}

TEST(KeyStream, PeekingAndMovingGiveThePlainStream) {
  const Bytes key(16, 0x21);
  constexpr std::size_t kSize = 3000;
  Bytes plain(kSize);
  crypto::StreamCipher(crypto::BulkId::rc4_128, key).process(Bytes(kSize), plain);
  for (std::size_t skipped = 0; skipped + 100 < kSize; skipped += 7) {
    KeyStream stream(crypto::BulkId::rc4_128, key);
    Bytes out(50);
    stream.process(Bytes(50), out);
    ASSERT_EQ(out, to_bytes(ByteView(plain).first(50)));
    const std::size_t at = 50 + skipped;
    if (at + 100 > kSize) break;
    // From far to near.
    ASSERT_TRUE(stream.peek(skipped, Bytes(50), out));
    ASSERT_EQ(out, to_bytes(ByteView(plain).subspan(at, 50)));
    ASSERT_TRUE(stream.peek(skipped / 2, Bytes(50), out));
    ASSERT_EQ(out, to_bytes(ByteView(plain).subspan(50 + skipped / 2, 50)));
    stream.move(skipped / 2);
    stream.process(Bytes(50), out);
    ASSERT_EQ(out, to_bytes(ByteView(plain).subspan(50 + skipped / 2, 50))) << skipped;
    stream.process(Bytes(50), out);
    ASSERT_EQ(out, to_bytes(ByteView(plain).subspan(100 + skipped / 2, 50))) << skipped;
  }
}

TEST(KeyStream, WhatHolesCostIsBounded) {
  KeyStream stream(crypto::BulkId::rc4_128, Bytes(16, 0x21));
  Bytes out(50);
  EXPECT_FALSE(stream.peek(std::uint64_t{1} << 30, Bytes(50), out));
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  ASSERT_TRUE(stream.peek(40 * kMiB, Bytes(50), out));
  stream.move(40 * kMiB);
  EXPECT_FALSE(stream.peek(40 * kMiB, Bytes(50), out));
  EXPECT_TRUE(stream.peek(kMiB, Bytes(50), out));
}

}  // namespace
}  // namespace tlspeel::tls
