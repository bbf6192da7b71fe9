// Hashes that are the same on every platform and in every run.
#pragma once

#include <cstdint>

#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/base/reader.hpp"

namespace tlspeel::net {

// The finalizer of SplitMix64: every input bit reaches every output bit.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  return x ^ x >> 31U;
}

// `salt`: a port, or what else is to count.
inline std::uint64_t hash_address(const IpAddress& address, std::uint64_t salt = 0) {
  const std::uint64_t high = number_at<8>(address.octets);
  const std::uint64_t low = number_at<8, 8>(address.octets);
  return mix_bits(mix_bits(high + 0x9e3779b97f4a7c15U) + mix_bits(low ^ salt));
}

}  // namespace tlspeel::net
