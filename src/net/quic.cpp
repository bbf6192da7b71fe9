#include "net/tcp_header.hpp"

namespace tlspeel::net {
namespace {

bool is_quic_version(std::uint32_t version) {
  const bool reserved_for_greasing = (version & 0x0f0f0f0fU) == 0x0a0a0a0aU;  // RFC 9000 section 15
  const bool draft = version >> 8U == 0xff0000U;
  const bool google = version >> 24U == 'Q' || version >> 24U == 'T';  // "Q043" to "Q050", "T050", "T051"
  const bool facebook = version >> 4U == 0x0faceb0U;
  return version == 0 /* negotiation */ || version == 1 || version == 0x6b3343cfU /* RFC 9369 */ ||
         reserved_for_greasing || draft || google || facebook;
}

}  // namespace

bool is_quic(const Stretch& datagram) {
  constexpr std::uint16_t kHttps = 443;
  constexpr std::uint8_t kLargestConnectionId = 20;  // RFC 9000 section 17.2
  Reader r(datagram.bytes);
  const std::uint16_t source_port = r.u16();
  const std::uint16_t destination_port = r.u16();
  r.skip(4);  // length, checksum
  const std::uint8_t first = r.u8();
  const std::uint32_t version = r.u32();
  const std::uint8_t connection_id_length = r.u8();
  return r.ok() && (source_port == kHttps || destination_port == kHttps) && (first & 0xc0U) == 0xc0 &&
         is_quic_version(version) && connection_id_length <= kLargestConnectionId;
}

}  // namespace tlspeel::net
