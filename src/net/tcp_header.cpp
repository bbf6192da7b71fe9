#include "net/tcp_header.hpp"

namespace tlspeel::net {

// RFC 9293 section 3.1.
Step parse_tcp(const Stretch& datagram, Segment& out) {
  constexpr std::size_t kFixedHeader = 20;
  Reader r(datagram.bytes);
  const std::uint16_t source_port = r.u16();
  const std::uint16_t destination_port = r.u16();
  const std::uint32_t seq = r.u32();
  const std::uint32_t ack = r.u32();
  const std::uint16_t offset_and_flags = r.u16();
  const std::uint16_t window = r.u16();
  if (!r.ok()) return too_short(datagram);

  const std::size_t header_length = static_cast<std::size_t>(offset_and_flags >> 12U) * 4;
  const std::size_t length = datagram.bytes.size() + datagram.missing;
  if (header_length < kFixedHeader || header_length > length) return Step::malformed;
  // Checksum, urgent pointer and options; a snap length that ends among them leaves all of the payload
  // missing.
  constexpr std::size_t kRead = 16;
  (void)take(r, header_length - kRead);

  out.flow.source.port = source_port;
  out.flow.destination.port = destination_port;
  out.seq = seq;
  out.ack = ack;
  out.flags = static_cast<std::uint8_t>(offset_and_flags);
  out.window = window;
  out.payload = r.rest();
  out.payload_missing = static_cast<std::uint32_t>(length - header_length - out.payload.size());
  return Step::go_on;
}

}  // namespace tlspeel::net
