// What stands behind damage is read, and the damage is told once.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/base/counts.hpp"

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t kStart = 1700000000;

std::string body(std::uint32_t i) {
  return "packet " + std::to_string(i) + std::string(20 + i % 7, '\xab');
}

Bytes numbered_pcap(std::uint32_t from, std::uint32_t to, Order order) {
  Bytes out;
  for (std::uint32_t i = from; i < to; ++i) append(out, pcap_record({kStart + i, i, body(i)}, order));
  return out;
}

Bytes numbered_pcapng(std::uint32_t from, std::uint32_t to, Order order) {
  Bytes out;
  for (std::uint32_t i = from; i < to; ++i) append(out, pcapng_packet(order, 0, i, body(i)));
  return out;
}

std::vector<std::string> bodies(const ReadBack& read) {
  std::vector<std::string> out;
  for (const ReadPacket& packet : read.packets) out.push_back(packet.bytes);
  return out;
}

std::vector<std::string> bodies_but(std::uint32_t to, std::uint32_t left_out_from,
                                    std::uint32_t left_out_to) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < to; ++i) {
    if (i < left_out_from || i >= left_out_to) out.push_back(body(i));
  }
  return out;
}

std::string told(const std::string& path, std::size_t packet, std::size_t skipped, std::size_t offset,
                 const std::string& what) {
  return path + ": damaged behind packet " + std::to_string(packet) + ": " + grouped(skipped) +
         " bytes from byte " + grouped(offset) + " on were left out (" + what +
         "); reading goes on behind them";
}

class DamageBothOrders : public ::testing::TestWithParam<Order> {};

TEST_P(DamageBothOrders, GarbageInAPcapIsPassedOver) {
  const Order order = GetParam();
  const TemporaryFolder folder;
  for (const std::size_t size : {1U, 15U, 16U, 1001U, 3000000U}) {
    SCOPED_TRACE(size);
    const Bytes before = pcap_header(1, order) + numbered_pcap(0, 5, order);
    const Bytes garbage(size, 0xfe);
    const std::string path = folder.write("a.pcap", before + garbage + numbered_pcap(5, 10, order));
    const ReadBack read = read_all({path});
    EXPECT_EQ(bodies(read), bodies_but(10, 0, 0));
    // One byte more makes a little-endian length 256 times as large, which a packet may still have.
    const std::string what = size == 1 && order == Order::little
                                 ? "a packet that runs past the end of the file"
                                 : "no packet header";
    EXPECT_THAT(read.problems, ElementsAre(told(path, 5, size, before.size(), what)));
  }
}

TEST_P(DamageBothOrders, GarbageInAPcapngIsPassedOver) {
  const Order order = GetParam();
  const TemporaryFolder folder;
  for (const std::size_t size : {1U, 4U, 15U, 1001U, 3000000U}) {
    SCOPED_TRACE(size);
    const Bytes before = pcapng_section(order) + pcapng_interface(order, 1) + numbered_pcapng(0, 5, order);
    const Bytes garbage(size, 0xfe);
    const std::string path = folder.write("a.pcapng", before + garbage + numbered_pcapng(5, 10, order));
    const ReadBack read = read_all({path});
    EXPECT_EQ(bodies(read), bodies_but(10, 0, 0));
    EXPECT_THAT(read.problems, ElementsAre(told(path, 5, size, before.size(), "no block")));
  }
}

INSTANTIATE_TEST_SUITE_P(All, DamageBothOrders, ::testing::Values(Order::little, Order::big));

TEST(DamagePcap, ZerosAtTheEndAreNotPackets) {
  const TemporaryFolder folder;
  const Bytes before = pcap_header() + numbered_pcap(0, 5, Order::little);
  const std::string path = folder.write("a.pcap", before + Bytes(4096, 0));
  const ReadBack read = read_all({path});
  EXPECT_EQ(bodies(read), bodies_but(5, 0, 0));
  EXPECT_THAT(read.problems,
              ElementsAre(path + ": cannot be read beyond packet 5 (4,096 bytes from byte " +
                          grouped(before.size()) + " on: no packet header); everything before it was read"));
}

