// Captures of Solaris' snoop, whole, damaged and cut.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kSecond = 1'000'000'000;

Bytes snoop_header(std::uint32_t link_type = 4, std::uint32_t version = 2) {
  return Writer(Order::big)
      .raw(std::string("snoop\0\0\0", 8))
      .number(version, 4)
      .number(link_type, 4)
      .bytes();
}

Bytes snoop_record(const Record& r) {
  const std::size_t padding = (4 - r.bytes.size() % 4) % 4;
  return Writer(Order::big)
      .number(r.bytes.size() + r.more_on_the_wire, 4)
      .number(r.bytes.size(), 4)
      .number(24 + r.bytes.size() + padding, 4)
      .number(3, 4)
      .number(r.seconds, 4)
      .number(r.fraction, 4)
      .raw(r.bytes)
      .raw(std::string(padding, '\0'))
      .bytes();
}

Bytes snoop(const std::vector<Record>& records, std::uint32_t link_type = 4) {
  Bytes out = snoop_header(link_type);
  for (const Record& record : records) append(out, snoop_record(record));
  return out;
}

TEST(Snoop, GivesPacketsWithoutTheirPadding) {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::uint32_t, int>> types{{0, 1}, {2, 6}, {4, 1}, {8, 10}};
  for (const auto& [written, meant] : types) {
    const ReadBack read = read_all({folder.write(
        "a.snoop",
        snoop({{1700000000, 5, "first"}, {1700000001, 999999, "more", 100}, {2, 0, ""}}, written))});
    EXPECT_THAT(read.problems, IsEmpty());
    EXPECT_THAT(read.packets, ElementsAre(ReadPacket{1, 1700000000 * kSecond + 5000, 5, meant, "first"},
                                          ReadPacket{2, 1700000001 * kSecond + 999999000, 104, meant, "more"},
                                          ReadPacket{3, 2 * kSecond, 0, meant, ""}));
  }
}

TEST(Snoop, OfOtherKindsIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of({folder.write("a", snoop_header(4, 1))}),
              EndsWith("cannot be read as a capture (unsupported snoop version 1)"));
  EXPECT_THAT(error_of({folder.write("b", snoop_header(5))}),
              EndsWith("cannot be read as a capture (unknown link type 5 of snoop)"));
  Bytes cut = snoop_header();
  cut.resize(15);
  EXPECT_THAT(error_of({folder.write("c", cut)}), EndsWith("is cut off before its first packet"));
}

// The padding of the last packet may be missing.
TEST(Snoop, CutAtEveryLengthKeepsWhatCameBefore) {
  const TemporaryFolder folder;
  const Bytes one = snoop({{1, 0, "first"}});
  const Bytes whole = snoop({{1, 0, "first"}, {2, 0, "second"}});
  const std::size_t second = one.size() + 24 + 6;
  for (std::size_t size = one.size(); size <= whole.size(); ++size) {
    SCOPED_TRACE(size);
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string path = folder.write("cut", cut);
    const ReadBack read = read_all({path});
    EXPECT_EQ(read.packets.size(), size >= second ? 2U : 1U);
    if (size == one.size() || size >= second) {
      EXPECT_THAT(read.problems, IsEmpty());
    } else {
      EXPECT_THAT(read.problems,
                  ElementsAre(path + ": cut off in the middle of packet 2; everything before it was read"));
    }
  }
}

TEST(Snoop, GoesOnBehindDamage) {
  const TemporaryFolder folder;
  Bytes file = snoop({{1, 0, "first"}, {2, 0, "second"}});
  append(file, as_bytes("this is no packet, and it is not small"));
  for (std::uint32_t n = 0; n < 3; ++n) append(file, snoop_record({3 + n, 0, std::to_string(n)}));
  const ReadBack read = read_all({folder.write("a", file)});
  ASSERT_EQ(read.packets.size(), 5U);
  EXPECT_EQ(read.packets[2].bytes, "0");
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_THAT(read.problems[0], HasSubstr("damaged behind packet 2: 38 bytes from byte 80 on were left out"));
}

TEST(Snoop, WithALengthThatCannotBeIsDamage) {
  const TemporaryFolder folder;
  for (const std::uint32_t record : {0U, 28U, 24U + 5U + 65U, 0xffffffffU}) {
    const Bytes wrong = Writer(Order::big)
                            .number(5, 4)
                            .number(5, 4)
                            .number(record, 4)
                            .number(0, 4)
                            .number(2, 4)
                            .number(0, 4)
                            .raw("first")
                            .bytes();
    const ReadBack read = read_all({folder.write("a", snoop({{1, 0, "first"}}) + wrong)});
    EXPECT_EQ(read.packets.size(), 1U);
    ASSERT_EQ(read.problems.size(), 1U);
    EXPECT_THAT(read.problems[0], HasSubstr("cannot be read beyond packet 1"));
  }
}

}  // namespace
}  // namespace tlspeel::capture
