// Where batches are cut, and that the reader can be told to end.
#include "pipeline/packet_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tlspeel::pipeline {
namespace {

void put(std::string& out, std::uint32_t value) {  // in the byte order of a small-endian pcap
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

std::string pcap_header() {
  std::string out;
  for (const std::uint32_t field : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262144U, 101U}) put(out, field);
  return out;
}

// An IPv4 packet with an empty TCP segment, or with as many bytes of another protocol.
std::string pcap_record(std::uint32_t second, char protocol = 6) {
  std::string packet("\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x0a\0\0\1\x0a\0\0\2\xc0\0\1\xbb", 24);
  packet += std::string("\0\0\0\0\0\0\0\0\x50\x10\0\0\0\0\0\0", 16);
  packet[9] = protocol;
  std::string out;
  put(out, second);
  put(out, 0);
  put(out, static_cast<std::uint32_t>(packet.size()));
  put(out, static_cast<std::uint32_t>(packet.size()));
  return out + packet;
}

class PacketReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "packet_reader_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    config_.captures = {(folder_ / "capture.pcap").string()};
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  RunConfig config_;
  secrets::Store store_;
};

struct Cut {
  std::uint64_t first = 0;
  std::uint64_t last_item = 0;
  std::uint64_t last = 0;
};

struct Cuts final : BatchTarget {
  Batch batch;
  std::vector<Cut> cuts;

  Batch* acquire() override {
    batch.clear();
    return &batch;
  }
  void publish(Batch* full) override {
    cuts.push_back({full->items.front().at.number, full->items.back().at.number, full->last.number});
  }
};

// Nothing of it fills a batch, and yet the writer is told from time to time.
TEST_F(PacketReaderTest, WhatIsNotTcpGivesEmptyBatches) {
  struct Ends final : BatchTarget {
    Batch batch;
    std::vector<std::pair<std::uint64_t, event::Progress>> ends;
    std::vector<std::uint64_t> ends_before;  // of the batches at the end
    Batch* acquire() override {
      batch.clear();
      return &batch;
    }
    void publish(Batch* full) override {
      EXPECT_TRUE(full->items.empty());
      if (ends_before.empty()) ends.emplace_back(full->last.number, full->progress);
      if (full->ends_before != 0) ends_before.push_back(full->ends_before);
    }
  };
  constexpr std::uint32_t kPackets = 140'000;
  constexpr char kUdp = 17;
  std::ofstream out(config_.captures[0], std::ios::binary);
  out << pcap_header();
  const std::string record = pcap_record(1, kUdp);
  for (std::uint32_t n = 0; n < kPackets; ++n) out << record;
  out.close();
  Ends target;
  auto reader = PacketReader::open(config_, store_, target);
  ASSERT_TRUE(reader);
  while ((*reader)->read()) {
  }
  ASSERT_EQ(target.ends.size(), 3U);
  EXPECT_EQ(target.ends[0].first, 65536U);
  EXPECT_EQ(target.ends[1].first, 131072U);
  EXPECT_EQ(target.ends[2].first, kPackets);
  EXPECT_TRUE(target.batch.final);
  const std::uint64_t size = std::filesystem::file_size(config_.captures[0]);
  EXPECT_LT(target.ends[0].second.bytes_read, target.ends[1].second.bytes_read);
  EXPECT_EQ(target.ends[2].second.bytes_read, size);
  EXPECT_EQ(target.ends[0].second.bytes_total, size);
  // What connections say at their end comes in portions.
  ASSERT_GT(target.ends_before.size(), 4U);
  EXPECT_TRUE(std::ranges::is_sorted(target.ends_before, std::less_equal<>()));
  EXPECT_LT(target.ends_before.front(), kPackets / 4);
  EXPECT_LT(target.ends_before.back(), kPackets);
}

// Workers tell the session cache that they are through with everything up to a batch's last packet; the one
// after it must not count, for it may begin a session that is looked for right behind it.
TEST_F(PacketReaderTest, TheLastPacketOfABatchIsNotTheFirstOfTheNext) {
  std::ofstream out(config_.captures[0], std::ios::binary);
  out << pcap_header();
  for (std::uint32_t n = 0; n < 2 * kBatchPackets + 10; ++n) out << pcap_record(n);
  out.close();
  Cuts target;
  auto reader = PacketReader::open(config_, store_, target);
  ASSERT_TRUE(reader);
  while ((*reader)->read()) {
  }
  ASSERT_EQ(target.cuts.size(), 3U);
  EXPECT_EQ(target.cuts[0].last, target.cuts[0].last_item);
  EXPECT_LT(target.cuts[0].last, target.cuts[1].first);
  EXPECT_LT(target.cuts[1].last, target.cuts[2].first);
}

// Keeps what was published.
struct Published final : BatchTarget {
  Batch batch;
  std::vector<std::pair<std::uint64_t, std::string>> items;
  std::vector<std::string> problems;

