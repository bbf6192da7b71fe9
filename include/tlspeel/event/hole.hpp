// What is missing between bytes that are there. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tlspeel::event {

// Application data that was sent and did not open: its records were not captured, or did not verify.
struct Hole {
  // Bytes of plaintext; nullopt: nobody knows, or nothing behind it opens.
  std::optional<std::uint64_t> length;
  // false: an estimate (what is missing may hold something other than application data, or the padding of a
  // block cipher hides the size).
  bool exact = false;

  friend bool operator==(const Hole&, const Hole&) = default;
};

// A hole among bytes that were kept together: what is there of them before it and what is there behind it are
// neighbours.
struct HoleAt {
  std::uint64_t position = 0;  // bytes before it that are there
  Hole hole;

  friend bool operator==(const HoleAt&, const HoleAt&) = default;
};

// Of one body or turn more holes than these are counted only: a handful is what a lossy capture has.
inline constexpr std::size_t kMaxHoles = 256;

}  // namespace tlspeel::event
