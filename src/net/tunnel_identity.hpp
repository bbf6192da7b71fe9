// What tells one tunnel from another (Flow::tunnel), and how it is shown.
#pragma once

#include <cstdint>
#include <string>

#include "net/ip_packet.hpp"
#include "net/tunnels.hpp"

namespace tlspeel::net {

// Of a tunnel between the addresses of `outer`, inside a tunnel of identity `further_out` (0: in none). The
// same for both directions; never 0.
std::uint64_t tunnel_identity(std::uint64_t further_out, const IpPacket& outer, const Tunnel& tunnel);

// "VXLAN 42 between 10.0.0.1 and 10.0.0.2"; the same for both directions.
std::string describe_tunnel(const IpPacket& outer, const Tunnel& tunnel);

}  // namespace tlspeel::net
