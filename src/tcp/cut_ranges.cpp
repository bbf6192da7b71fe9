#include "cut_ranges.hpp"

#include <algorithm>

namespace tlspeel::tcp {

// What is there already keeps its packet.
void CutRanges::add(std::uint64_t begin, std::uint64_t end, PacketRef at) {
  auto here = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.end > begin; });
  while (begin < end && ranges_.size() < kMost) {
    const std::uint64_t free_end = here == ranges_.end() ? end : std::min(end, here->begin);
    if (begin < free_end) here = ranges_.insert(here, {begin, free_end, at}) + 1;
    if (here == ranges_.end()) return;
    begin = here->end;
    ++here;
  }
}

CutRanges::Part CutRanges::first_part(std::uint64_t begin, std::uint64_t end) const {
  auto here = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.end > begin; });
  if (here == ranges_.end() || here->begin >= end) return {end, {}};
  if (here->begin > begin) return {here->begin, {}};
  Part part{here->end, here->at};
  for (++here; here != ranges_.end() && here->begin == part.end; ++here) part.end = here->end;
  part.end = std::min(part.end, end);
  return part;
}

void CutRanges::forget_before(std::uint64_t position) {
  std::erase_if(ranges_, [&](const Range& range) { return range.end <= position; });
}

}  // namespace tlspeel::tcp
