// 32-bit sequence numbers as 64-bit positions that never wrap (RFC 9293 section 3.4). The low 32 bits of a
// position are the sequence number itself; positions start one turn up, so that a position before the first
// one is no underflow.
#pragma once

#include <cstdint>

namespace tlspeel::tcp {

inline constexpr std::uint64_t kFirstTurn = std::uint64_t{1} << 32;

// RFC 7323 section 2.3: no window is larger than 2^30, so nothing legitimate is further away than that.
inline constexpr std::int64_t kMaxWindow = std::int64_t{1} << 30;

constexpr std::uint64_t first_position(std::uint32_t seq) {
  return kFirstTurn + seq;
}

// How far seq is ahead of (or, negative, behind) a position: -2^31 to 2^31-1.
constexpr std::int64_t distance(std::uint64_t from, std::uint32_t seq) {
  return static_cast<std::int32_t>(seq - static_cast<std::uint32_t>(from));
}

constexpr bool plausible(std::int64_t distance) {
  return distance >= -kMaxWindow && distance <= kMaxWindow;
}

constexpr std::uint64_t advance(std::uint64_t from, std::int64_t by) {
  return from + static_cast<std::uint64_t>(by);
}

}  // namespace tlspeel::tcp
