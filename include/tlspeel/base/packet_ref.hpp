// Which packet of the capture a byte came from. Every byte travels with one, so that each printed line can
// name its packet.
#pragma once

#include <cstdint>

namespace tlspeel {

struct PacketRef {
  std::uint64_t number = 0;  // 1 is the first packet of the capture, as Wireshark counts; 0: none
  std::int64_t time_ns =
      0;  // capture time, nanoseconds since 1970-01-01 00:00 UTC; may step backwards between packets

  friend bool operator==(const PacketRef&, const PacketRef&) = default;
};

}  // namespace tlspeel
