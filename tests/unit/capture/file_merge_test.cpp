// Several captures as one: the order of packets, what is open when, and what is said of each.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> texts(const ReadBack& read) {
  std::vector<std::string> out;
  for (const ReadPacket& packet : read.packets) out.push_back(packet.bytes);
  return out;
}

void expect_counted(const ReadBack& read) {
  for (std::size_t n = 0; n < read.packets.size(); ++n) EXPECT_EQ(read.packets[n].number, n + 1);
}

// So many descriptors for the time of a test.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t most) {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit few{most, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST(FileMerge, RotatedFilesStandInTheOrderOfTimeNotOfNames) {
  const TemporaryFolder folder;
  const std::string first = folder.write("dump.pcap", pcap({{1, 0, "a"}, {2, 0, "b"}}));
  const std::string second = folder.write("dump.pcap2", pcap({{3, 0, "c"}}));
  const std::string tenth = folder.write("dump.pcap10", pcap({{9, 0, "e"}}));
  const std::string empty = folder.write("dump.pcap11", pcap({}));
  const std::string third = folder.write("dump.pcap3", pcap({{4, 0, "d"}}));
  const ReadBack read = read_all({tenth, empty, second, third, first});
  EXPECT_THAT(texts(read), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(read.problems, IsEmpty());
  expect_counted(read);
}

TEST(FileMerge, FilesThatOverlapAreMergedToTheNanosecond) {
  const TemporaryFolder folder;
  const std::string micro = folder.write("a", pcap({{1, 1, "1.000001"}, {1, 2, "1.000002"}, {7, 0, "7"}}));
  const std::string nano =
      folder.write("b", pcap({{1, 1999, "1.000001999"}, {5, 0, "5"}}, 1, Order::big, kNanoseconds));
  const std::string next_generation =
      folder.write("c", pcapng_section(Order::little) + pcapng_interface(Order::little, 1) +
                            pcapng_packet(Order::little, 0, 3'000'000, "3") +
                            pcapng_packet(Order::little, 0, 6'000'000, "6"));
  const ReadBack read = read_all({next_generation, micro, nano});
  EXPECT_THAT(texts(read), ElementsAre("1.000001", "1.000001999", "1.000002", "3", "5", "6", "7"));
  expect_counted(read);
}

TEST(FileMerge, PacketsOfOneTimeStandInTheOrderOfTheArguments) {
  const TemporaryFolder folder;
  const std::string a = folder.write("a", pcap({{1, 0, "a1"}, {1, 0, "a2"}, {2, 0, "a3"}}));
  const std::string b = folder.write("b", pcap({{1, 0, "b1"}, {2, 0, "b2"}}));
  EXPECT_THAT(texts(read_all({a, b})), ElementsAre("a1", "a2", "b1", "a3", "b2"));
  EXPECT_THAT(texts(read_all({b, a})), ElementsAre("b1", "a1", "a2", "b2", "a3"));
}

