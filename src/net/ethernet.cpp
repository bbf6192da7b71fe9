// Ethernet II, IEEE 802.3 with LLC or SNAP, any stack of tags, and what EtherTypes say lies behind. A stack
// of tags ends where the frame does: each of them takes bytes. Cisco's and Arista's tags are described in
// Wireshark and Snort.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint16_t kLargestLength =
    1500;  // IEEE 802.3 clause 3.2.6: up to here it is a length, not a type

// Bytes that a tag of fixed size has before the type it hides; 0: this type is no such tag.
std::size_t tag_size(std::uint16_t type) {
  switch (type) {
    case 0x8100:  // IEEE 802.1Q
    case 0x88a8:  // IEEE 802.1ad, and IEEE 802.1ah's backbone VLAN
    case 0x9100:  // two values that were used for stacked tags before 802.1ad
    case 0x9200:
    case 0x893b:  // one half of a fine-grained label, RFC 7172 section 2.3
      return 2;
    case 0x8926:  // VN-Tag
    case 0x892f:  // HSR, IEC 62439-3: path and size, sequence number
    case 0xf1c1:  // R-TAG, IEEE 802.1CB: reserved, sequence number
      return 4;
    case 0x893f:  // E-TAG, IEEE 802.1BR
      return 6;
    default:
      return 0;
  }
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

// Arista's own type, of which the kind of a switch's timestamps is a tag: seconds in 4 or 2 bytes and
// nanoseconds in 4. The version's other bits tell the clock and the switch.
bool skip_arista_timestamp(Reader& r) {
  constexpr std::uint16_t kTimestamp = 1;
  constexpr unsigned kSize = 0xf0;
  constexpr unsigned k64Bits = 0x10;
  constexpr unsigned k48Bits = 0x20;
  const std::uint16_t kind = r.u16();
  const unsigned size = r.u16() & kSize;
  if (kind != kTimestamp || (size != k64Bits && size != k48Bits)) return false;
  r.skip(size == k64Bits ? 8 : 6);
  return true;
}

// False: this type is no tag, or one behind which nothing can be read.
bool skip_tag(std::uint16_t type, Reader& r) {
  switch (type) {
    case 0x88e5:
      return skip_security_tag(r);
    case 0x8909:
      return skip_cisco_metadata(r);
    case 0xd28b:
      return skip_arista_timestamp(r);
    default:
      r.skip(tag_size(type));
      return tag_size(type) != 0;
  }
}

// RFC 6325 section 3.1: version, options' length in units of 4 bytes, hops; two nicknames. The frame inside
// is a whole one.
Layer after_trill(Reader& r) {
  const unsigned flags = r.u16();
  const unsigned version = flags >> 14U;
  const std::size_t option_words = flags >> 6U & 0x1fU;
  r.skip(2 + 2 + option_words * 4);
  return version == 0 ? Layer::ethernet : Layer::not_ip;
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
    case 0x22f3:
      return after_trill(r);
    case 0x8903:  // Cisco's FabricPath: a tag of 2 bytes, and the frame it was wrapped around
      r.skip(2);
      return Layer::ethernet;
    case 0x8870:  // draft-ietf-isis-ext-eth: an LLC header where the frame is longer than a length may say
      return Layer::llc;
    default:
      return Layer::not_ip;
  }
}

}  // namespace

bool skip_cisco_metadata(Reader& r) {
  const std::uint8_t version = r.u8();
  const std::size_t units = r.u8();
  if (version != 1 || units == 0) return false;
  r.skip(units * 8 - 1 - 1 - 2);
  return true;
}

std::uint16_t skip_tags(std::uint16_t type, Reader& r) {
  for (;;) {
    Reader behind = r;
    // Too short for a tag is not the same as none: the Reader says so.
    if (!skip_tag(type, behind) && behind.ok()) return type;
    r = behind;
    type = r.u16();
    if (!r.ok()) return type;
  }
}

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
