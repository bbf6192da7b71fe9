#include "net/layers.hpp"

namespace tlspeel::net {

Layer parse_layer(Layer layer, Reader& r) {
  switch (layer) {
    case Layer::ip:
      return parse_ip_version(r);
    case Layer::ethernet:
      return parse_ethernet(r);
    case Layer::llc:
      return after_llc(r);
    case Layer::ppp:
      return parse_ppp(r);
    case Layer::cisco_hdlc:
      return parse_cisco_hdlc(r);
    case Layer::frame_relay:
      return parse_frame_relay(r);
    case Layer::mpls:
      return parse_mpls(r);
    case Layer::nsh:
      return parse_nsh(r);
    case Layer::tzsp:
      return parse_tzsp(r);
    case Layer::wlan:
      return parse_wlan(r);
    case Layer::wlan_padded:
      return parse_wlan_padded(r);
    case Layer::ipv4:
    case Layer::ipv6:
    case Layer::wlan_aggregate:
    case Layer::not_ip:
      break;
  }
  return layer;
}

Layer parse_ip_version(Reader& r) {
  Reader look_ahead = r;
  const unsigned version = look_ahead.u8() >> 4U;
  r.absorb(look_ahead);
  if (version == 4) return Layer::ipv4;
  return version == 6 ? Layer::ipv6 : Layer::not_ip;
}

Layer after_nlpid(std::uint8_t nlpid, Reader& r) {
  switch (nlpid) {
    case 0xcc:
      return Layer::ipv4;
    case 0x8e:
      return Layer::ipv6;
    case 0xcf:
      return Layer::ppp;
    case 0x80: {  // SNAP
      const std::uint32_t organization = r.u24();
      const std::uint16_t type = r.u16();
      // 0080c2, RFC 2427 section 4.2: bridged Ethernet with (1) and without (7) its checksum.
      if (organization == 0x0080c2) return type == 1 || type == 7 ? Layer::ethernet : Layer::not_ip;
      return organization == 0 ? after_ether_type(type, r) : Layer::not_ip;
    }
    default:
      return Layer::not_ip;
  }
}

bool looks_like_ip(Reader& r) {
  Reader look_ahead = r;
  const unsigned first = look_ahead.u8();
  look_ahead.skip(1);
  const unsigned length = look_ahead.u16();
  r.absorb(look_ahead);
  if (first >> 4U == 6) return true;
  const unsigned header = (first & 0x0fU) * 4;
  return first >> 4U == 4 && header >= 20 && (length == 0 || length >= header);
}

bool looks_like_ethernet(Reader& r) {
  Reader look_ahead = r;
  look_ahead.skip(12);
  const std::uint16_t type = look_ahead.u16();
  const unsigned version = look_ahead.u8() >> 4U;
  r.absorb(look_ahead);
  switch (type) {
    case 0x0800:
      return version == 4;
    case 0x86dd:
      return version == 6;
    case 0x0806:  // ARP
    case 0x8100:
    case 0x8847:
    case 0x8864:
    case 0x88a8:
    case 0x88e7:
      return true;
    default:
      return false;
  }
}

}  // namespace tlspeel::net
