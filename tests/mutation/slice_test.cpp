// Slices are made of whole packets of their connections, in order, and nothing of a capture is in none.
#include "slice.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture_map.hpp"
#include "mutant.hpp"

namespace tlspeel::mutation {
namespace {

struct Sample {
  Bytes bytes;
  CaptureMap map;
  std::vector<std::size_t> of_packets;
  std::set<std::size_t> connections;  // without kNoConnection
};

Sample sample(const std::string& name) {
  std::ifstream file(std::filesystem::path(TLSPEEL_CAPTURES) / name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Sample got{to_bytes(as_bytes(text)), {}, {}, {}};
  got.map = map_capture(got.bytes);
  got.of_packets = Connections().of_packets(got.bytes, got.map);
  got.connections = {got.of_packets.begin(), got.of_packets.end()};
  got.connections.erase(kNoConnection);
  return got;
}

Bytes record(const Bytes& file, const PacketPlace& packet) {
  return to_bytes(ByteView(file).subspan(packet.record.offset, packet.record.length));
}

std::vector<Bytes> records_of(const Sample& from, const std::set<std::size_t>& connections) {
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < from.of_packets.size(); ++i) {
    const std::size_t connection = from.of_packets[i];
    if (connection != kNoConnection && !connections.contains(connection)) continue;
    out.push_back(record(from.bytes, from.map.packets[i]));
  }
  return out;
}

// Many connections, both kinds of file, both orders of bytes, secrets between packets, cooked headers,
// tunnels.
class Slices : public testing::TestWithParam<const char*> {};

TEST_P(Slices, HoldTheWholePacketsOfTheirConnectionsInOrder) {
  const Sample whole = sample(GetParam());
  ASSERT_FALSE(whole.connections.empty());
  for (const std::size_t connection : whole.connections) {
    const Bytes cut = slice(whole.bytes, whole.map, whole.of_packets, {connection});
    const CaptureMap map = map_capture(cut);
    std::vector<Bytes> got;
    for (const PacketPlace& packet : map.packets) got.push_back(record(cut, packet));
    EXPECT_EQ(got, records_of(whole, {connection}));
    // What is no packet is all there.
    std::size_t left_out = 0;
    for (std::size_t i = 0; i < whole.of_packets.size(); ++i) {
      const std::size_t of = whole.of_packets[i];
      if (of != kNoConnection && of != connection) left_out += whole.map.packets[i].record.length;
    }
    EXPECT_EQ(cut.size(), whole.bytes.size() - left_out);
  }
}

TEST_P(Slices, OfAllConnectionsAreTheCapture) {
  const Sample whole = sample(GetParam());
  EXPECT_EQ(slice(whole.bytes, whole.map, whole.of_packets, whole.connections), whole.bytes);
}

INSTANTIATE_TEST_SUITE_P(Samples, Slices,
                         testing::Values("openssl_echo/capture.pcap", "resumed_ticket/capture.pcap",
                                         "pcapng/capture.pcapng", "pcapng_big_endian/capture.pcapng",
                                         "big_endian/capture.pcap", "secrets_between/capture.pcapng",
                                         "link_cooked_v2/capture.pcap", "tunnel_vxlan/capture.pcap",
                                         "ip_fragments/capture.pcap"));

TEST(Connections, BothDirectionsAreOne) {
  const Sample whole = sample("openssl_matrix/capture.pcap");
  EXPECT_GT(whole.connections.size(), 100U);
  EXPECT_LT(whole.connections.size(), whole.of_packets.size() / 6);  // a handshake has more packets
}

TEST(Connections, AFileHasTheNumbersOfTheFilesBeforeIt) {
  const Sample whole = sample("resumed_ticket/capture.pcap");
  Connections connections;
  const auto first = connections.of_packets(whole.bytes, whole.map);
  EXPECT_EQ(connections.of_packets(whole.bytes, whole.map), first);
}

TEST(Choices, AreOfTheFileAndNotTooMany) {
  const std::vector<std::size_t> of_packets{7, kNoConnection, 7, 9, 8, 9, 3, 4, 5, kNoConnection};
  const std::set<std::size_t> all{3, 4, 5, 7, 8, 9};
  std::set<std::size_t> seen;
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    std::set<std::size_t> chosen;
    choose_connections(of_packets, 4, random, chosen);
    sizes.insert(chosen.size());
    EXPECT_TRUE(std::ranges::includes(all, chosen));
    seen.insert(chosen.begin(), chosen.end());
  }
  EXPECT_EQ(seen, all);
  EXPECT_EQ(sizes, (std::set<std::size_t>{1, 2, 3, 4}));
}

TEST(Choices, OfACaptureWithoutConnectionsAreNone) {
  Random random(1);
  std::set<std::size_t> chosen;
  choose_connections({kNoConnection, kNoConnection}, 4, random, chosen);
  EXPECT_TRUE(chosen.empty());
}

TEST(Choices, OfFilesHoldTheDamagedOneAndEveryOtherNowAndThen) {
  std::set<std::size_t> seen;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const std::set<std::size_t> chosen = choose_files(5, 8, random);
    EXPECT_TRUE(chosen.contains(5));
    EXPECT_LE(chosen.size(), 3U);
    EXPECT_LT(*chosen.rbegin(), 8U);
    seen.insert(chosen.begin(), chosen.end());
  }
  EXPECT_EQ(seen.size(), 8U);
}

}  // namespace
}  // namespace tlspeel::mutation
