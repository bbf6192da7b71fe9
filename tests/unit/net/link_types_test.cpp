// Every link type that the table has, alone and truncated at every length.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "frames.hpp"

namespace tlspeel::net {
namespace {

using namespace test;

constexpr std::string_view kPayload = "0123456789 payload";

struct Case {
  std::string name;
  int link_type;
  Bytes frame;
  std::size_t tcp_at;  // offset of the TCP header
  bool v6 = false;
};

Bytes v4() {
  return ipv4(tcp(kPayload));
}
Bytes v6() {
  return ipv6(tcp(kPayload));
}
Bytes cooked_v1(std::uint16_t hardware, std::uint16_t protocol, ByteView payload) {
  return join({number(4, 2), number(hardware, 2), number(6, 2), number(0x0200000000010000, 8),
               number(protocol, 2), payload});
}
Bytes cooked_v2(std::uint16_t hardware, std::uint16_t protocol, ByteView payload) {
  return join({number(protocol, 2), number(0, 2), number(3, 4), number(hardware, 2), number(4, 1),
               number(6, 1), number(0x0200000000010000, 8), payload});
}
Bytes snap(std::uint32_t organization, std::uint16_t type, ByteView payload) {
  return join({number(0xaaaa03, 3), number(organization, 3), number(type, 2), payload});
}

std::vector<Case> cases() {
  std::vector<Case> all{
      {"ethernet_ipv4", 1, ethernet(0x0800, v4()), 34},
      {"ethernet_ipv6", 1, ethernet(0x86dd, v6()), 54, true},
      {"ethernet_padded", 1, join({ethernet(0x0800, v4()), Bytes(9, 0xee)}), 34},
      {"vlan", 1, ethernet(0x8100, vlan(0x0800, v4())), 38},
      {"vlan_qinq", 1, ethernet(0x88a8, vlan(0x8100, vlan(0x86dd, v6()))), 62, true},
      {"vlan_four_tags", 1, ethernet(0x9100, vlan(0x9100, vlan(0x9200, vlan(0x8100, vlan(0x0800, v4()))))),
       50},
      {"vlan_llc_snap", 1, ethernet(0x8100, vlan(68, snap(0, 0x0800, v4()))), 46},
      {"llc_snap", 1, ethernet(66, snap(0, 0x0800, v4())), 42},
      {"llc_snap_bridge_tunnel", 1, ethernet(66, snap(0xf8, 0x86dd, v6())), 62, true},
      {"llc_snap_vlan", 1, ethernet(70, snap(0, 0x8100, vlan(0x0800, v4()))), 46},
      {"llc_ip", 1, ethernet(61, join({number(0x060603, 3), v4()})), 37},
      {"sll_ipv4", 113, cooked_v1(1, 0x0800, v4()), 36},
      {"sll_ipv6", 113, cooked_v1(772, 0x86dd, v6()), 56, true},
      {"sll_vlan", 113, cooked_v1(1, 0x8100, vlan(0x0800, v4())), 40},
      {"sll_llc", 113, cooked_v1(1, 0x0004, snap(0, 0x0800, v4())), 44},
      {"sll2_ipv4", 276, cooked_v2(1, 0x0800, v4()), 40},
      {"sll2_ipv6", 276, cooked_v2(65534, 0x86dd, v6()), 60, true},
      {"loop_ipv4", 108, join({number(2, 4), v4()}), 24},
      {"loop_ipv6", 108, join({number(24, 4), v6()}), 44, true},
      {"null_ipv4_big_endian", 0, join({number(2, 4), v4()}), 24},
      {"null_ipv4_little_endian", 0, join({number(0x02000000, 4), v4()}), 24},
  };
  for (const std::uint32_t family : {10U, 24U, 28U, 30U}) {
    all.push_back(
        {"null_ipv6_big_endian_" + std::to_string(family), 0, join({number(family, 4), v6()}), 44, true});
    all.push_back({"null_ipv6_little_endian_" + std::to_string(family), 0,
                   join({number(family << 24U, 4), v6()}), 44, true});
  }
  for (const int raw : {12, 14, 101, 228, 229}) {
    all.push_back({"raw_ipv4_" + std::to_string(raw), raw, v4(), 20});
    all.push_back({"raw_ipv6_" + std::to_string(raw), raw, v6(), 40, true});
  }
  return all;
}

class LinkTypes : public ::testing::TestWithParam<Case> {};

TEST_P(LinkTypes, HandsOutTheSegment) {
  const Case& c = GetParam();
  Decoder decoder;
  Segment segment;
  ASSERT_EQ(decoder.decode(c.link_type, c.frame, static_cast<std::uint32_t>(c.frame.size()), {1, 0}, segment),
            Verdict::tcp);
  EXPECT_EQ(as_text(segment.payload), kPayload);
  EXPECT_EQ(segment.payload_missing, 0U);
  EXPECT_EQ(segment.seq, 0xfffffff0U);
  EXPECT_EQ(segment.ack, 77U);
  EXPECT_EQ(segment.flags, kPsh | kAck);
  EXPECT_EQ(segment.window, 512);
  EXPECT_EQ(segment.flow.source.to_string(), c.v6 ? "[2001:db8::1]:51234" : "192.0.2.7:51234");
  EXPECT_EQ(segment.flow.destination.to_string(), c.v6 ? "[2001:db8::2]:443" : "198.51.100.4:443");
  EXPECT_EQ(decoder.counters().tcp, 1U);
}

// Copies, so that a sanitizer sees a read behind the end.
Bytes first_bytes(const Bytes& frame, std::size_t size) {
  return {frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST_P(LinkTypes, SnapLengthCutsAtEveryLength) {
  const Case& c = GetParam();
  constexpr std::size_t kNeededOfTcp = 16;  // up to the window
  for (std::size_t size = 0; size < c.frame.size(); ++size) {
    SCOPED_TRACE(size);
    const Bytes cut = first_bytes(c.frame, size);
    Decoder decoder;
    Segment segment;
    const Verdict verdict =
        decoder.decode(c.link_type, cut, static_cast<std::uint32_t>(c.frame.size()), {1, 0}, segment);
    EXPECT_EQ(decoder.counters().cut, 1U);
    if (size < c.tcp_at + kNeededOfTcp) {
      EXPECT_EQ(verdict, Verdict::headers_cut);
      continue;
    }
    ASSERT_EQ(verdict, Verdict::tcp);
    const std::size_t payload_at = c.tcp_at + 20;
    const std::size_t present = size < payload_at ? 0 : std::min(size - payload_at, kPayload.size());
    EXPECT_EQ(as_text(segment.payload), kPayload.substr(0, present));
    EXPECT_EQ(segment.payload_missing, kPayload.size() - present);
  }
}

TEST_P(LinkTypes, ShortFrameOnTheWireIsMalformed) {
  const Case& c = GetParam();
  for (std::size_t size = 0; size < c.tcp_at + 16; ++size) {
    SCOPED_TRACE(size);
    const Bytes cut = first_bytes(c.frame, size);
    Decoder decoder;
    Segment segment;
    const Verdict verdict =
        decoder.decode(c.link_type, cut, static_cast<std::uint32_t>(size), {1, 0}, segment);
    // Behind a complete IP header its length says that more should be there: that is the same as a snap
    // length.
    EXPECT_EQ(verdict, size < c.tcp_at ? Verdict::malformed : Verdict::headers_cut);
    EXPECT_EQ(decoder.counters().cut, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(All, LinkTypes, ::testing::ValuesIn(cases()),
                         [](const auto& param) { return param.param.name; });

struct NotIp {
  const char* name;
  int link_type;
  Bytes frame;
  Verdict verdict;
};

class OtherTraffic : public ::testing::TestWithParam<NotIp> {};

TEST_P(OtherTraffic, IsNamed) {
  const NotIp& c = GetParam();
  Decoder decoder;
  Segment segment;
  EXPECT_EQ(decoder.decode(c.link_type, c.frame, static_cast<std::uint32_t>(c.frame.size()), {1, 0}, segment),
            c.verdict);
  EXPECT_EQ(decoder.counters().tcp, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All, OtherTraffic,
    ::testing::ValuesIn(std::vector<NotIp>{
        {"arp", 1, ethernet(0x0806, Bytes(28)), Verdict::not_ip},
        {"spanning_tree", 1, ethernet(38, join({number(0x424203, 3), Bytes(35)})), Verdict::not_ip},
        {"snap_of_another_organization", 1, ethernet(66, snap(0x00000c, 0x0800, v4())), Verdict::not_ip},
        {"cisco_metadata_of_another_version", 1,
         ethernet(0x8909, join({number(0x020100010002, 6), number(0x0800, 2), v4()})), Verdict::not_ip},
        {"cisco_metadata_without_length", 1,
         ethernet(0x8909, join({number(0x010000010002, 6), number(0x0800, 2), v4()})), Verdict::not_ip},
        {"arista_of_another_kind", 1,
         ethernet(0xd28b, join({number(0xcafe0010, 4), Bytes(8), number(0x0800, 2), v4()})), Verdict::not_ip},
        {"arista_of_another_size", 1,
         ethernet(0xd28b, join({number(0x00010030, 4), Bytes(8), number(0x0800, 2), v4()})), Verdict::not_ip},
        {"trill_of_another_version", 1,
         ethernet(0x22f3, join({number(0x403f00010002, 6), ethernet(0x0800, v4())})), Verdict::not_ip},
        {"netlink", 113, cooked_v1(824, 0x0800, v4()), Verdict::not_ip},
        {"novell_in_sll", 113, cooked_v1(1, 0x0001, v4()), Verdict::not_ip},
        {"appletalk_on_loopback", 0, join({number(16, 4), v4()}), Verdict::not_ip},
        {"raw_of_no_version", 101, Bytes(40), Verdict::not_ip},
        {"ipv6_behind_the_type_of_ipv4", 1, ethernet(0x0800, v6()), Verdict::malformed},
        {"ipv4_behind_the_type_of_ipv6", 1, ethernet(0x86dd, v4()), Verdict::malformed},
        {"link_type_nobody_knows", 147, v4(), Verdict::unknown_link_type},
    }),
    [](const auto& param) { return param.param.name; });

// What keeps a frame from being read is counted by its EtherType, where that is worth telling.
std::map<std::uint16_t, std::uint64_t> other_ether_types(int link_type, const std::vector<Bytes>& frames) {
  Decoder decoder;
  Segment segment;
  for (const Bytes& frame : frames) {
    decoder.decode(link_type, frame, static_cast<std::uint32_t>(frame.size()), {1, 0}, segment);
  }
  EXPECT_EQ(decoder.counters().tcp, 0U);
  return decoder.counters().other_ether_types;
}
using Counted = std::map<std::uint16_t, std::uint64_t>;

TEST(OtherEtherTypes, AreThoseBehindTheTagsAndInInnerFrames) {
  const Bytes encrypted = ethernet(0x88e5, join({number(0x0c00, 2), number(1, 4), Bytes(40, 0xee)}));
  EXPECT_EQ(
      other_ether_types(
          1, {ethernet(0x1234, Bytes(40)), ethernet(0x8100, vlan(0x1234, Bytes(40))),
              ethernet(0x88e7, join({Bytes(4), ethernet(0x4321, Bytes(40))})), encrypted,
              ethernet(0x8100, vlan(0x8909, join({number(0x020100010002, 6), number(0x0800, 2), v4()})))}),
      (Counted{{0x1234, 2}, {0x4321, 1}, {0x88e5, 1}, {0x8909, 1}}));
  EXPECT_EQ(other_ether_types(113, {cooked_v1(1, 0x1234, Bytes(40))}), (Counted{{0x1234, 1}}));
  EXPECT_EQ(other_ether_types(276, {join({number(0x1234, 2), Bytes(18), Bytes(40)})}),
            (Counted{{0x1234, 1}}));
}

TEST(OtherEtherTypes, AreNotWhatIsUsualBesideIpNorWithoutAType) {
  const Bytes no_tcp = ipv4(Bytes(20), {.protocol = 1});
  EXPECT_EQ(
      other_ether_types(1, {ethernet(0x0806, Bytes(28)), ethernet(0x8100, vlan(0x88cc, Bytes(40))),
                            ethernet(38, join({number(0x424203, 3), Bytes(35)})), ethernet(0x0800, no_tcp),
                            ethernet(0x8864, join({number(0x1100, 2), number(9, 2), number(12, 2),
                                                   number(0xc021, 2), Bytes(10)})),
                            Bytes(13)}),
      Counted{});
  EXPECT_EQ(other_ether_types(113, {cooked_v1(824, 0x0010, v4()), cooked_v1(1, 0x0001, v4())}), Counted{});
  EXPECT_EQ(other_ether_types(0, {join({number(16, 4), v4()})}), Counted{});
  EXPECT_EQ(other_ether_types(147, {v4()}), Counted{});
}

TEST(LinkTypeNames, AreThereForKnownTypesOnly) {
  EXPECT_STREQ(link_type_name(1), "Ethernet");
  EXPECT_STREQ(link_type_name(276), "Linux cooked v2 (SLL2)");
  EXPECT_EQ(link_type_name(147), nullptr);
  EXPECT_EQ(link_type_name(-1), nullptr);
}

}  // namespace
}  // namespace tlspeel::net
