// What is missing between bytes that are there. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tlspeel::event {

// Application data that was sent and did not open: its records were not captured, or did not verify.
struct Hole {
  // Bytes of plaintext; nullopt: nobody knows, or nothing behind it opens.
  std::optional<std::uint64_t> length;
  // false: an estimate (what is missing may hold something other than application data, or the padding of a
  // block cipher hides the size).
  bool exact = false;
  // Not exact, and it cannot be more: the lost records held this much, if all of it was application data.
  bool at_most = false;

  friend bool operator==(const Hole&, const Hole&) = default;
};

// In front of its length: "", "at most " or "about ".
constexpr std::string_view exactness(const Hole& hole) {
  if (hole.exact) return "";
  return hole.at_most ? "at most " : "about ";
}

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
