// The frame header of HTTP/2, what each type may look like, and the names of error codes. Pure functions.
// Source: RFC 9113 sections 4.1, 6 and 7; ALTSVC: RFC 7838; ORIGIN: RFC 8336; PRIORITY_UPDATE: RFC 9218.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::http2 {

// IANA: HTTP/2 Frame Type. The values of others are read as well: a type that is not known is skipped.
enum class FrameType : std::uint8_t {
  data = 0x0,
  headers = 0x1,
  priority = 0x2,
  rst_stream = 0x3,
  settings = 0x4,
  push_promise = 0x5,
  ping = 0x6,
  goaway = 0x7,
  window_update = 0x8,
  continuation = 0x9,
  altsvc = 0xa,
  origin = 0xc,
  priority_update = 0x10,
};
std::string_view frame_name(FrameType type);  // "HEADERS"; empty: not known here

inline constexpr std::uint8_t kFlagAck = 0x1;  // SETTINGS, PING
inline constexpr std::uint8_t kFlagEndStream = 0x1;
inline constexpr std::uint8_t kFlagEndHeaders = 0x4;
inline constexpr std::uint8_t kFlagPadded = 0x8;
inline constexpr std::uint8_t kFlagPriority = 0x20;

inline constexpr std::size_t kFrameHeaderSize = 9;
// SETTINGS_MAX_FRAME_SIZE where none was sent, and the most that it can be.
inline constexpr std::uint32_t kFirstMaxFrameSize = 16384;
inline constexpr std::uint32_t kLargestFrameSize = 0xffffff;

struct FrameHeader {
  std::uint32_t length = 0;  // of the payload, bytes
  FrameType type = FrameType::data;
  std::uint8_t flags = 0;
  bool reserved = false;  // the bit before the stream's identifier, which is 0 where no one errs
  std::uint32_t stream = 0;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

// Exactly kFrameHeaderSize bytes; and back.
FrameHeader read_frame_header(Reader& in);
std::array<std::uint8_t, kFrameHeaderSize> bytes_of(const FrameHeader& header);

// Why no peer may send such a frame; static text, empty: it may.
std::string_view fault_of(const FrameHeader& header);

// IANA: HTTP/2 Error Code.
event::CodePoint error_code(std::uint32_t value);
// "PROTOCOL_ERROR"; "error 0x1f" where it is not registered.
std::string error_text(std::uint32_t value);

}  // namespace tlspeel::http2
