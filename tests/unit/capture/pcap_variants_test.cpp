// The rarer relatives of pcap: other headers of files and packets under the same or other magic numbers.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint32_t kModified = 0xa1b2cd34;
constexpr std::uint32_t kIxiaHardware = 0x1c0001ac;
constexpr std::uint32_t kIxiaSoftware = 0x1c0001ab;

// Between the 16 bytes that all have and the packet. They are no zeros, so that none is taken for another.
Bytes longer_record(const Record& r, std::size_t more, Order order) {
  Bytes out = pcap_record(r, order);
  const std::string between("\x03\x00\x00\x00\x08\x00\x04\xee\x01\x02\xee\xee", more);
  out.insert(out.begin() + 16, between.begin(), between.end());
  return out;
}

Bytes longer_pcap(std::uint32_t magic, std::size_t more, Order order, const std::vector<Record>& records) {
  Bytes out = pcap_header(1, order, magic);
  for (const Record& record : records) append(out, longer_record(record, more, order));
  return out;
}

const std::vector<Record>& four() {
  static const std::vector<Record> records{{1700000000, 5, "first of them"},
                                           {1700000001, 999999, "second"},
                                           {1700000009, 0, "3rd", 7},
                                           {1700000010, 1, "fourth"}};
  return records;
}

void expect_four(const ReadBack& read) {
  EXPECT_THAT(read.problems, IsEmpty());
  ASSERT_EQ(read.packets.size(), 4U);
  EXPECT_EQ(read.packets[0], (ReadPacket{1, 1700000000 * kSecond + 5000, 13, 1, "first of them"}));
  EXPECT_EQ(read.packets[1], (ReadPacket{2, 1700000001 * kSecond + 999999000, 6, 1, "second"}));
  EXPECT_EQ(read.packets[2], (ReadPacket{3, 1700000009 * kSecond, 10, 1, "3rd"}));
  EXPECT_EQ(read.packets[3].bytes, "fourth");
}

struct Variant {
  std::uint32_t magic;
  std::size_t more;
};

class LongerHeaders : public ::testing::TestWithParam<std::tuple<Order, Variant>> {};

TEST_P(LongerHeaders, AreToldByThePackets) {
  const auto [order, variant] = GetParam();
  const TemporaryFolder folder;
  expect_four(read_all({folder.write("a.pcap", longer_pcap(variant.magic, variant.more, order, four()))}));
}

// The first two packets are enough, whatever of the third is there.
TEST_P(LongerHeaders, AreToldByTwoPacketsOfACutFile) {
  const auto [order, variant] = GetParam();
  const TemporaryFolder folder;
  const std::vector<Record> three(four().begin(), four().begin() + 3);
  const Bytes whole = longer_pcap(variant.magic, variant.more, order, three);
  const std::size_t two = whole.size() - 16 - variant.more - three[2].bytes.size();
  for (std::size_t size = two; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const ReadBack read = read_all({folder.write("cut.pcap", cut)});
    ASSERT_EQ(read.packets.size(), 2U);
    EXPECT_EQ(read.packets[0].bytes, "first of them");
    EXPECT_EQ(read.packets[1].bytes, "second");
    EXPECT_EQ(read.problems.size(), size == two ? 0U : 1U);
  }
}

TEST_P(LongerHeaders, AreUsedBehindDamage) {
  const auto [order, variant] = GetParam();
  const TemporaryFolder folder;
  Bytes file = longer_pcap(variant.magic, variant.more, order, four());
  append(file, as_bytes("this is no packet, and it is not small"));
  for (const Record& record : four()) append(file, longer_record(record, variant.more, order));
  const ReadBack read = read_all({folder.write("a.pcap", file)});
  ASSERT_EQ(read.packets.size(), 8U);
  EXPECT_EQ(read.packets[4].bytes, "first of them");
  EXPECT_EQ(read.packets[7].bytes, "fourth");
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_THAT(read.problems[0], HasSubstr("38 bytes"));
}

INSTANTIATE_TEST_SUITE_P(
    All, LongerHeaders,
    ::testing::Combine(::testing::Values(Order::little, Order::big),
                       ::testing::Values(Variant{kMicroseconds, 4}, Variant{kMicroseconds, 8},
                                         Variant{kModified, 8}, Variant{kModified, 12})));

