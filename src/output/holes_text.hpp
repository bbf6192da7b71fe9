// Content with holes in it, as lines: what is missing is said at its place. Bytes and texts are what the peer
// sent; what is appended is safe for a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/hole.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

// "[1,448 bytes were not captured]".
std::string hole_text(const event::Hole& hole);

// How many bytes are missing at the holes in the first `shown` bytes, as far as that is known.
std::uint64_t missing_at_holes(const std::vector<event::HoleAt>& holes, std::size_t shown);

// Calls show(offset, piece) for what is between the holes, and says the holes at their places.
template <class Show>
void append_around_holes(Lines& lines, ByteView shown, const std::vector<event::HoleAt>& holes, Show show) {
  std::size_t begin = 0;
  for (const event::HoleAt& at : holes) {
    if (at.position > shown.size()) break;
    const auto end = static_cast<std::size_t>(at.position);
    if (end > begin) show(begin, shown.subspan(begin, end - begin));
    lines.note(hole_text(at.hole), Ink::bad);
    begin = end;
  }
  if (begin < shown.size()) show(begin, shown.subspan(begin));
}

}  // namespace tlspeel::output
