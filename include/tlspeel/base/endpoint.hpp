// IPv4 or IPv6 address and port, as a plain value. Text forms: "192.0.2.7", "2001:db8::1"; with port
// "192.0.2.7:443", "[2001:db8::1]:443".
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel {

struct IpAddress {
  std::array<std::uint8_t, 16> octets{};  // IPv4: the first four, the rest zero
  bool v6 = false;

  static IpAddress from_v4(ByteView four);     // exactly 4 bytes
  static IpAddress from_v6(ByteView sixteen);  // exactly 16 bytes
  static IpAddress from_v4(const std::array<std::uint8_t, 4>& four);
  std::string to_string() const;  // RFC 5952 for IPv6
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

inline IpAddress IpAddress::from_v4(const std::array<std::uint8_t, 4>& four) {
  IpAddress out;
  for (std::size_t i = 0; i < four.size(); ++i) out.octets[i] = four[i];
  return out;
}

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  std::string to_string() const;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace tlspeel
