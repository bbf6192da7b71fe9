#include "missing_bytes.hpp"

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

namespace tlspeel::tls {

std::string describe(const MissingBytes& missing) {
  const event::StreamGap& gap = missing.gap;
  const bool one = gap.length == 1;
  std::string out =
      one ? fmt::format("byte {}", grouped(gap.offset))
          : fmt::format("bytes {} to {}", grouped(gap.offset), grouped(gap.offset + gap.length - 1));
  out += fmt::format(" of the {}'s stream ", gap.direction == Direction::client ? "client" : "server");
  if (gap.cut_packet != 0) {
    out += fmt::format("{} cut off packet {} by the snap length", one ? "was" : "were", gap.cut_packet);
  } else {
    out += fmt::format("{} missing before packet {}", one ? "is" : "are", missing.at.number);
  }
  return out;
}

}  // namespace tlspeel::tls
