// A frame of HTTP/2 that governs the connection rather than carries a message: SETTINGS, PING and
// WINDOW_UPDATE (RFC 9113 sections 6.5, 6.7 and 6.9). Only where somebody asked for it
// (RunConfig::http2_frames): there may be one for each few kilobytes of a download.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::event {

struct HttpSetting {
  CodePoint name;  // IANA: HTTP/2 Settings
  std::uint32_t value = 0;
};
// Of one frame more than these are counted only: there are ten names.
inline constexpr std::size_t kMaxHttpSettings = 64;

struct HttpFrame {
  Direction direction = Direction::client;
  CodePoint type;             // IANA: HTTP/2 Frame Type
  std::uint32_t stream = 0;   // WINDOW_UPDATE; 0: the connection
  bool acknowledges = false;  // SETTINGS, PING: the answer to the other side's
  std::vector<HttpSetting> settings{};
  std::uint64_t further_settings = 0;
  std::uint32_t increment = 0;  // WINDOW_UPDATE: bytes
  Bytes data{};                 // PING: 8 bytes
};

}  // namespace tlspeel::event
