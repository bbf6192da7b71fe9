#include "net/ip_packet.hpp"

namespace tlspeel::net {

// RFC 8200 section 3.
Step parse_ipv6(const Stretch& packet, IpPacket& out) {
  constexpr std::size_t kHeader = 40;
  Reader r(packet.bytes);
  const std::uint32_t version_class_flow = r.u32();
  const std::size_t payload_length = r.u16();
  out.protocol = r.u8();
  r.skip(1);  // hop limit
  const ByteView source = r.bytes(16);
  const ByteView destination = r.bytes(16);
  if (!r.ok()) return too_short(packet);
  if (version_class_flow >> 28U != 6) return Step::malformed;

  // Zero: a jumbogram (RFC 2675) or a packet that the network card was to cut; then the frame says how long
  // it is.
  const std::uint64_t length =
      payload_length == 0 ? std::uint64_t{packet.bytes.size()} + packet.missing - kHeader : payload_length;
  if (length > kMaxDatagram) return Step::malformed;

  out.source = IpAddress::from_v6(source);
  out.destination = IpAddress::from_v6(destination);
  out.payload = take(r, length);
  out.fragmented = false;
  return skip_extensions(out);
}

}  // namespace tlspeel::net
