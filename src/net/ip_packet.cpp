#include "net/ip_packet.hpp"

namespace tlspeel::net {
namespace {

void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

Bytes header_of_joined(const IpPacket& packet) {
  constexpr std::size_t kIpv4Header = 20;
  constexpr std::uint8_t kHops = 64;
  const ByteView source = packet.source.octets;
  const ByteView destination = packet.destination.octets;
  const std::size_t length = packet.payload.bytes.size() + packet.payload.missing;
  Bytes out;
  if (packet.source.v6) {
    out = {0x60, 0, 0, 0};
    put16(out, length);
    out.insert(out.end(), {packet.protocol, kHops});
    append(out, source);
    append(out, destination);
    return out;
  }
  out = {0x45, 0};
  put16(out, kIpv4Header + length);
  out.insert(out.end(), {0, 0, 0, 0, kHops, packet.protocol, 0, 0});
  append(out, source.first(4));
  append(out, destination.first(4));
  return out;
}

}  // namespace tlspeel::net