TEST(FileMerge, ClockThatGoesBackLeavesTheOrderOfItsFile) {
  const TemporaryFolder folder;
  const std::string back =
      folder.write("a", pcap({{1, 0, "a1"}, {10, 0, "a10"}, {2, 0, "a2"}, {11, 0, "a11"}}));
  const std::string other = folder.write("b", pcap({{3, 0, "b3"}, {10, 0, "b10"}}));
  const ReadBack read = read_all({back, other});
  EXPECT_THAT(texts(read), ElementsAre("a1", "b3", "a10", "a2", "b10", "a11"));
  EXPECT_EQ(read.packets[3].time_ns, 2'000'000'000);
}

TEST(FileMerge, DamageNamesTheFileAndThePacketInIt) {
  const TemporaryFolder folder;
  const std::string whole = folder.write("whole", pcap({{1, 0, "one"}, {2, 0, "two"}, {9, 0, "nine"}}));
  Bytes bytes = pcap({{3, 0, "three"}, {4, 0, "four"}});
  bytes.resize(bytes.size() - 1);
  const std::string cut = folder.write("cut", bytes);
  const ReadBack read = read_all({whole, cut});
  EXPECT_THAT(texts(read), ElementsAre("one", "two", "three", "nine"));
  EXPECT_THAT(read.problems,
              ElementsAre(cut + ": cut off in the middle of packet 2; everything before it was read"));
  expect_counted(read);
}

TEST(FileMerge, FileDamagedBeforeItsFirstPacketIsSaidAndReadWhereItsTimeIs) {
  const TemporaryFolder folder;
  const std::string good = folder.write("good", pcap({{1, 0, "one"}, {9, 0, "nine"}}));
  const std::string bad = folder.write("bad", pcap_header() + Bytes(40, 0xff) + pcap_record({5, 0, "five"}) +
                                                  pcap_record({6, 0, "six"}) + pcap_record({7, 0, "seven"}));
  Bytes no_packet = pcap({{3, 0, "three"}});
  no_packet.resize(no_packet.size() - 1);
  const std::string none = folder.write("none", no_packet);
  const ReadBack read = read_all({good, bad, none});
  EXPECT_THAT(texts(read), ElementsAre("one", "five", "six", "seven", "nine"));
  ASSERT_EQ(read.problems.size(), 2U);
  EXPECT_EQ(read.problems[0], none + ": cut off in the middle of packet 1; everything before it was read");
  EXPECT_THAT(read.problems[1], HasSubstr(bad + ": damaged behind packet 0: 40 bytes"));
}

TEST(FileMerge, AnyNumberOfFilesThatFollowOneAnotherIsReadWithFewDescriptors) {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  for (std::uint32_t n = 0; n < 300; ++n) {
    // Each reaches into the one behind it.
    paths.push_back(folder.write(std::to_string(n), pcap({{n, 0, "first"}, {n + 1, 500, "last"}})));
  }
  std::ranges::reverse(paths);
  const FewDescriptors few(64);
  const ReadBack read = read_all(paths);
  EXPECT_THAT(read.problems, IsEmpty());
  ASSERT_EQ(read.packets.size(), 600U);
  EXPECT_TRUE(std::ranges::is_sorted(read.packets, {}, &ReadPacket::time_ns));
  expect_counted(read);
}

TEST(FileMerge, FilesThatOverlapAndAreTooManyAreReadLateWhichIsSaidOnce) {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  for (std::uint32_t n = 0; n < 100; ++n) {
    paths.push_back(folder.write(std::to_string(n), pcap({{n, 0, "first"}, {1000, 0, "last"}})));
  }
  const FewDescriptors few(64);
  const ReadBack read = read_all(paths);
  EXPECT_EQ(read.packets.size(), 200U);
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_THAT(read.problems[0], HasSubstr(paths[32] + ": more than 32 captures overlap in time"));
  expect_counted(read);
}

TEST(FileMerge, ManyFilesThatOverlapAreMerged) {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  std::vector<Record> records(50);
  for (std::uint32_t n = 0; n < 100; ++n) {
    for (std::uint32_t packet = 0; packet < records.size(); ++packet)
      records[packet] = {packet * 100 + n, 0, std::string(5000, 'x')};
    paths.push_back(folder.write(std::to_string(n), pcap(records)));
  }
  std::ranges::reverse(paths);
  const ReadBack read = read_all(paths);
  EXPECT_THAT(read.problems, IsEmpty());
  ASSERT_EQ(read.packets.size(), 5000U);
  for (std::size_t n = 0; n < read.packets.size(); ++n) {
    ASSERT_EQ(read.packets[n].time_ns, static_cast<std::int64_t>(n) * 1'000'000'000);
    ASSERT_EQ(read.packets[n].bytes.size(), 5000U);
  }
}

TEST(FileMerge, BytesOfAllFilesAreCounted) {
  const TemporaryFolder folder;
  const Bytes bytes = pcap({{1, 0, "one"}, {2, 0, "two"}});
  auto source = open_source({folder.write("a", bytes), folder.write("b", bytes)}, {});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_EQ((*source)->bytes_total(), bytes.size() * 2);
  EXPECT_EQ(read_all(**source).packets.size(), 4U);
  EXPECT_EQ((*source)->bytes_read(), bytes.size() * 2);
  Packet packet;
  EXPECT_EQ((*source)->next(packet), ReadState::end);
}

TEST(FileMerge, FileThatGoesAwayIsSaid) {
  const TemporaryFolder folder;
  const std::string early = folder.write("early", pcap({{1, 0, "one"}, {2, 0, "two"}}));
  const std::string late = folder.write("late", pcap({{3, 0, "three"}}));
  auto source = open_source({early, late}, {});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  std::filesystem::remove(late);
  const ReadBack read = read_all(**source);
  EXPECT_THAT(texts(read), ElementsAre("one", "two"));
  EXPECT_THAT(read.problems, ElementsAre(late + ": No such file or directory"));
}

}  // namespace
}  // namespace tlspeel::capture
