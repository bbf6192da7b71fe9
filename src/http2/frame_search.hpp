// Where frames begin in bytes whose place is not known: behind a hole, or where a capture starts late. A
// frame header is taken for one only where others follow it at the places that it names. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"

namespace tlspeel::http2 {

// What a frame can look like in this connection.
struct FrameBounds {
  Direction from = Direction::client;
  std::uint32_t max_size = 0;        // of a payload
  std::uint32_t highest_stream = 0;  // that was named so far; 0: not known
};

struct FrameSighting {
  std::size_t at = 0;  // not found: no frame begins before this
  bool found = false;
};

// The first place at or behind `from`. ended: no byte follows these.
FrameSighting find_frame(ByteView bytes, std::size_t from, const FrameBounds& bounds, bool ended);

// For a place where other things than the bytes speak for a frame.
enum class FrameGuess : std::uint8_t { yes, no, need_more };
FrameGuess frame_at(ByteView bytes, const FrameBounds& bounds, bool ended);

}  // namespace tlspeel::http2
