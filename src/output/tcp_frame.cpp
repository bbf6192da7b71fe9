#include "output/tcp_frame.hpp"

#include <array>
#include <string_view>

namespace tlspeel::output {
namespace {

using namespace std::string_view_literals;

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kHops = 64;
constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kTcpHeader = 20;
// Behind a SYN: maximum segment size 1440, a filler, window scale 14.
constexpr std::string_view kSynOptions = "\x02\x04\x05\xa0\x01\x03\x03\x0e"sv;
// Locally administered addresses (IEEE 802): nobody has them.
constexpr std::array<std::string_view, 2> kMacs{"\x02\0\0\0\0\x01"sv, "\x02\0\0\0\0\x02"sv};
static_assert(TcpFrame::kMostPayload == 0x05a0);

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t i = sizeof number; i-- > 0;)
    out += static_cast<char>(static_cast<unsigned char>(number >> 8U * i));
}

std::string_view octets(const IpAddress& address) {
  return as_text(ByteView(address.octets).first(address.v6 ? 16 : 4));
}

// RFC 1071: the sum of 16-bit words, as if a zero stood behind an odd byte.
std::uint64_t sum_of(std::string_view bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += std::uint64_t{static_cast<unsigned char>(bytes[i])} << (i % 2 == 0 ? 8U : 0U);
  return sum;
}

std::uint16_t checksum_of(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void set_checksum(std::string& header, std::size_t offset, std::uint16_t checksum) {
  header[offset] = static_cast<char>(static_cast<unsigned char>(checksum >> 8U));
  header[offset + 1] = static_cast<char>(static_cast<unsigned char>(checksum));
}

void put_ipv4(std::string& out, const TcpFrame& frame, std::size_t payload) {
  std::string header;
  put(header, std::uint16_t{0x4500});
  put(header, static_cast<std::uint16_t>(kIpv4Header + payload));
  put(header, std::uint16_t{0});
  put(header, kDontFragment);
  put(header, kHops);
  put(header, kTcp);
  put(header, std::uint16_t{0});
  header += octets(frame.from.address);
  header += octets(frame.to.address);
  set_checksum(header, 10, checksum_of(sum_of(header)));
  out += header;
}

void put_ipv6(std::string& out, const TcpFrame& frame, std::size_t payload) {
  put(out, std::uint32_t{0x60000000});
  put(out, static_cast<std::uint16_t>(payload));
  put(out, kTcp);
  put(out, kHops);
  out += octets(frame.from.address);
  out += octets(frame.to.address);
}

std::string segment_of(const TcpFrame& frame) {
  const std::string_view options = (frame.flags & TcpFrame::kSyn) != 0 ? kSynOptions : ""sv;
  std::string segment;
  put(segment, frame.from.port);
  put(segment, frame.to.port);
  put(segment, frame.sequence);
  put(segment, frame.acknowledged);
  put(segment, static_cast<std::uint8_t>((kTcpHeader + options.size()) / 4 << 4U));
  put(segment, frame.flags);
  put(segment, std::uint16_t{0xffff});
  put(segment, std::uint32_t{0});  // checksum, nothing urgent
  segment += options;
  segment += as_text(frame.payload);
  // With a header that is not sent (RFC 9293 section 3.1): addresses, protocol and length.
  const std::uint64_t beside =
      sum_of(octets(frame.from.address)) + sum_of(octets(frame.to.address)) + kTcp + segment.size();
  set_checksum(segment, 16, checksum_of(sum_of(segment) + beside));
  return segment;
}

}  // namespace

std::string TcpFrame::bytes() const {
  const bool v6 = from.address.v6;
  std::string out;
  out += kMacs[from_client ? 1 : 0];
  out += kMacs[from_client ? 0 : 1];
  put(out, static_cast<std::uint16_t>(v6 ? 0x86dd : 0x0800));
  const std::string segment = segment_of(*this);
  v6 ? put_ipv6(out, *this, segment.size()) : put_ipv4(out, *this, segment.size());
  out += segment;
  return out;
}

}  // namespace tlspeel::output
