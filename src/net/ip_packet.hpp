// What the IP headers of one packet say. Lengths come from the headers, not from the frame: padding behind
// the datagram is left out, and what the snap length cut off is counted in Stretch::missing. Views borrow the
// packet's bytes. Sources: RFC 791, RFC 8200, RFC 4302 (AH).
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/base/reader.hpp"

namespace tlspeel::net {

// Bytes that are there, and how many more followed them on the wire.
struct Stretch {
  ByteView bytes;
  std::uint32_t missing = 0;
};

// How a header was read.
enum class Step : std::uint8_t { go_on, malformed, cut };

struct Fragment {
  std::uint32_t id = 0;
  std::uint32_t offset = 0;  // bytes
  bool more = false;
};

struct IpPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;  // of the payload, behind all extension headers
  Stretch payload;
  bool fragmented = false;
  Fragment fragment;  // only where fragmented
  // Not of the headers: where it was found. A joined datagram has matched where one of its fragments had.
  std::uint64_t tunnel = 0;  // as in Flow
  bool matched = true;       // the filter took the frame, or a packet further out
};

constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kProtocolUdp = 17;

// Linux's largest super-packet (BIG TCP) has 512 KiB; a length above this is not a length.
constexpr std::uint64_t kMaxDatagram = 1U << 20U;

// `packet` starts with the IP header and ends with the frame.
Step parse_ipv4(const Stretch& packet, IpPacket& out);
Step parse_ipv6(const Stretch& packet, IpPacket& out);

// Goes over the extension headers at the front of out.payload, starting with the type in out.protocol, up to
// the first that is none or that makes this packet a fragment.
Step skip_extensions(IpPacket& out);
// Whether skip_extensions() would go on from here, so that TCP may lie behind it.
bool is_extension(std::uint8_t protocol);

// The fixed IP header of a datagram that was joined, as it was before it was split (of what its fields say,
// those that IpPacket has), for `packet.payload` to follow.
Bytes header_of_joined(const IpPacket& packet);

// A header was shorter than its fields: the snap length's doing, or the sender's.
inline Step too_short(const Stretch& stretch) {
  return stretch.missing > 0 ? Step::cut : Step::malformed;
}

// The next `length` bytes as the headers count them, of which the reader may have fewer.
inline Stretch take(Reader& r, std::size_t length) {
  const std::size_t present = length < r.remaining() ? length : r.remaining();
  return {r.bytes(present), static_cast<std::uint32_t>(length - present)};
}

}  // namespace tlspeel::net
