// A TCP segment in IP in an Ethernet frame, for a capture that is made up: as large as an ordinary Ethernet
// carries, with right lengths and checksums. Source: RFC 791, RFC 8200, RFC 9293, RFC 7323.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/endpoint.hpp"

namespace tlspeel::output {

struct TcpFrame {
  static constexpr std::uint8_t kFin = 1;
  static constexpr std::uint8_t kSyn = 2;
  static constexpr std::uint8_t kRst = 4;
  static constexpr std::uint8_t kPsh = 8;
  static constexpr std::uint8_t kAck = 16;
  // Payload of a frame that everybody takes, with either IP: 1,514 bytes are the most of an Ethernet.
  static constexpr std::size_t kMostPayload = 1440;
  // What may be under way: the largest window there is. Who skips more leaves the window of a strict reader.
  static constexpr std::uint32_t kWindow = 0xffffU << 14U;

  Endpoint from;
  Endpoint to;  // the same version of IP
  bool from_client = true;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;
  ByteView payload{};

  std::string bytes() const;
};

}  // namespace tlspeel::output
