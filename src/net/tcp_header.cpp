#include "net/tcp_header.hpp"

namespace tlspeel::net {

// RFC 9293 section 3.1.
Step parse_tcp(const Stretch& datagram, Segment& out) {
  constexpr std::size_t kFixedHeader = 20;
  Reader r(datagram.bytes);
  constexpr std::size_t kRead = 16;  // up to the window
  const auto header = r.octets<kRead>();
  if (!r.ok()) return too_short(datagram);
  const auto offset_and_flags = static_cast<std::uint16_t>(number_at<2, 12>(header));

  const std::size_t header_length = static_cast<std::size_t>(offset_and_flags >> 12U) * 4;
  const std::size_t length = datagram.bytes.size() + datagram.missing;
  if (header_length < kFixedHeader || header_length > length) return Step::malformed;
  // Checksum, urgent pointer and options; a snap length that ends among them leaves all of the payload
  // missing.
  (void)take(r, header_length - kRead);

  out.flow.source.port = static_cast<std::uint16_t>(number_at<2>(header));
  out.flow.destination.port = static_cast<std::uint16_t>(number_at<2, 2>(header));
  out.seq = static_cast<std::uint32_t>(number_at<4, 4>(header));
  out.ack = static_cast<std::uint32_t>(number_at<4, 8>(header));
  out.flags = static_cast<std::uint8_t>(offset_and_flags);
  out.window = static_cast<std::uint16_t>(number_at<2, 14>(header));
  out.payload = r.rest();
  out.payload_missing = static_cast<std::uint32_t>(length - header_length - out.payload.size());
  return Step::go_on;
}

}  // namespace tlspeel::net
