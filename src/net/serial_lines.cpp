// PPP in its framings, Cisco HDLC, frame relay, SLIP. Sources: RFC 1661, RFC 1662, RFC 2516 (PPPoE), RFC 3032
// (MPLS), RFC 3518 (bridging), RFC 2427 (frame relay), RFC 1547 section 4.3.1 (Cisco).
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint16_t kAddressAndControl = 0xff03;

bool is_cisco(std::uint8_t address) {
  return address == 0x0f || address == 0x8f;  // unicast, broadcast
}

// RFC 3518 section 4.1: flags, the kind of MAC (1: Ethernet), where flag I says so an island number; flag Z
// (zero compression) shortens the frame in a way that cannot be undone without its length.
Layer after_bridging(Reader& r) {
  constexpr unsigned kHasIsland = 0x40;
  constexpr unsigned kZeroCompressed = 0x20;
  const unsigned flags = r.u8();
  const unsigned mac = r.u8();
  if ((flags & kHasIsland) != 0) r.skip(4);
  return mac == 1 && (flags & kZeroCompressed) == 0 ? Layer::ethernet : Layer::not_ip;
}

Layer after_ppp_protocol(std::uint16_t protocol, Reader& r) {
  switch (protocol) {
    case 0x0021:
      return Layer::ipv4;
    case 0x0057:
      return Layer::ipv6;
    case 0x0281:
    case 0x0283:
      return Layer::mpls;
    case 0x0031:
      return after_bridging(r);
    default:
      return Layer::not_ip;
  }
}

// Behind the Q.922 address; RFC 2427 section 3.
Layer after_frame_relay_address(Reader& r) {
  Reader look_ahead = r;
  constexpr std::uint8_t kUnnumberedInformation = 0x03;
  if (look_ahead.u8() != kUnnumberedInformation)
    return after_ether_type(r.u16(), r);  // Cisco's encapsulation
  r = look_ahead;
  std::uint8_t nlpid = r.u8();
  if (nlpid == 0) nlpid = r.u8();  // one byte of padding
  return after_nlpid(nlpid, r);
}

}  // namespace

Layer parse_ppp(Reader& r) {
  Reader look_ahead = r;
  const bool framed = look_ahead.u16() == kAddressAndControl;  // which the two ends may agree to leave out
  r.absorb(look_ahead);
  if (framed) r = look_ahead;
  // RFC 1661 section 2 and 6.5: the last byte of a protocol number is odd, the others are even; a first byte
  // of zero may be left out.
  std::uint16_t protocol = r.u8();
  if (protocol % 2 == 0) protocol = static_cast<std::uint16_t>(protocol << 8U | r.u8());
  return after_ppp_protocol(protocol, r);
}

Layer parse_hdlc_serial(Reader& r) {
  Reader look_ahead = r;
  return is_cisco(look_ahead.u8()) ? parse_cisco_hdlc(r) : parse_ppp(r);
}

// The address byte was replaced: 0 received, 1 sent.
Layer parse_ppp_pppd(Reader& r) {
  Reader look_ahead = r;
  const std::uint8_t direction = look_ahead.u8();
  const std::uint8_t control = look_ahead.u8();
  r.absorb(look_ahead);
  if (direction <= 1 && control == 0x03) r = look_ahead;
  return parse_ppp(r);
}

Layer parse_ppp_with_direction(Reader& r) {
  r.skip(1);
  return parse_ppp(r);
}

// RFC 2516 section 4; only the session stage (code 0) carries packets.
Layer parse_pppoe(Reader& r) {
  const std::uint8_t version_and_type = r.u8();
  const std::uint8_t code = r.u8();
  r.skip(2 + 2);  // session, length
  return version_and_type == 0x11 && code == 0 ? Layer::ppp : Layer::not_ip;
}

Layer parse_cisco_hdlc(Reader& r) {
  const bool cisco = is_cisco(r.u8());
  r.skip(1);
  const std::uint16_t type = r.u16();
  return cisco ? after_ether_type(type, r) : Layer::not_ip;
}

Layer parse_cisco_hdlc_with_direction(Reader& r) {
  r.skip(1);
  return parse_cisco_hdlc(r);
}

// ITU-T Q.922 section 3.3: two to four bytes, of which the last has its low bit set.
Layer parse_frame_relay(Reader& r) {
  constexpr int kLongestAddress = 4;
  for (int n = 1; n <= kLongestAddress; ++n) {
    const bool last = (r.u8() & 1U) != 0;
    if (last) return n >= 2 ? after_frame_relay_address(r) : Layer::not_ip;
  }
  return Layer::not_ip;
}

Layer parse_frame_relay_with_direction(Reader& r) {
  r.skip(1);
  return parse_frame_relay(r);
}

// Direction, and what the compressed header was; the packet behind is as it was before compression.
Layer parse_slip(Reader& r) {
  r.skip(16);
  return Layer::ip;
}

}  // namespace tlspeel::net