  Batch* acquire() override {
    batch.clear();
    return &batch;
  }
  void publish(Batch* full) override {
    for (const BatchItem& item : full->items) {
      items.emplace_back(item.at.number, std::string(as_text(item.segment.payload)));
    }
    for (const Emitted& emitted : full->reader_events) {
      problems.push_back(std::get<event::CaptureProblem>(emitted.placed.event).message);
    }
  }
};

TEST_F(PacketReaderTest, PacketsThatTheFilterLeavesOutKeepTheirNumbers) {
  std::ofstream out(config_.captures[0], std::ios::binary);
  out << pcap_header();
  for (std::uint32_t n = 0; n < 4; ++n) {
    std::string record = pcap_record(n);
    if (n % 2 == 0) record[16 + 23] = '\x50';  // to port 336
    out << record;
  }
  out.close();
  config_.filter = "tcp port 443";
  Published target;
  auto reader = PacketReader::open(config_, store_, target);
  ASSERT_TRUE(reader);
  while ((*reader)->read()) {
  }
  ASSERT_EQ(target.items.size(), 2U);
  EXPECT_EQ(target.items[0].first, 2U);
  EXPECT_EQ(target.items[1].first, 4U);
  EXPECT_EQ((*reader)->counters().packets, 4U);
  EXPECT_EQ((*reader)->counters().filtered, 2U);
}

TEST_F(PacketReaderTest, AFilterThatDoesNotFitTheLinkTypeIsToldOnce) {
  std::ofstream out(config_.captures[0], std::ios::binary);
  out << pcap_header() << pcap_record(1) << pcap_record(2);
  out.close();
  config_.filter = "ether host 2:0:0:0:0:1";
  Published target;
  auto reader = PacketReader::open(config_, store_, target);
  ASSERT_TRUE(reader);
  while ((*reader)->read()) {
  }
  EXPECT_TRUE(target.items.empty());
  ASSERT_EQ(target.problems.size(), 1U);
  EXPECT_EQ(target.problems[0].substr(0, 65),
            "packet 1: the filter 'ether host 2:0:0:0:0:1' cannot be applied t");
}

TEST_F(PacketReaderTest, AFilterThatCannotBeReadKeepsTheRunFromStarting) {
  config_.filter = "port of rotterdam";
  Published target;
  auto reader = PacketReader::open(config_, store_, target);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().message.substr(0, 27), "filter 'port of rotterdam':");
}

// An A-MSDU of IEEE 802.11 with two segments.
TEST_F(PacketReaderTest, AllSegmentsOfAPacketAreTaken) {
  std::string body;
  for (const char* payload : {"one.", "two."}) {
    std::string packet = pcap_record(1).substr(16) + payload;
    packet[3] = 44;
    std::string subframe(12, '\0');
    subframe += std::string("\0\x34\xaa\xaa\x03\0\0\0\x08\0", 10) + packet;
    body += subframe + std::string((4 - subframe.size() % 4) % 4, '\0');
  }
  std::string frame("\x88\x02", 2);
  frame += std::string(22, '\0') + std::string("\x80\0", 2) + body;
  std::string header = pcap_header();
  header[20] = 105;
  std::ofstream out(config_.captures[0], std::ios::binary);
  std::string record;
  for (const std::uint32_t field :
       {1U, 0U, static_cast<std::uint32_t>(frame.size()), static_cast<std::uint32_t>(frame.size())}) {
    put(record, field);
  }
  out << header << record << frame;
  out.close();
  Published target;
  auto reader = PacketReader::open(config_, store_, target);
  ASSERT_TRUE(reader);
  while ((*reader)->read()) {
  }
  using Item = std::pair<std::uint64_t, std::string>;
  EXPECT_EQ(target.items, (std::vector<Item>{{1, "one."}, {1, "two."}}));
}

// Gives one batch; whoever reads the output is gone then.
struct OneBatch final : BatchTarget {
  Batch batch;
  bool given = false;
  std::promise<void> published;

  Batch* acquire() override { return std::exchange(given, true) ? nullptr : &batch; }
  void publish(Batch* /*batch*/) override { published.set_value(); }
};

TEST_F(PacketReaderTest, EndsWhenItIsToldToWhileTheInputPauses) {
  ASSERT_EQ(::mkfifo(config_.captures[0].c_str(), 0600), 0);
  OneBatch target;
  std::thread tcpdump([&] {
    std::ofstream out(config_.captures[0], std::ios::binary);
    out << pcap_header() << pcap_record(1) << std::flush;
    target.published.get_future().wait();
    out << pcap_record(2) << pcap_record(3) << std::flush;
  });
  auto reader = PacketReader::open(config_, store_, target);
  EXPECT_TRUE(reader);
  if (reader)
    while ((*reader)->read()) {
    }
  tcpdump.join();
  EXPECT_EQ(target.batch.items.size(), 1U);
}

}  // namespace
}  // namespace tlspeel::pipeline
