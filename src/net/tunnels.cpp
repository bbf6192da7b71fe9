// IP protocols that carry packets. Sources: RFC 2003 (4), RFC 4213 (41), RFC 2784 (47), RFC 3378 (97), RFC
// 3931 (115), RFC 4023 (137), RFC 8986 (143).
#include "net/tunnels.hpp"

#include <array>

namespace tlspeel::net {
namespace {

Tunnel open_etherip(Reader& r) {
  constexpr std::uint16_t kVersion3 = 0x3000;
  return {r.u16() == kVersion3 ? Layer::ethernet : Layer::not_ip, "EtherIP", {}};
}

Tunnel open_l2tp(Reader& r) {
  const std::uint32_t session = r.u32();  // 0: a control message
  return {session == 0 ? Layer::not_ip : after_l2tp_v3_session(r), "L2TP", {}};
}

}  // namespace

Tunnel open_tunnel(const IpPacket& packet, Reader& r) {
  switch (packet.protocol) {
    case 4:
      return {Layer::ipv4, "IP in IP", {}};
    case kProtocolUdp:
      return open_udp_tunnel(r);
    case 41:
      return {Layer::ipv6, "IP in IP", {}};
    case 47:
      return open_gre(r);
    case 97:
      return open_etherip(r);
    case 115:
      return open_l2tp(r);
    case 137:
      return {Layer::mpls, "MPLS in IP", {}};
    case 143:
      return {Layer::ethernet, "Ethernet in IP", {}};
    default:
      return {};
  }
}

bool may_be_tunnel(std::uint8_t protocol) {
  constexpr std::array<std::uint8_t, 8> kTunnels{4, kProtocolUdp, 41, 47, 97, 115, 137, 143};
  for (const std::uint8_t known : kTunnels) {
    if (protocol == known) return true;
  }
  return false;
}

// RFC 3931 section 4.1: a cookie of 0, 4 or 8 bytes, then a sublayer of 0 or 4.
Layer after_l2tp_v3_session(Reader& r) {
  constexpr int kMostWords = 3;
  Reader at = r;
  for (int words = 0; words <= kMostWords && at.ok(); ++words, at.skip(4)) {
    Reader ppp = at;
    const std::uint32_t framing_and_protocol = ppp.u32();
    const bool carries_ip = framing_and_protocol == 0xff030021 || framing_and_protocol == 0xff030057;
    const bool is_ppp = carries_ip && looks_like_ip(ppp);
    if (!is_ppp && !looks_like_ethernet(at)) continue;
    r = at;
    return is_ppp ? Layer::ppp : Layer::ethernet;
  }
  r.absorb(at);
  return Layer::not_ip;
}

}  // namespace tlspeel::net
