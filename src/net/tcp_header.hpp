// TCP header and the first bytes of UDP, as they lie in an IP payload. Sources: RFC 9293 section 3.1, RFC
// 768, RFC 9000 section 17.2.
#pragma once

#include "tlspeel/net/segment.hpp"

#include "net/ip_packet.hpp"

namespace tlspeel::net {

// Fills everything of `out` but the addresses; written only with Step::go_on.
Step parse_tcp(const Stretch& datagram, Segment& out);

// Whether a UDP datagram is QUIC as browsers speak it: port 443 and a long header of a version that exists.
bool is_quic(const Stretch& datagram);

}  // namespace tlspeel::net
