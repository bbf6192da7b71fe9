// Tunnels over UDP, by port. Sources: RFC 7348 (VXLAN), draft-ietf-nvo3-vxlan-gpe-13, RFC 8926 (GENEVE), 3GPP
// TS 29.281 (GTP-U), RFC 2661 and RFC 3931 (L2TP), RFC 4380 (Teredo), RFC 7510 (MPLS), RFC 8086 (GRE), RFC
// 9300 (LISP), Wireshark's description of TZSP.
#include <algorithm>
#include <array>

#include "net/tunnels.hpp"

namespace tlspeel::net {
namespace {

// Flags (I: the number is valid; the others but those of the group policy extension are zero), number of the
// network, a last byte of zero.
Tunnel open_vxlan(Reader& r) {
  constexpr unsigned kGroupPolicy = 0x80;
  constexpr unsigned kNumberValid = 0x08;
  const unsigned flags = r.u8();
  r.skip(3);
  const std::uint32_t number = r.u24();
  const bool plausible = (flags & ~kGroupPolicy) == kNumberValid && r.u8() == 0;
  return {plausible ? Layer::ethernet : Layer::not_ip, "VXLAN", number};
}

Tunnel open_vxlan_gpe(Reader& r) {
  constexpr unsigned kVersion = 0xf0;
  constexpr unsigned kNumberValid = 0x08;
  constexpr unsigned kNextProtocol = 0x04;
  constexpr std::array<Layer, 6> kNext{Layer::not_ip,   Layer::ipv4, Layer::ipv6,
                                       Layer::ethernet, Layer::nsh,  Layer::mpls};
  const unsigned flags = r.u8();
  r.skip(2);
  const std::size_t next = (flags & kNextProtocol) != 0 ? r.u8() : 3U;
  if ((flags & kNextProtocol) == 0) r.skip(1);
  const std::uint32_t number = r.u24();
  const bool plausible = (flags & kVersion) == 0 && (flags & kNumberValid) != 0 && r.u8() == 0;
  return {plausible && next < kNext.size() ? kNext[next] : Layer::not_ip, "VXLAN", number};
}

Tunnel open_geneve(Reader& r) {
  const unsigned version_and_options = r.u8();
  r.skip(1);  // control, critical options
  const std::uint16_t type = r.u16();
  const std::uint32_t number = r.u24();
  const bool plausible = version_and_options >> 6U == 0 && r.u8() == 0;
  r.skip(std::size_t{version_and_options & 0x3fU} * 4);
  return {plausible && type >= 0x0600 ? after_ether_type(type, r) : Layer::not_ip, "GENEVE", number};
}

// TS 29.281 section 5.1, extension headers section 5.2. What a subscriber sends is IP, or of an Ethernet
// session a frame.
Tunnel open_gtp(Reader& r) {
  constexpr unsigned kVersion1 = 0x30;  // and protocol type GTP
  constexpr unsigned kOptional = 0x07;
  constexpr std::uint8_t kUserData = 255;
  const unsigned flags = r.u8();
  const std::uint8_t kind = r.u8();
  r.skip(2 + 4);  // length, the endpoint, which differs by direction
  if ((flags & 0xf0U) != kVersion1 || kind != kUserData) return {};
  if ((flags & kOptional) != 0) {
    r.skip(3);
    while (r.ok() && r.u8() != 0) {  // type of the next extension header
      const std::size_t words = r.u8();
      if (words == 0) return {};
      r.skip(words * 4 - 2);
    }
  }
  const Layer inside = looks_like_ip(r)         ? Layer::ip
                       : looks_like_ethernet(r) ? Layer::ethernet
                                                : Layer::not_ip;
  return {inside, "GTP", {}};
}

// RFC 2661 section 3.1, RFC 3931 section 4.1.2.
Tunnel open_l2tp(Reader& r) {
  constexpr unsigned kControl = 0x8000;
  constexpr unsigned kLength = 0x4000;
  constexpr unsigned kNumbers = 0x0800;
  constexpr unsigned kOffset = 0x0200;
  constexpr unsigned kReserved = 0x34f0;
  const unsigned flags = r.u16();
  if ((flags & (kControl | kReserved)) != 0) return {};
  const unsigned version = flags & 0x0fU;
  if (version == 3) {
    r.skip(2 + 4);  // reserved, session
    return {after_l2tp_v3_session(r), "L2TP", {}};
  }
  if (version != 2) return {};
  if ((flags & kLength) != 0) r.skip(2);
  r.skip(2 + 2);  // tunnel and session, which differ by direction
  if ((flags & kNumbers) != 0) r.skip(2 + 2);
  if ((flags & kOffset) != 0) r.skip(r.u16());
  return {Layer::ppp, "L2TP", {}};
}

// RFC 4380 section 5.1.1: an authentication and an origin may stand before the packet.
Tunnel open_teredo(Reader& r) {
  constexpr std::uint16_t kAuthentication = 1;
  constexpr std::uint16_t kOrigin = 0;
  Reader look_ahead = r;
  if (look_ahead.u16() == kAuthentication) {
    const std::size_t identifier = look_ahead.u8();
    const std::size_t value = look_ahead.u8();
    look_ahead.skip(identifier + value + 8 + 1);  // nonce, confirmation
    r = look_ahead;
  }
  look_ahead = r;
  if (look_ahead.u16() == kOrigin) {
    look_ahead.skip(2 + 4);
    r = look_ahead;
  }
  return {parse_ip_version(r) == Layer::ipv6 ? Layer::ipv6 : Layer::not_ip, "Teredo", {}};
}

Tunnel open_tzsp(Reader& /*r*/) {
  return {Layer::tzsp, "TZSP", {}};
}

Tunnel open_mpls(Reader& /*r*/) {
  return {Layer::mpls, "MPLS in UDP", {}};
}

Tunnel open_lisp(Reader& r) {
  r.skip(8);
  return {looks_like_ip(r) ? Layer::ip : Layer::not_ip, "LISP", {}};
}

struct Port {
  std::uint16_t number;
  bool either_side;  // answers come from this port; otherwise both directions go to it
  Tunnel (*open)(Reader&);
};
constexpr std::array<Port, 11> kPorts{{
    {1701, true, open_l2tp},
    {2152, false, open_gtp},
    {3544, true, open_teredo},
    {4341, false, open_lisp},
    {4754, false, open_gre},
    {4789, false, open_vxlan},
    {4790, false, open_vxlan_gpe},
    {6081, false, open_geneve},
    {6635, false, open_mpls},
    {8472, false, open_vxlan},  // Linux before the number was assigned
    {37008, false, open_tzsp},
}};
constexpr bool by_number(const Port& a, const Port& b) {
  return a.number < b.number;
}
static_assert(std::is_sorted(kPorts.begin(), kPorts.end(), by_number));

const Port* find_port(std::uint16_t source, std::uint16_t destination) {
  for (const std::uint16_t number : {destination, source}) {
    const auto* row = std::lower_bound(kPorts.begin(), kPorts.end(), Port{number, false, nullptr}, by_number);
    const bool found = row != kPorts.end() && row->number == number;
    if (found && (row->either_side || number == destination)) return row;
  }
  return nullptr;
}

}  // namespace

bool may_be_udp_tunnel(ByteView datagram) {
  Reader r(datagram);
  const std::uint16_t source = r.u16();
  return find_port(source, r.u16()) != nullptr || !r.ok();
}

Tunnel open_udp_tunnel(Reader& r) {
  const std::uint16_t source = r.u16();
  const Port* port = find_port(source, r.u16());
  if (port == nullptr) return {};
  r.skip(2 + 2);  // length, checksum
  return port->open(r);
}

// TaZmen Sniffer Protocol, as MikroTik and Aruba send it: version, kind, protocol, tags up to an end tag.
Layer parse_tzsp(Reader& r) {
  constexpr std::uint8_t kPadding = 0;
  constexpr std::uint8_t kEnd = 1;
  const std::uint8_t version = r.u8();
  const std::uint8_t kind = r.u8();  // 0: received, 1: to be sent
  const std::uint16_t protocol = r.u16();
  if (version != 1 || kind > 1) return Layer::not_ip;
  for (std::uint8_t tag = r.u8(); r.ok() && tag != kEnd; tag = r.u8()) {
    if (tag != kPadding) r.skip(r.u8());
  }
  if (protocol == 1) return Layer::ethernet;
  return protocol == 18 ? Layer::wlan : Layer::not_ip;
}

}  // namespace tlspeel::net
