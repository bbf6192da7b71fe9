#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

Bytes record(std::uint8_t type, std::size_t size, std::uint8_t fill) {
  Bytes out(5 + size, fill);
  out[0] = type;
  out[1] = out[2] = 3;
  out[3] = static_cast<std::uint8_t>(size >> 8);
  out[4] = static_cast<std::uint8_t>(size);
  return out;
}

struct Seen {
  std::uint8_t type = 0;
  Bytes fragment;
  std::uint64_t offset = 0;
  std::uint64_t packet = 0;
};

void drain(RecordFramer& framer, std::vector<Seen>& out) {
  Record r;
  while (framer.next(r) == RecordFramer::Outcome::record) {
    out.push_back({r.header.type, to_bytes(r.fragment), r.offset, r.at.number});
  }
}

Bytes three_records() {
  Bytes out = record(kHandshake, 100, 1);
  append(out, record(kChangeCipherSpec, 1, 2));
  append(out, record(kApplicationData, kMaxCiphertext, 3));
  return out;
}

TEST(RecordFramer, CutsManyRecordsOfOneSegment) {
  RecordFramer framer;
  const Bytes bytes = three_records();
  std::vector<Seen> seen;
  framer.push(bytes, {7, 0});
  drain(framer, seen);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].type, kHandshake);
  EXPECT_EQ(seen[1].fragment, Bytes{2});
  EXPECT_EQ(seen[2].fragment.size(), kMaxCiphertext);
  EXPECT_EQ(seen[2].offset, 111U);
  EXPECT_EQ(framer.buffered(), 0U);
}

TEST(RecordFramer, HoldsNoMemoryBetweenRecords) {
  RecordFramer framer;
  const Bytes bytes = three_records();
  std::vector<Seen> seen;
  framer.push(ByteView(bytes).first(5000), {1, 0});
  drain(framer, seen);
  EXPECT_NE(framer.memory(), 0U);
  framer.push(ByteView(bytes).subspan(5000), {2, 0});
  drain(framer, seen);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(framer.memory(), 0U);
}

TEST(RecordFramer, AnySplitGivesTheSameRecords) {
  const Bytes bytes = three_records();
  std::mt19937 random(4711);
  for (int round = 0; round < 200; ++round) {
    RecordFramer framer;
    std::vector<Seen> seen;
    std::size_t start = 0;
    std::uint64_t packet = 0;
    while (start < bytes.size()) {
      const std::size_t longest = round % 3 == 0 ? 8 : 6000;
      const std::size_t size = std::min<std::size_t>(1 + random() % longest, bytes.size() - start);
      framer.push(ByteView(bytes).subspan(start, size), {++packet, 0});
      drain(framer, seen);
      start += size;
    }
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].fragment, Bytes(100, 1));
    EXPECT_EQ(seen[1].fragment, Bytes(1, 2));
    EXPECT_EQ(seen[2].fragment, Bytes(kMaxCiphertext, 3));
    EXPECT_EQ(seen[2].packet, packet);
  }
}

TEST(RecordFramer, BytesThatAreNotARecordEndTheFraming) {
  RecordFramer framer;
  const Bytes bytes = {'H', 'T', 'T', 'P', '/', '1', '.', '1'};
  Record r;
  framer.push(bytes, {});
  EXPECT_EQ(framer.next(r), RecordFramer::Outcome::malformed);
  EXPECT_EQ(framer.next(r), RecordFramer::Outcome::malformed);
}

TEST(RecordFramer, ARecordLongerThanTheStandardAllowsIsMalformed) {
  RecordFramer framer;
  const Bytes bytes = {23, 3, 3, 0x48, 0x01, 0};
  Record r;
  framer.push(bytes, {});
  EXPECT_EQ(framer.next(r), RecordFramer::Outcome::malformed);
  EXPECT_NE(std::string(framer.error().what).find("2^14+2048"), std::string::npos);
}

TEST(RecordFramer, TakesAnSslv2HelloFirstAndOnlyWhereItIsExpected) {
  const Bytes hello = {0x80, 4, 1, 3, 1, 0};
  Record r;
  RecordFramer expecting;
  expecting.expect_sslv2_hello();
  expecting.push(hello, {});
  ASSERT_EQ(expecting.next(r), RecordFramer::Outcome::record);
  EXPECT_TRUE(r.sslv2_hello);
  EXPECT_EQ(to_bytes(r.fragment), (Bytes{1, 3, 1, 0}));
  RecordFramer other;
  other.push(hello, {});
  EXPECT_EQ(other.next(r), RecordFramer::Outcome::malformed);
}

TEST(RecordFramer, EveryTruncationNeedsMore) {
  const Bytes bytes = record(kHandshake, 40, 9);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    RecordFramer framer;
    Record r;
    framer.push(ByteView(bytes).first(size), {});
    EXPECT_EQ(framer.next(r), RecordFramer::Outcome::need_more);
    EXPECT_EQ(framer.buffered(), size);
  }
}

TEST(RecordFramer, TornInARecordItBeginsAgainBehindIt) {
  const Bytes cut = {23, 3, 3, 0, 9, 1, 2, 3};
  const Bytes next = {23, 3, 3, 0, 1, 7};
  for (std::size_t captured = 0; captured <= cut.size(); ++captured) {
    RecordFramer framer;
    Record record;
    framer.push(next, {1, 0});
    ASSERT_EQ(framer.next(record), RecordFramer::Outcome::record);
    framer.push(ByteView(cut).first(captured), {2, 0});
    ASSERT_EQ(framer.next(record), RecordFramer::Outcome::need_more);
    const RecordFramer::Torn torn = framer.tear();
    EXPECT_EQ(torn.offset, next.size());
    EXPECT_EQ(torn.captured, captured);
    EXPECT_EQ(torn.header.has_value(), captured >= kRecordHeaderSize);
    if (torn.header) {
      EXPECT_EQ(torn.header->length, 9);
    }
    EXPECT_EQ(framer.buffered() + framer.memory(), 0U);
    framer.restart(100);
    framer.push(next, {3, 0});
    ASSERT_EQ(framer.next(record), RecordFramer::Outcome::record);
    EXPECT_EQ(record.offset, 100U);
    EXPECT_EQ(to_bytes(record.fragment), Bytes{7});
  }
}

}  // namespace
}  // namespace tlspeel::tls