TEST(DamagePcapng, ZerosAtTheEndAreNotBlocks) {
  const TemporaryFolder folder;
  const Bytes before = pcapng_section(Order::little) + pcapng_interface(Order::little, 1) +
                       numbered_pcapng(0, 5, Order::little);
  const std::string path = folder.write("a.pcapng", before + Bytes(4096, 0));
  const ReadBack read = read_all({path});
  EXPECT_EQ(bodies(read), bodies_but(5, 0, 0));
  EXPECT_THAT(read.problems,
              ElementsAre(path + ": cannot be read beyond packet 5 (4,096 bytes from byte " +
                          grouped(before.size()) + " on: no block); everything before it was read"));
}

// A byte that is lost takes the packet with it that it belongs to, and at most the one behind it.
TEST(DamagePcap, ALostByteCostsAtMostTwoPackets) {
  const TemporaryFolder folder;
  const Bytes whole = pcap_header() + numbered_pcap(0, 12, Order::little);
  const std::size_t from = 24 + numbered_pcap(0, 4, Order::little).size();
  const std::size_t to = 24 + numbered_pcap(0, 5, Order::little).size();
  for (std::size_t lost = from; lost < to; ++lost) {
    SCOPED_TRACE(lost);
    Bytes bytes = whole;
    bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(lost));
    const ReadBack read = read_all({folder.write("a.pcap", bytes)});
    EXPECT_EQ(read.problems.size(), 1U);
    ASSERT_GE(read.packets.size(), 10U);
    EXPECT_EQ(read.packets[3].bytes, body(3));
    EXPECT_EQ(read.packets.back().bytes, body(11));
    EXPECT_EQ(read.packets[read.packets.size() - 6].bytes, body(6));
  }
}

TEST(DamagePcapng, ALostByteCostsOneBlock) {
  const TemporaryFolder folder;
  const Bytes start = pcapng_section(Order::little) + pcapng_interface(Order::little, 1);
  const Bytes whole = start + numbered_pcapng(0, 12, Order::little);
  const std::size_t from = start.size() + numbered_pcapng(0, 4, Order::little).size();
  const std::size_t to = start.size() + numbered_pcapng(0, 5, Order::little).size();
  for (std::size_t lost = from; lost < to; ++lost) {
    SCOPED_TRACE(lost);
    Bytes bytes = whole;
    bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(lost));
    const ReadBack read = read_all({folder.write("a.pcapng", bytes)});
    EXPECT_EQ(read.problems.size(), 1U);
    EXPECT_EQ(bodies(read), bodies_but(12, 4, 5));
  }
}

TEST(DamagePcapng, PacketsOfUnknownInterfacesAreToldTogether) {
  const TemporaryFolder folder;
  const Order order = Order::little;
  const Bytes start = pcapng_section(order) + pcapng_interface(order, 1);
  const Bytes unknown = pcapng_packet(order, 7, 1, "one") + pcapng_packet(order, 8, 1, "two");
  const std::string path = folder.write("a.pcapng", start + unknown + pcapng_packet(order, 0, 1, "good"));
  const ReadBack read = read_all({path});
  EXPECT_THAT(bodies(read), ElementsAre("good"));
  EXPECT_THAT(read.problems,
              ElementsAre(told(path, 0, unknown.size(), start.size(), "a block that contradicts itself")));
}

TEST(DamagePcapng, BlocksThatNobodyReadsMayBeLarge) {
  const TemporaryFolder folder;
  const Order order = Order::little;
  const std::string path = folder.write("a.pcapng", pcapng_section(order) + pcapng_interface(order, 1) +
                                                        pcapng_secrets(order, std::string(20U << 20U, 'x')) +
                                                        pcapng_packet(order, 0, 1, "behind"));
  const ReadBack read = read_all({path});
  EXPECT_THAT(bodies(read), ElementsAre("behind"));
  EXPECT_THAT(read.problems, IsEmpty());
}

}  // namespace
}  // namespace tlspeel::capture
