// What comes out of captures of every kind, and out of damaged ones.
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
using ::testing::StartsWith;

constexpr std::int64_t kSecond = 1'000'000'000;

class PcapVariants : public ::testing::TestWithParam<std::tuple<Order, std::uint32_t>> {};

TEST_P(PcapVariants, ReadTheSame) {
  const auto [order, magic] = GetParam();
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "a.pcap",
      pcap({{1700000000, 123456, "first"}, {1700000001, 0, "second", 100}, {0xffffffff, 999999, ""}}, 101,
           order, magic));
  const std::int64_t unit = magic == kNanoseconds ? 1 : 1000;
  const ReadBack read = read_all({path});
  EXPECT_THAT(read.problems, IsEmpty());
  // LINKTYPE_RAW (101) in the file is DLT_RAW (12) in the program.
  ASSERT_EQ(read.packets.size(), 3U);
  EXPECT_EQ(read.packets[0], (ReadPacket{1, 1700000000 * kSecond + 123456 * unit, 5, 12, "first"}));
  EXPECT_EQ(read.packets[1], (ReadPacket{2, 1700000001 * kSecond, 106, 12, "second"}));
  EXPECT_EQ(read.packets[2].number, 3U);
  EXPECT_EQ(read.packets[2].bytes, "");
}

INSTANTIATE_TEST_SUITE_P(All, PcapVariants,
                         ::testing::Combine(::testing::Values(Order::little, Order::big),
                                            ::testing::Values(kMicroseconds, kNanoseconds)));

class PcapngVariants : public ::testing::TestWithParam<Order> {};

TEST_P(PcapngVariants, ReadTheSame) {
  const Order order = GetParam();
  const TemporaryFolder folder;
  const std::uint64_t micro = 1700000000123456;
  const std::uint64_t nano = 1700000000123456789;
  const std::string path = folder.write(
      "a.pcapng", pcapng_section(order) + pcapng_interface(order, 1) + pcapng_interface(order, 1, 9) +
                      pcapng_packet(order, 0, micro, "first") + pcapng_packet(order, 1, nano, "second") +
                      pcapng_simple_packet(order, "third") +
                      // a second section, as when files are put behind one another
                      pcapng_section(order) + pcapng_interface(order, 1) +
                      pcapng_packet(order, 0, micro, "fourth"));
  const ReadBack read = read_all({path});
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_THAT(read.packets, ElementsAre(ReadPacket{1, 1700000000 * kSecond + 123456000, 5, 1, "first"},
                                        ReadPacket{2, 1700000000 * kSecond + 123456789, 6, 1, "second"},
                                        ReadPacket{3, 0, 5, 1, "third"},
                                        ReadPacket{4, 1700000000 * kSecond + 123456000, 6, 1, "fourth"}));
}

INSTANTIATE_TEST_SUITE_P(All, PcapngVariants, ::testing::Values(Order::little, Order::big));

TEST(Pcapng, TimesThatDoNotFitAreTheNearestThatDo) {
  const TemporaryFolder folder;
  const Order order = Order::little;
  const std::string path = folder.write("a.pcapng", pcapng_section(order) + pcapng_interface(order, 1, 0) +
                                                        pcapng_packet(order, 0, 0x7fffffffffffffff, "late"));
  const ReadBack read = read_all({path});
  ASSERT_EQ(read.packets.size(), 1U);
  EXPECT_EQ(read.packets[0].time_ns, std::numeric_limits<std::int64_t>::max());
}

TEST(Pcapng, InterfacesMayDifferInEverything) {
  const TemporaryFolder folder;
  const Order order = Order::little;
  const std::string path = folder.write(
      "two.pcapng", pcapng_section(order) + pcapng_interface(order, 1) + pcapng_packet(order, 0, 1, "first") +
                        pcapng_interface(order, 101, 0x80U | 10U) +
                        pcapng_packet(order, 1, 2048 + 512, "second") + pcapng_section(Order::big) +
                        pcapng_interface(Order::big, 113, 9) + pcapng_packet(Order::big, 0, 7, "third"));
  const ReadBack read = read_all({path});
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_THAT(read.packets, ElementsAre(ReadPacket{1, 1000, 5, 1, "first"},
                                        ReadPacket{2, 2 * kSecond + kSecond / 2, 6, 12, "second"},
                                        ReadPacket{3, 7, 5, 113, "third"}));
}