// One packet may look like anything: with the usual header it is a packet and four bytes of the next one.
TEST(PcapVariants, OnePacketIsTakenAsUsual) {
  const TemporaryFolder folder;
  Bytes file = pcap({{1700000000, 5, "first of them"}, {1700000001, 5, "second"}});
  file.resize(24 + 16 + 13 + 4);
  const ReadBack read = read_all({folder.write("a.pcap", file)});
  ASSERT_EQ(read.packets.size(), 1U);
  EXPECT_EQ(read.packets[0].bytes, "first of them");
  EXPECT_EQ(read.problems.size(), 1U);
}

// What the usual header does not fit either stays a damaged capture of the usual kind.
TEST(PcapVariants, DamageAtTheStartMakesNoVariant) {
  const TemporaryFolder folder;
  Bytes file = pcap_header();
  append(file, pcap_record({1700000000, 5, "first of them"}));
  append(file, as_bytes("four"));
  for (const Record& record : four()) append(file, pcap_record(record));
  const ReadBack read = read_all({folder.write("a.pcap", file)});
  ASSERT_EQ(read.packets.size(), 5U);
  EXPECT_EQ(read.packets[0].bytes, "first of them");
  EXPECT_EQ(read.packets[4].bytes, "fourth");
  EXPECT_EQ(read.problems.size(), 1U);
}

class Ixia : public ::testing::TestWithParam<std::tuple<Order, std::uint32_t>> {};

TEST_P(Ixia, HasTheSizeOfAllPacketsInItsFileHeader) {
  const auto [order, magic] = GetParam();
  const TemporaryFolder folder;
  Bytes file = pcap_header(1, order, magic);
  append(file, Writer(order).number(0x12345, 4).bytes());
  const Bytes header = file;
  for (const Record& record : four()) append(file, pcap_record(record, order));
  expect_four(read_all({folder.write("a.cap", file)}));

  EXPECT_THAT(read_all({folder.write("none.cap", header)}).packets, IsEmpty());
  for (std::size_t size = 24; size < 28; ++size) {
    const Bytes cut(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(error_of({folder.write("cut.cap", cut)}), HasSubstr("cut off before its first packet"));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Ixia,
                         ::testing::Combine(::testing::Values(Order::little, Order::big),
                                            ::testing::Values(kIxiaHardware, kIxiaSoftware)));

// Version 2.2: the length on the wire stands first.
Bytes version_2_2(std::uint32_t link_type, const std::string& bytes) {
  return Writer(Order::big)
      .number(kMicroseconds, 4)
      .number(2, 2)
      .number(2, 2)
      .number(0, 8)
      .number(65535, 4)
      .number(link_type, 4)
      .number(1700000000, 4)
      .number(123456, 4)
      .number(bytes.size() + 5, 4)
      .number(bytes.size(), 4)
      .raw(bytes)
      .bytes();
}

TEST(Aix, NumbersLinksOfItsOwnAndCountsNanoseconds) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::uint32_t, int>> types{{6, 1}, {9, 6}, {24, 0}};
  for (const auto& [written, meant] : types) {
    const ReadBack read = read_all({folder.write("a.pcap", version_2_2(written, "packet"))});
    ASSERT_EQ(read.packets.size(), 1U);
    EXPECT_EQ(read.packets[0], (ReadPacket{1, 1700000000 * kSecond + 123456, 11, meant, "packet"}));
  }
}

TEST(Aix, HasThreeBytesInFrontOfFddi) {
  const TemporaryFolder folder;
  const ReadBack read = read_all({folder.write("a.pcap", version_2_2(15, "...packet"))});
  ASSERT_EQ(read.packets.size(), 1U);
  EXPECT_EQ(read.packets[0], (ReadPacket{1, 1700000000 * kSecond + 123456, 11, 10, "packet"}));
  const ReadBack tiny = read_all({folder.write("tiny.pcap", version_2_2(15, ".."))});
  ASSERT_EQ(tiny.packets.size(), 1U);
  EXPECT_EQ(tiny.packets[0].bytes, "");
}

TEST(Aix, IsNotWhatOthersWroteInThatVersion) {
  const TemporaryFolder folder;
  const ReadBack read = read_all({folder.write("a.pcap", version_2_2(1, "packet"))});
  ASSERT_EQ(read.packets.size(), 1U);
  EXPECT_EQ(read.packets[0], (ReadPacket{1, 1700000000 * kSecond + 123456000, 11, 1, "packet"}));
}

}  // namespace
}  // namespace tlspeel::capture
