// One TCP segment as it lay in one packet, and the pair of endpoints it went between. Plain values; payload
// borrows (see Decoder). Source: RFC 9293 section 3.1.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/endpoint.hpp"

namespace tlspeel::net {

struct Flow {
  Endpoint source;  // as in this packet
  Endpoint destination;
  // 0: in no tunnel. Otherwise a hash of the tunnel's two outer addresses, in no order, and the number of its
  // virtual network (VXLAN, GENEVE), mixed with those of the tunnels it lies in. What differs by direction or
  // by copy (VLAN tags, GRE keys, TEIDs, L2TP sessions) does not count.
  std::uint64_t tunnel = 0;

  friend auto operator<=>(const Flow&, const Flow&) = default;
};

// Equal for both directions of a connection, whatever tunnels they are in; the same on every platform and in
// every run.
std::uint32_t symmetric_hash(const Flow& flow);

enum TcpFlag : std::uint8_t { kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16, kUrg = 32 };

struct Segment {
  Flow flow;
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint8_t flags = 0;  // the low eight bits of the header's flag field, of which TcpFlag names six
  std::uint16_t window = 0;
  ByteView payload;
  std::uint32_t payload_missing =
      0;                   // bytes of payload that followed on the wire and that the snap length cut off
  std::uint8_t place = 0;  // among the segments of its packet, of which there is mostly one
  // Null where flow.tunnel is 0; else for display: "VXLAN 42 between 10.0.0.1 and 10.0.0.2".
  std::shared_ptr<const std::string> tunnel_text;
};

}  // namespace tlspeel::net
