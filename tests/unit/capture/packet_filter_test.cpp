// tcpdump's expressions on packets of several link types.
#include "tlspeel/capture/packet_filter.hpp"

#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tlspeel::capture {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

constexpr int kNull = 0;
constexpr int kEthernet = 1;
constexpr int kRaw = 12;
constexpr int kRawInFiles = 101;
constexpr int kLoop = 108;
constexpr int kUserDefined = 147;
constexpr int kWlan = 105;

// IPv4 and TCP to the given port: just enough for a filter.
Bytes packet(std::uint8_t port) {
  Bytes out(40);
  out[0] = 0x45;
  out[3] = 40;
  out[9] = 6;
  out[23] = port;
  return out;
}

Bytes behind(Bytes header, const Bytes& rest) {
  header.insert(header.end(), rest.begin(), rest.end());
  return header;
}

Bytes ethernet(const Bytes& rest) {
  Bytes header(14);
  header[12] = 0x08;
  return behind(header, rest);
}

PacketFilter filter(const std::string& expression) {
  auto compiled = PacketFilter::compile(expression);
  EXPECT_TRUE(compiled) << compiled.error().message;
  return *std::move(compiled);
}

bool matches(PacketFilter& filter, int link_type, const Bytes& bytes) {
  return filter.matches(link_type, bytes, static_cast<std::uint32_t>(bytes.size()));
}

TEST(PacketFilter, FitsEachLinkType) {
  PacketFilter wanted = filter("tcp dst port 43");
  for (const std::uint8_t port : {std::uint8_t{43}, std::uint8_t{44}}) {
    const bool hit = port == 43;
    EXPECT_EQ(matches(wanted, kEthernet, ethernet(packet(port))), hit);
    EXPECT_EQ(matches(wanted, kRaw, packet(port)), hit);
    EXPECT_EQ(matches(wanted, kRawInFiles, packet(port)), hit);
    EXPECT_EQ(matches(wanted, kLoop, behind({0, 0, 0, 2}, packet(port))), hit);
  }
}

// The byte order of BSD loopback is that of a machine that nobody knows.
TEST(PacketFilter, FitsBothByteOrdersOfBsdLoopback) {
  PacketFilter wanted = filter("tcp dst port 43");
  PacketFilter unwanted = filter("not tcp dst port 43");
  for (const Bytes& family : {Bytes{0, 0, 0, 2}, Bytes{2, 0, 0, 0}}) {
    EXPECT_TRUE(matches(wanted, kNull, behind(family, packet(43))));
    EXPECT_FALSE(matches(wanted, kNull, behind(family, packet(44))));
    EXPECT_FALSE(matches(unwanted, kNull, behind(family, packet(43))));
    EXPECT_TRUE(matches(unwanted, kNull, behind(family, packet(44))));
  }
  EXPECT_FALSE(matches(wanted, kNull, Bytes{2, 0, 0}));
  EXPECT_FALSE(matches(wanted, kNull, {}));
}

TEST(PacketFilter, KnowsTheLengthOnTheWire) {
  PacketFilter large = filter("greater 1000");
  EXPECT_FALSE(large.matches(kRaw, packet(1), 40));
  EXPECT_TRUE(large.matches(kRaw, packet(1), 1400));
}

TEST(PacketFilter, RefusesWhatNoLinkTypeUnderstands) {
  const auto refused = PacketFilter::compile("port 443 or or");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("filter 'port 443 or or': "));
  EXPECT_THAT(refused.error().message, HasSubstr("syntax error"));
}

TEST(PacketFilter, TakesWhatOneLinkTypeUnderstands) {
  PacketFilter wlan = filter("wlan type data");
  EXPECT_EQ(wlan.problem_with(kWlan), std::nullopt);
  EXPECT_TRUE(matches(wlan, kWlan, behind({0x08, 0x02}, Bytes(40))));
  EXPECT_FALSE(matches(wlan, kEthernet, ethernet(packet(43))));
  EXPECT_THAT(wlan.problem_with(kEthernet),
              Optional(HasSubstr("'wlan type data' cannot be applied to link type EN10MB: ")));
}

// Where libpcap does not know the link type the packets inside are still looked at.
TEST(PacketFilter, IsNoProblemWhereItFitsIp) {
  EXPECT_EQ(filter("tcp port 43").problem_with(kUserDefined), std::nullopt);
  EXPECT_EQ(filter("tcp port 43").problem_with(258), std::nullopt);
  EXPECT_NE(filter("ether host 2:0:0:0:0:1").problem_with(kRaw), std::nullopt);
}

}  // namespace
}  // namespace tlspeel::capture
