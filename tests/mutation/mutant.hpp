// A damaged copy of a capture file: bytes overwritten, cut out and put in, as a seed says. The same file and
// seed give the same mutant on every machine. No errors, no state.
#pragma once

#include <cstdint>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

#include "capture_map.hpp"

namespace tlspeel::mutation {

// SplitMix64 (Steele, Lea, Flood 2014): the distributions of <random> differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  // 0 to bound - 1; the bias of a bound below 2^32 does not matter here. bound: not 0.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

// Of the mutant with this number, of a run with this seed over a case of this name.
std::uint64_t seed_of(std::uint64_t run, std::string_view name, std::uint64_t number);

Bytes make_mutant(ByteView file, const CaptureMap& map, Random& random);

}  // namespace tlspeel::mutation
