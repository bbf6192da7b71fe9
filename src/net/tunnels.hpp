// Packets inside the payload of an IP packet. A tunnel is known by its IP protocol, or guessed by a UDP
// port: its header must be one that the protocol allows, as ordinary traffic may use the same port.
// Functions follow the rules of layers.hpp. Sources: the RFCs named at each table.
#pragma once

#include <cstdint>
#include <optional>

#include "net/ip_packet.hpp"
#include "net/layers.hpp"

namespace tlspeel::net {

struct Tunnel {
  Layer inside = Layer::not_ip;
  const char* name = "";                // "VXLAN"
  std::optional<std::uint32_t> number;  // of the virtual network, where it is the same in both directions
};

// `r` reads payload.bytes from the start and is left behind the tunnel's header. Not a tunnel: inside is
// not_ip.
Tunnel open_tunnel(const IpPacket& packet, Reader& r);
// Whether a fragmented datagram of this protocol is worth joining for what it may carry.
bool may_be_tunnel(std::uint8_t protocol);
// The same of a UDP datagram, of which these are the first bytes.
bool may_be_udp_tunnel(ByteView datagram);

Tunnel open_gre(Reader& r);
Tunnel open_udp_tunnel(Reader& r);
// Behind the session, at an optional cookie and sublayer of which only the two ends know whether they are
// there.
Layer after_l2tp_v3_session(Reader& r);

}  // namespace tlspeel::net
