// Times of pcapng packets: units since 1970 as if_tsresol has them (10^-v, or 2^-v with the top bit set), and
// seconds to add, as nanoseconds. Rounds down; what does not fit becomes the nearest that does.
// Source: draft-ietf-opsawg-pcapng section 4.2.
#pragma once

#include <cstdint>

namespace tlspeel::capture {

std::int64_t pcapng_nanoseconds(std::uint64_t units, std::uint8_t resolution, std::int64_t offset_seconds);

}  // namespace tlspeel::capture
