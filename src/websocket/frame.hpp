// The frame header of WebSocket, and names. Pure functions. Source: RFC 6455 sections 5.2 and 7.4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::websocket {

enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA
};

// Of 2 bytes, 8 of length and 4 of mask.
inline constexpr std::size_t kLongestHeader = 14;

struct FrameHeader {
  bool final = false;
  std::uint8_t reserved = 0;  // three bits, the first of them 4
  Opcode opcode = Opcode::continuation;
  bool masked = false;
  std::uint64_t length = 0;  // of the payload, bytes
  std::array<std::uint8_t, 4> mask{};

  bool is_control() const { return static_cast<std::uint8_t>(opcode) >= 0x8; }
};

inline constexpr std::uint8_t kFirstReserved = 4;

// nullopt: bytes are missing at its end.
std::optional<FrameHeader> read_frame_header(Reader& in);

// Why no peer may send such a frame; static text, empty: it may. inside: a message whose end has not come.
// reserved: bits that extensions give a meaning.
std::string_view fault_of(const FrameHeader& header, Direction from, bool inside, std::uint8_t reserved);

event::CodePoint opcode_point(Opcode opcode);
event::CodePoint close_code(std::uint16_t value);

}  // namespace tlspeel::websocket
