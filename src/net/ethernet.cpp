// Ethernet II, IEEE 802.3 with LLC or SNAP, and any stack of VLAN tags.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint16_t kLargestLength =
    1500;  // IEEE 802.3 clause 3.2.6: up to here it is a length, not a type

bool is_vlan_tag(std::uint16_t type) {
  // 802.1Q, 802.1ad, and the two values that were used for stacked tags before 802.1ad
  return type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200;
}

std::uint16_t skip_vlan_tags(std::uint16_t type, Reader& r) {
  while (is_vlan_tag(type)) {
    r.skip(2);
    type = r.u16();
  }
  return type;
}

NetworkProtocol ip_version(std::uint16_t type) {
  switch (type) {
    case 0x0800:
      return NetworkProtocol::ipv4;
    case 0x86dd:
      return NetworkProtocol::ipv6;
    default:
      return NetworkProtocol::not_ip;
  }
}

}  // namespace

NetworkProtocol parse_ethernet(Reader& r) {
  r.skip(12);
  return after_ether_type(r.u16(), r);
}

NetworkProtocol after_ether_type(std::uint16_t type, Reader& r) {
  type = skip_vlan_tags(type, r);
  return type <= kLargestLength ? after_llc(r) : ip_version(type);
}

NetworkProtocol after_llc(Reader& r) {
  const std::uint32_t header = r.u24();  // DSAP, SSAP, control
  if (header == 0x060603) return NetworkProtocol::ipv4;
  if (header != 0xaaaa03) return NetworkProtocol::not_ip;
  // RFC 1042: SNAP with the organization code of EtherTypes; 0000f8 is the bridge-tunnel encapsulation of the
  // same.
  const std::uint32_t organization = r.u24();
  const std::uint16_t type = skip_vlan_tags(r.u16(), r);
  return organization == 0x000000 || organization == 0x0000f8 ? ip_version(type) : NetworkProtocol::not_ip;
}

}  // namespace tlspeel::net
