// The same TCP segment behind every link header and in every tunnel, made by hand from the specifications.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "frames.hpp"

namespace tlspeel::net::test {

inline constexpr std::string_view kPayload = "0123456789 payload";

struct Case {
  std::string name;
  int link_type;
  Bytes frame;
  bool v6 = false;       // the innermost packet
  std::string tunnel{};  // how it is shown

  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
};

// The innermost packets of all cases.
inline Bytes v4() {
  return ipv4(tcp(kPayload));
}
inline Bytes v6() {
  return ipv6(tcp(kPayload));
}

inline Bytes snap(std::uint32_t organization, std::uint16_t type, ByteView payload) {
  return join({number(0xaaaa03, 3), number(organization, 3), number(type, 2), payload});
}

// IEEE 802.11 data frame from an access point; `quality` is the QoS control field.
struct WlanFields {
  std::uint8_t subtype = 0;  // 8: QoS
  std::uint8_t flags = 0x02;
  std::uint16_t sequence = 0x0010;
  std::uint8_t quality = 0;
};
inline Bytes wlan(ByteView payload, const WlanFields& f = {}) {
  const Bytes fourth = (f.flags & 0x03U) == 0x03 ? Bytes(6, 4) : Bytes();
  const Bytes quality = (f.subtype & 8U) != 0 ? Bytes{f.quality, 0} : Bytes();
  const Bytes control = (f.subtype & 8U) != 0 && (f.flags & 0x80U) != 0 ? Bytes(4, 9) : Bytes();
  return join({number(static_cast<unsigned>(f.subtype) << 4U | 0x08U, 1), number(f.flags, 1), number(0, 2),
               Bytes(18, 2), number(__builtin_bswap16(f.sequence), 2), fourth, quality, control, payload});
}
inline Bytes subframe(ByteView packet, bool last = false) {
  const Bytes llc = snap(0, packet[0] >> 4U == 4 ? 0x0800 : 0x86dd, packet);
  return join({Bytes(12, 3), number(llc.size(), 2), llc, Bytes(last ? 0 : (4 - (14 + llc.size()) % 4) % 4)});
}

std::vector<Case> wlan_cases();
std::vector<Case> serial_cases();
std::vector<Case> lan_cases();
std::vector<Case> system_cases();
std::vector<Case> juniper_cases();
std::vector<Case> tunnel_cases();

}  // namespace tlspeel::net::test
