// Token ring, FDDI, ARCNET, FireWire. Sources: IEEE Std 802.5, ANSI X3.139, RFC 1201 (ARCNET), RFC 2734,
// tcpdump.org/linktypes.html.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

// Behind the addresses. Packets of more than 504 bytes are split below IP and not joined here.
Layer after_arcnet_type(std::uint8_t type, Reader& r) {
  constexpr std::uint8_t kOldIp = 240;  // RFC 1051, without the fields for splitting
  constexpr std::uint8_t kException = 0xff;
  if (type == kOldIp) return Layer::ipv4;
  std::uint8_t split = r.u8();
  r.skip(2);  // sequence number
  if (split == kException) {
    type = r.u8();
    split = r.u8();
    r.skip(2);
  }
  if (split != 0) return Layer::not_ip;
  if (type == 212) return Layer::ipv4;
  return type == 196 ? Layer::ipv6 : Layer::not_ip;
}

}  // namespace

Layer parse_token_ring(Reader& r) {
  r.skip(1);  // access control
  const bool llc = (r.u8() & 0xc0U) == 0x40;
  r.skip(6);
  Reader source(r.bytes(6));
  const bool routed = (source.u8() & 0x80U) != 0;
  if (routed) {
    const std::size_t length = r.u8() & 0x1fU;  // of the routing information, itself included
    if (length < 2) return Layer::not_ip;
    r.skip(length - 1);
  }
  return llc ? after_llc(r) : Layer::not_ip;
}

Layer parse_fddi(Reader& r) {
  const bool llc = (r.u8() & 0xf0U) == 0x50;
  r.skip(12);
  return llc ? after_llc(r) : Layer::not_ip;
}

Layer parse_arcnet(Reader& r) {
  r.skip(2);
  return after_arcnet_type(r.u8(), r);
}

Layer parse_arcnet_linux(Reader& r) {
  r.skip(2 + 2);  // addresses, offset
  return after_arcnet_type(r.u8(), r);
}

Layer parse_firewire(Reader& r) {
  r.skip(16);
  return after_ether_type(r.u16(), r);
}

}  // namespace tlspeel::net
