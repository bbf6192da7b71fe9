#include "net/ip_packet.hpp"

namespace tlspeel::net {

// RFC 791 section 3.1.
Step parse_ipv4(const Stretch& packet, IpPacket& out) {
  constexpr std::size_t kFixedHeader = 20;
  Reader r(packet.bytes);
  const auto header = r.octets<kFixedHeader>();
  if (!r.ok()) return too_short(packet);
  const unsigned version_and_length = header[0];
  const std::size_t total_length = number_at<2, 2>(header);
  const auto id = static_cast<std::uint16_t>(number_at<2, 4>(header));
  const auto flags_and_offset = static_cast<std::uint16_t>(number_at<2, 6>(header));
  out.protocol = header[9];

  const std::size_t header_length = std::size_t{version_and_length & 0x0fU} * 4;
  if (version_and_length >> 4U != 4 || header_length < kFixedHeader) return Step::malformed;
  // Zero: the network card was to cut it into packets (TSO); then the frame says how long it is.
  const std::uint64_t length =
      total_length == 0 ? std::uint64_t{packet.bytes.size()} + packet.missing : total_length;
  if (length < header_length || length > kMaxDatagram) return Step::malformed;
  r.skip(header_length - kFixedHeader);
  if (!r.ok()) return too_short(packet);

  out.source = IpAddress::from_v4(std::array{header[12], header[13], header[14], header[15]});
  out.destination = IpAddress::from_v4(std::array{header[16], header[17], header[18], header[19]});
  out.payload = take(r, length - header_length);
  out.fragment = {id, (flags_and_offset & 0x1fffU) * 8U, (flags_and_offset & 0x2000U) != 0};
  out.fragmented = out.fragment.more || out.fragment.offset != 0;
  return out.fragmented || !is_extension(out.protocol) ? Step::go_on : skip_extensions(out);
}

}  // namespace tlspeel::net
