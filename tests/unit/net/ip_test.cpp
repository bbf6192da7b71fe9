// IPv4, IPv6 and TCP headers in every shape, and what is no TCP.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "frames.hpp"

namespace tlspeel::net {
namespace {

using namespace test;

constexpr int kRaw = 12;

struct Case {
  std::string name;
  Bytes packet;
  Verdict verdict = Verdict::tcp;
  std::string payload = "hello";
  std::uint32_t missing = 0;
  std::uint32_t cut_from_frame = 0;  // bytes that the snap length left out
};

Bytes udp(std::uint16_t source, std::uint16_t destination, ByteView payload) {
  return join(
      {number(source, 2), number(destination, 2), number(8 + payload.size(), 2), number(0, 2), payload});
}
Bytes quic(std::uint8_t first, std::uint32_t version, std::uint8_t id_length = 8) {
  return join({number(first, 1), number(version, 4), number(id_length, 1), Bytes(20)});
}
Bytes ipv4_with_header_length(std::uint8_t words) {
  Bytes packet = ipv4(tcp("hello"));
  packet[0] = static_cast<std::uint8_t>(0x40U | words);
  return packet;
}
Bytes tcp_with_data_offset(std::uint8_t words) {
  Bytes segment = tcp("hello");
  segment[12] = static_cast<std::uint8_t>(words << 4U);
  return ipv4(segment);
}
Bytes many_extensions(int count) {
  Bytes inside = tcp("hello");
  std::uint8_t next = 6;
  for (int i = 0; i < count; ++i, next = 60) inside = extension(next, inside);
  return ipv6(inside, 60);
}
Bytes without_last(Bytes packet, std::size_t count) {
  packet.resize(packet.size() - count);
  return packet;
}

std::vector<Case> segments() {
  const Bytes hello = tcp("hello");
  const TcpFields timestamps{.options = join({number(0x0101080a, 4), Bytes(8)})};
  return {
      {"plain", ipv4(hello)},
      {"no_payload", ipv4(tcp("")), Verdict::tcp, ""},
      {"ip_options", ipv4(hello, {.options = Bytes(40, 1)})},
      {"tcp_options", ipv4(tcp("hello", timestamps))},
      {"total_length_zero", ipv4(hello, {.total_length = 0})},
      {"total_length_zero_and_cut", without_last(ipv4(hello, {.total_length = 0}), 2), Verdict::tcp, "hel", 2,
       2},
      {"padding", join({ipv4(hello), Bytes(6, 0xee)})},
      {"padding_of_an_empty_segment", join({ipv4(tcp("")), Bytes(6, 0xee)}), Verdict::tcp, ""},
      {"total_length_longer_than_the_frame", ipv4(hello, {.total_length = 50}), Verdict::tcp, "hello", 5},
      {"cut_in_the_payload", without_last(ipv4(hello), 3), Verdict::tcp, "he", 3, 3},
      {"cut_in_the_tcp_options", without_last(ipv4(tcp("hello", timestamps)), 11), Verdict::tcp, "", 5, 11},
      {"authentication_header", ipv4(authentication(6, hello), {.protocol = 51})},
      {"v6_plain", ipv6(hello)},
      {"v6_hop_by_hop", ipv6(extension(6, hello), 0)},
      {"v6_chain", ipv6(extension(43, extension(60, extension(51, authentication(6, hello)), 2)), 0)},
      {"v6_mobility_hip_shim", ipv6(extension(139, extension(140, extension(6, hello))), 135)},
      {"v6_atomic_fragment", ipv6(fragment_header(0, false, hello), 44)},
      {"v6_length_zero", ipv6(hello, 6, 0)},
      {"v6_jumbogram", ipv6(extension(6, hello), 0, 0)},
      {"v6_padding", join({ipv6(hello), Bytes(3, 0xee)})},
      {"v6_cut_behind_extensions", without_last(ipv6(extension(6, hello), 0), 4), Verdict::tcp, "h", 4, 4},
      {"v6_sixteen_extensions", many_extensions(16)},
  };
}

std::vector<Case> others() {
  const Bytes hello = tcp("hello");
  const auto over = [](Verdict verdict, std::string name, Bytes packet, std::uint32_t cut = 0) {
    return Case{std::move(name), std::move(packet), verdict, "", 0, cut};
  };
  return {
      over(Verdict::not_tcp, "udp", ipv4(udp(5000, 53, Bytes(12)), {.protocol = 17})),
      over(Verdict::not_tcp, "icmp", ipv4(Bytes(8), {.protocol = 1})),
      over(Verdict::not_tcp, "v6_encrypted", ipv6(Bytes(40), 50)),
      over(Verdict::not_tcp, "v6_no_next_header", ipv6({}, 59)),
      over(Verdict::not_tcp, "udp_shorter_than_its_header", ipv4(Bytes(3), {.protocol = 17})),
      over(Verdict::quic, "quic_1", ipv4(udp(50000, 443, quic(0xc3, 1)), {.protocol = 17})),
      over(Verdict::quic, "quic_1_answer", ipv6(udp(443, 50000, quic(0xe0, 1)), 17)),
      over(Verdict::quic, "quic_2", ipv4(udp(50000, 443, quic(0xd1, 0x6b3343cf)), {.protocol = 17})),
      over(Verdict::quic, "quic_draft", ipv4(udp(50000, 443, quic(0xc0, 0xff00001d)), {.protocol = 17})),
      over(Verdict::quic, "quic_negotiation", ipv4(udp(443, 50000, quic(0xca, 0)), {.protocol = 17})),
      over(Verdict::quic, "quic_google", ipv4(udp(50000, 443, quic(0xc3, 0x51303530)), {.protocol = 17})),
      over(Verdict::quic, "quic_greased", ipv4(udp(50000, 443, quic(0xc3, 0x1a2a3a4a)), {.protocol = 17})),
      over(Verdict::not_tcp, "quic_short_header", ipv4(udp(50000, 443, quic(0x43, 1)), {.protocol = 17})),
      over(Verdict::not_tcp, "quic_on_another_port", ipv4(udp(50000, 444, quic(0xc3, 1)), {.protocol = 17})),
      over(Verdict::not_tcp, "quic_version_unheard_of",
           ipv4(udp(50000, 443, quic(0xc3, 0x12345678)), {.protocol = 17})),
      over(Verdict::not_tcp, "quic_connection_id_too_long",
           ipv4(udp(50000, 443, quic(0xc3, 1, 21)), {.protocol = 17})),
      over(Verdict::malformed, "ip_header_of_16_bytes", ipv4_with_header_length(4)),
      over(Verdict::malformed, "ip_header_longer_than_the_packet", ipv4_with_header_length(15)),
      over(Verdict::malformed, "total_length_within_the_header", ipv4(hello, {.total_length = 19})),
      over(Verdict::malformed, "ip_without_room_for_tcp", ipv4(Bytes(15), {.protocol = 6})),
      over(Verdict::malformed, "tcp_header_of_16_bytes", tcp_with_data_offset(4)),
      over(Verdict::malformed, "tcp_header_longer_than_the_packet", tcp_with_data_offset(7)),
      over(Verdict::malformed, "v6_seventeen_extensions", many_extensions(17)),
      over(Verdict::malformed, "v6_extension_longer_than_the_packet", ipv6(extension(6, hello, 0), 0, 4)),
      over(Verdict::headers_cut, "v6_cut_in_an_extension", without_last(ipv6(extension(6, hello, 8), 0), 40),
           40),
      over(Verdict::malformed, "total_length_zero_and_absurd_frame", ipv4(hello, {.total_length = 0}),
           0xffff0000U),
  };
}

class IpPackets : public ::testing::TestWithParam<Case> {};

TEST_P(IpPackets, GetTheirVerdict) {
  const Case& c = GetParam();
  Decoder decoder;
  Segment segment;
  const auto wire_length = static_cast<std::uint32_t>(c.packet.size()) + c.cut_from_frame;
  ASSERT_EQ(decoder.decode(kRaw, c.packet, wire_length, {1, 0}, segment), c.verdict);
  if (c.verdict != Verdict::tcp) return;
  EXPECT_EQ(as_text(segment.payload), c.payload);
  EXPECT_EQ(segment.payload_missing, c.missing);
  EXPECT_EQ(segment.flow.source.port, 51234);
}

// No input makes it read outside the packet, whatever the headers claim (the sanitizers watch).
TEST_P(IpPackets, SurviveEveryTruncationAndEveryByte) {
  const Case& c = GetParam();
  Decoder decoder;
  for (std::size_t size = 0; size <= c.packet.size(); ++size) {
    const Bytes cut(c.packet.begin(), c.packet.begin() + static_cast<std::ptrdiff_t>(size));
    for (const std::uint32_t beyond : {0U, 1U, 70000U}) {
      Segment segment;
      if (decoder.decode(kRaw, cut, static_cast<std::uint32_t>(size) + beyond, {1, 0}, segment) !=
          Verdict::tcp)
        continue;
      EXPECT_LE(segment.payload.size(), size);
    }
  }
  for (std::size_t at = 0; at < c.packet.size(); ++at) {
    Bytes changed = c.packet;
    for (int value = 0; value < 256; ++value) {
      changed[at] = static_cast<std::uint8_t>(value);
      Segment segment;
      (void)decoder.decode(kRaw, changed, static_cast<std::uint32_t>(changed.size()), {1, 0}, segment);
      EXPECT_LE(segment.payload.size(), changed.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tcp, IpPackets, ::testing::ValuesIn(segments()),
                         [](const auto& param) { return param.param.name; });
INSTANTIATE_TEST_SUITE_P(Others, IpPackets, ::testing::ValuesIn(others()),
                         [](const auto& param) { return param.param.name; });

TEST(Counters, AddUp) {
  Decoder decoder;
  Segment segment;
  std::uint64_t bytes = 0;
  std::uint64_t number_of_packets = 0;
  for (const auto& list : {segments(), others()}) {
    for (const Case& c : list) {
      const std::uint32_t cut = c.cut_from_frame < 1000 ? c.cut_from_frame : 0;
      decoder.decode(kRaw, c.packet, static_cast<std::uint32_t>(c.packet.size()) + cut,
                     {++number_of_packets, 0}, segment);
      bytes += c.packet.size();
    }
  }
  decoder.decode(147, {}, 0, {++number_of_packets, 0}, segment);
  const Counters& c = decoder.counters();
  EXPECT_EQ(c.packets, number_of_packets);
  EXPECT_EQ(c.bytes, bytes);
  EXPECT_EQ(c.wire_bytes, bytes + 2 + 3 + 11 + 4 + 40);
  EXPECT_EQ(c.cut, 5U);
  EXPECT_EQ(c.quic, 7U);
  EXPECT_EQ(c.headers_cut, 1U);
  EXPECT_EQ(c.unknown_link_type, 1U);
  EXPECT_EQ(c.tcp + c.not_ip + c.not_tcp + c.quic + c.malformed + c.headers_cut + c.unknown_link_type,
            number_of_packets);
}

}  // namespace
}  // namespace tlspeel::net
