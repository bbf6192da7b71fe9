#include "capture/pcapng_time.hpp"

#include <limits>

namespace tlspeel::capture {
namespace {

__extension__ using Wide = __int128;

constexpr std::uint8_t kPowerOfTwo = 0x80;
constexpr Wide kPerSecond = 1'000'000'000;
constexpr int kNano = 9;
constexpr int kDigits = 19;  // of the largest number of units: one of 10^-29 s and below is nothing

Wide scaled(std::uint64_t units, std::uint8_t resolution) {
  const int exponent = resolution & ~kPowerOfTwo;
  Wide value = units;
  if ((resolution & kPowerOfTwo) != 0) return exponent >= 94 ? Wide{0} : value * kPerSecond >> exponent;
  if (exponent > kNano + kDigits) return 0;
  for (int i = exponent; i < kNano; ++i) value *= 10;
  for (int i = kNano; i < exponent; ++i) value /= 10;
  return value;
}

}  // namespace

std::int64_t pcapng_nanoseconds(std::uint64_t units, std::uint8_t resolution, std::int64_t offset_seconds) {
  const Wide total = scaled(units, resolution) + Wide{offset_seconds} * kPerSecond;
  if (total > std::numeric_limits<std::int64_t>::max()) return std::numeric_limits<std::int64_t>::max();
  if (total < std::numeric_limits<std::int64_t>::min()) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(total);
}

}  // namespace tlspeel::capture
