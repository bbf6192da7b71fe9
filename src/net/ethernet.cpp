// Ethernet II, IEEE 802.3 with LLC or SNAP, any stack of tags, and what EtherTypes say lies behind.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint16_t kLargestLength =
    1500;  // IEEE 802.3 clause 3.2.6: up to here it is a length, not a type

// Bytes that a tag has before the type it hides; 0: this type is no tag.
std::size_t tag_size(std::uint16_t type) {
  switch (type) {
    case 0x8100:  // IEEE 802.1Q
    case 0x88a8:  // IEEE 802.1ad, and IEEE 802.1ah's backbone VLAN
    case 0x9100:  // two values that were used for stacked tags before 802.1ad
    case 0x9200:
      return 2;
    case 0x893f:  // E-TAG, IEEE 802.1BR
      return 6;
    case 0x8926:  // VN-Tag
      return 4;
    default:
      return 0;
  }
}

std::uint16_t skip_tags(std::uint16_t type, Reader& r) {
  while (const std::size_t size = tag_size(type)) {
    r.skip(size);
    type = r.u16();
  }
  return type;
}

// IEEE 802.1AE section 9: the SecTAG, and behind it the type that was there before. Only frames that are
// signed but not encrypted can be read.
bool skip_security_tag(Reader& r) {
  constexpr unsigned kHasChannel = 0x20;
  constexpr unsigned kEncryptedOrChanged = 0x0c;
  const unsigned control = r.u8();
  r.skip(1 + 4);  // short length, packet number
  if ((control & kHasChannel) != 0) r.skip(8);
  return (control & kEncryptedOrChanged) == 0;
}

Layer by_type(std::uint16_t type, Reader& r) {
  switch (type) {
    case 0x0800:
      return Layer::ipv4;
    case 0x86dd:
      return Layer::ipv6;
    case 0x8847:
    case 0x8848:
      return Layer::mpls;
    case 0x8864:
      return parse_pppoe(r);
    case 0x880b:
      return Layer::ppp;
    case 0x894f:
      return Layer::nsh;
    case 0x6558:  // Transparent Ethernet Bridging
      return Layer::ethernet;
    case 0x88e7:  // IEEE 802.1ah: the service instance, and the customer's frame
      r.skip(4);
      return Layer::ethernet;
    case 0x88e5: {
      const bool readable = skip_security_tag(r);
      const std::uint16_t inner = skip_tags(r.u16(), r);
      if (!readable) return Layer::not_ip;
      if (inner == 0x0800) return Layer::ipv4;
      return inner == 0x86dd ? Layer::ipv6 : Layer::not_ip;
    }
    default:
      return Layer::not_ip;
  }
}

}  // namespace

Layer parse_ethernet(Reader& r) {
  r.skip(12);
  return after_ether_type(r.u16(), r);
}

Layer after_ether_type(std::uint16_t type, Reader& r) {
  if (type == 0x0800) return Layer::ipv4;  // nearly always
  type = skip_tags(type, r);
  return type <= kLargestLength ? after_llc(r) : by_type(type, r);
}

Layer after_llc(Reader& r) {
  const std::uint32_t header = r.u24();  // DSAP, SSAP, control
  if (header == 0x060603) return Layer::ipv4;
  if (header == 0xfefe03) return after_nlpid(r.u8(), r);  // RFC 2684 section 5.2
  if (header != 0xaaaa03) return Layer::not_ip;
  const std::uint32_t organization = r.u24();
  const std::uint16_t type = r.u16();
  // RFC 2684 section 5.2 (ATM): a bridged Ethernet frame behind two bytes of padding, with (1) and without
  // (7) its checksum.
  if (organization == 0x0080c2 && (type == 1 || type == 7)) {
    r.skip(2);
    return Layer::ethernet;
  }
  // RFC 1042: SNAP with the organization code of EtherTypes; 0000f8 is the bridge-tunnel encapsulation of the
  // same.
  if (organization != 0x000000 && organization != 0x0000f8) return Layer::not_ip;
  const std::uint16_t inner = skip_tags(type, r);
  return inner <= kLargestLength ? Layer::not_ip : by_type(inner, r);
}

}  // namespace tlspeel::net
