// Builds packets for tests, field by field, from the inside out: ethernet(ipv4(tcp("payload"))).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::net::test {

inline Bytes join(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) append(out, part);
  return out;
}

// `size` bytes, big-endian.
inline Bytes number(std::uint64_t value, std::size_t size) {
  Bytes out(size);
  for (std::size_t i = size; i-- > 0; value >>= 8U) out[i] = static_cast<std::uint8_t>(value);
  return out;
}

inline Bytes text(std::string_view value) {
  return to_bytes(as_bytes(value));
}

struct TcpFields {
  std::uint16_t source_port = 51234;
  std::uint16_t destination_port = 443;
  std::uint32_t seq = 0xfffffff0;
  std::uint32_t ack = 77;
  std::uint8_t flags = 0x18;
  std::uint16_t window = 512;
  Bytes options{};  // a multiple of 4
};

inline Bytes tcp(std::string_view payload, const TcpFields& f = {}) {
  const std::uint64_t header_words = 5 + f.options.size() / 4;
  return join({number(f.source_port, 2), number(f.destination_port, 2), number(f.seq, 4), number(f.ack, 4),
               number(header_words << 12U | f.flags, 2), number(f.window, 2), number(0xbad0, 2), number(0, 2),
               f.options, as_bytes(payload)});
}

inline Bytes udp(std::uint16_t source_port, std::uint16_t destination_port, ByteView payload) {
  return join({number(source_port, 2), number(destination_port, 2), number(8 + payload.size(), 2),
               number(0xbad0, 2), payload});
}

struct Ipv4Fields {
  std::uint8_t protocol = 6;
  Bytes options{};        // a multiple of 4
  int total_length = -1;  // -1: as it is
  std::uint16_t id = 7;
  std::uint32_t fragment_offset = 0;  // bytes
  bool more = false;
};

inline Bytes ipv4(ByteView payload, const Ipv4Fields& f = {}) {
  const std::size_t header = 20 + f.options.size();
  const std::uint64_t length =
      f.total_length >= 0 ? static_cast<std::uint64_t>(f.total_length) : header + payload.size();
  return join({number(0x40 | header / 4, 1), number(0, 1), number(length, 2), number(f.id, 2),
               number(f.fragment_offset / 8 | (f.more ? 0x2000U : 0U), 2), number(64, 1),
               number(f.protocol, 1), number(0xbad0, 2), number(0xc0000207, 4), number(0xc6336404, 4),
               f.options, payload});
}

inline Bytes ipv6(ByteView payload, std::uint8_t next_header = 6, int payload_length = -1) {
  const std::uint64_t length =
      payload_length >= 0 ? static_cast<std::uint64_t>(payload_length) : payload.size();
  return join({number(0x60012345, 4), number(length, 2), number(next_header, 1), number(64, 1),
               number(0x20010db800000000, 8), number(1, 8), number(0x20010db800000000, 8), number(2, 8),
               payload});
}

// An extension header of 8 * (units + 1) bytes, and what follows it.
inline Bytes extension(std::uint8_t next_header, ByteView payload, std::uint8_t units = 0) {
  return join({number(next_header, 1), number(units, 1), Bytes(6 + std::size_t{units} * 8), payload});
}

inline Bytes authentication(std::uint8_t next_header, ByteView payload) {
  return join({number(next_header, 1), number(4, 1), Bytes(22), payload});
}

inline Bytes fragment_header(std::uint32_t offset, bool more, ByteView payload, std::uint8_t next_header = 6,
                             std::uint32_t id = 99) {
  return join(
      {number(next_header, 1), number(0, 1), number(offset | (more ? 1U : 0U), 2), number(id, 4), payload});
}

inline Bytes ethernet(std::uint16_t type, ByteView payload) {
  return join({number(0x020000000002, 6), number(0x020000000001, 6), number(type, 2), payload});
}

inline Bytes vlan(std::uint16_t inner_type, ByteView payload) {
  return join({number(0x2064, 2), number(inner_type, 2), payload});
}

}  // namespace tlspeel::net::test