TEST(Reading, HeaderWithoutPacketsIsFine) {
  const TemporaryFolder folder;
  const ReadBack read = read_all({folder.write("a.pcap", pcap({}))});
  EXPECT_THAT(read.packets, IsEmpty());
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST(Reading, SeveralFilesAreOneCapture) {
  const TemporaryFolder folder;
  const std::string one = folder.write("1.pcap", pcap({{5, 0, "a"}, {6, 0, "b"}}, 1));
  const std::string two = folder.write("2.pcap", pcap({}, 113));
  const std::string three = folder.write("3.pcap", pcap({{1, 0, "c"}}, 276, Order::big, kNanoseconds));
  auto source = open_source({one, two, three, one}, {});
  ASSERT_TRUE(source.has_value());
  const std::uint64_t total = std::uint64_t{24} * 4 + std::uint64_t{17} * 5;
  EXPECT_EQ((*source)->bytes_total(), total);
  const ReadBack read = read_all(**source);
  EXPECT_THAT(read.packets,
              ElementsAre(ReadPacket{1, kSecond, 1, 276, "c"}, ReadPacket{2, 5 * kSecond, 1, 1, "a"},
                          ReadPacket{3, 5 * kSecond, 1, 1, "a"}, ReadPacket{4, 6 * kSecond, 1, 1, "b"},
                          ReadPacket{5, 6 * kSecond, 1, 1, "b"}));
  EXPECT_EQ((*source)->bytes_read(), total);
  Packet packet;
  EXPECT_EQ((*source)->next(packet), ReadState::end);
}

TEST(Damage, CutAtEveryLengthKeepsWhatCameBefore) {
  const TemporaryFolder folder;
  const Bytes whole = pcap({{1, 0, "first"}, {2, 0, "second"}, {3, 0, "third"}});
  const std::vector<std::size_t> ends{24, 24 + 16 + 5, 24 + 16 + 5 + 16 + 6};
  for (std::size_t size = 24; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    const std::string path =
        folder.write("cut.pcap", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    const ReadBack read = read_all({path});
    const auto complete = static_cast<std::size_t>(std::count_if(ends.begin(), ends.end(),
                                                                 [&](auto end) { return end <= size; })) -
                          1;
    EXPECT_EQ(read.packets.size(), complete);
    if (size == ends[complete]) {
      EXPECT_THAT(read.problems, IsEmpty());
    } else {
      EXPECT_THAT(read.problems,
                  ElementsAre(path + ": cut off in the middle of packet " + std::to_string(complete + 1) +
                              "; everything before it was read"));
    }
  }
}

TEST(Damage, CutPcapngKeepsWhatCameBefore) {
  const TemporaryFolder folder;
  const Order order = Order::big;
  const Bytes start =
      pcapng_section(order) + pcapng_interface(order, 1) + pcapng_packet(order, 0, 1, "first");
  const Bytes whole = start + pcapng_packet(order, 0, 2, "second");
  for (std::size_t size = start.size(); size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    const std::string path =
        folder.write("cut.pcapng", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    const ReadBack read = read_all({path});
    EXPECT_EQ(read.packets.size(), 1U);
    if (size == start.size()) {
      EXPECT_THAT(read.problems, IsEmpty());
    } else {
      EXPECT_THAT(read.problems,
                  ElementsAre(path + ": cut off after packet 1; everything before it was read"));
    }
  }
}

TEST(Damage, NonsenseInAPacketHeaderIsNamed) {
  const TemporaryFolder folder;
  const Bytes nonsense = Writer(Order::little)
                             .number(2, 4)
                             .number(0, 4)
                             .number(0xfffffff0, 4)
                             .number(0xfffffff0, 4)
                             .raw("?")
                             .bytes();
  const std::string path = folder.write("bad.pcap", pcap({{1, 0, "first"}}) + nonsense);
  const ReadBack read = read_all({path});
  EXPECT_EQ(read.packets.size(), 1U);
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_THAT(
      read.problems[0],
      StartsWith(path + ": cannot be read beyond packet 1 (17 bytes from byte 45 on: no packet header)"));
}

TEST(Damage, OfOneFileDoesNotKeepTheNextFromBeingRead) {
  const TemporaryFolder folder;
  Bytes cut = pcap({{1, 0, "first"}, {2, 0, "second"}});
  cut.resize(cut.size() - 1);
  const std::string one = folder.write("1.pcap", cut);
  const std::string two = folder.write("2.pcap", pcap({{3, 0, "third"}}));
  const ReadBack read = read_all({one, two, one});
  ASSERT_EQ(read.packets.size(), 3U);
  EXPECT_EQ(read.packets[2].bytes, "third");
  EXPECT_EQ(read.packets[2].number, 3U);
  const std::string sentence = one + ": cut off in the middle of packet 2; everything before it was read";
  EXPECT_THAT(read.problems, ElementsAre(sentence, sentence));
}

TEST(Damage, FileThatWentAwayIsReportedWhenItsTurnComes) {
  const TemporaryFolder folder;
  const std::string one = folder.write("1.pcap", pcap({{1, 0, "first"}}));
  const std::string two = folder.write("2.pcap", pcap({{2, 0, "second"}}));
  auto source = open_source({one, two, one}, {});
  ASSERT_TRUE(source.has_value());
  std::filesystem::remove(two);
  const ReadBack read = read_all(**source);
  EXPECT_EQ(read.packets.size(), 2U);
  EXPECT_THAT(read.problems, ElementsAre(two + ": No such file or directory"));
}

// As Wireshark reads writers that forget the padding in the length, at both ends or at the first.
TEST(Pcapng, LengthWithoutPaddingIsRoundedUp) {
  const TemporaryFolder folder;
  for (const std::uint64_t behind : {37U, 40U}) {
    const Bytes odd = Writer(Order::little)
                          .number(6, 4)
                          .number(37, 4)
                          .number(0, 8)
                          .number(0, 4)
                          .number(5, 4)
                          .number(5, 4)
                          .raw(std::string("first\0\0\0", 8))
                          .number(behind, 4)
                          .bytes();
    const Bytes file = pcapng_section(Order::little) + pcapng_interface(Order::little, 1) + odd +
                       pcapng_packet(Order::little, 0, 1, "second");
    const ReadBack read = read_all({folder.write("a.pcapng", file)});
    ASSERT_EQ(read.packets.size(), 2U);
    EXPECT_EQ(read.packets[0].bytes, "first");
    EXPECT_EQ(read.packets[1].bytes, "second");
    EXPECT_TRUE(read.problems.empty());
  }
}

TEST(Pcapng, SectionWithNothingBehindItIsEmpty) {
  const TemporaryFolder folder;
  const ReadBack read = read_all({folder.write("a.pcapng", pcapng_section(Order::big))});
  EXPECT_TRUE(read.packets.empty());
  EXPECT_TRUE(read.problems.empty());
}

}  // namespace
}  // namespace tlspeel::capture
