// Generic Routing Encapsulation, and what lies in it that is no EtherType's business: ERSPAN mirrors, WCCP
// redirects, and PPTP, which has a version of its own. Sources: RFC 2784, RFC 2890 (key, sequence number),
// RFC 1701 (routing), RFC 2637 (version 1), draft-foschiano-erspan-03, draft-wilson-wrec-wccp-v2-01.
#include "net/tunnels.hpp"

namespace tlspeel::net {
namespace {

constexpr unsigned kChecksum = 0x8000;
constexpr unsigned kRouting = 0x4000;
constexpr unsigned kKey = 0x2000;
constexpr unsigned kSequence = 0x1000;
constexpr unsigned kAcknowledgement = 0x0080;  // version 1
constexpr unsigned kVersion = 0x0007;

// RFC 1701: entries up to one without a family and of no length.
void skip_routing(Reader& r) {
  while (r.ok()) {
    const std::uint16_t family = r.u16();
    r.skip(1);  // offset
    const std::size_t length = r.u8();
    if (family == 0 && length == 0) return;
    r.skip(length);
  }
}

// Type I has no header and no sequence number, by which it is known.
Layer after_erspan(bool numbered, Reader& r) {
  if (numbered) r.skip(8);
  return Layer::ethernet;
}

Layer after_erspan_3(Reader& r) {
  constexpr unsigned kSubheader = 1;
  constexpr unsigned kEthernet = 0;
  constexpr unsigned kIp = 2;
  r.skip(4 + 4 + 2);  // VLAN and session, time, security group
  const unsigned flags = r.u16();
  if ((flags & kSubheader) != 0) r.skip(8);
  const unsigned kind = flags >> 10U & 0x1fU;
  if (kind == kIp) return Layer::ip;
  return kind == kEthernet ? Layer::ethernet : Layer::not_ip;
}

// Version 2 has a header of four bytes, version 1 has none, and the type is the same.
Layer after_wccp(Reader& r) {
  if (looks_like_ip(r)) return Layer::ip;
  r.skip(4);
  return Layer::ip;
}

Layer after_cisco_metadata(Reader& r) {
  const std::uint16_t type = r.u16();
  return skip_cisco_metadata(r) && type >= 0x0600 ? after_ether_type(type, r) : Layer::not_ip;
}

Tunnel open_version_0(unsigned flags, std::uint16_t type, Reader& r) {
  if ((flags & (kChecksum | kRouting)) != 0) r.skip(4);
  if ((flags & kKey) != 0) r.skip(4);
  if ((flags & kSequence) != 0) r.skip(4);
  if ((flags & kRouting) != 0) skip_routing(r);
  switch (type) {
    case 0x88be:
      return {after_erspan((flags & kSequence) != 0, r), "ERSPAN", {}};
    case 0x22eb:
      return {after_erspan_3(r), "ERSPAN", {}};
    case 0x883e:
      return {after_wccp(r), "WCCP", {}};
    case 0x8909:
      return {after_cisco_metadata(r), "GRE", {}};
    default:
      return {type < 0x0600 ? Layer::not_ip : after_ether_type(type, r), "GRE", {}};
  }
}

// RFC 2637 section 4.1: the key is a length and the call, the payload PPP. Without sequence number it has no
// payload.
Tunnel open_version_1(unsigned flags, std::uint16_t type, Reader& r) {
  r.skip(4);
  if ((flags & kSequence) != 0) r.skip(4);
  if ((flags & kAcknowledgement) != 0) r.skip(4);
  const bool carries = type == 0x880b && (flags & kSequence) != 0;
  return {carries ? Layer::ppp : Layer::not_ip, "PPTP", {}};
}

}  // namespace

Tunnel open_gre(Reader& r) {
  const unsigned flags = r.u16();
  const std::uint16_t type = r.u16();
  switch (flags & kVersion) {
    case 0:
      return open_version_0(flags, type, r);
    case 1:
      return open_version_1(flags, type, r);
    default:
      return {};
  }
}

}  // namespace tlspeel::net
