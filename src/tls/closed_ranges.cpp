#include "closed_ranges.hpp"

#include <algorithm>

namespace tlspeel::tls {

void ClosedRanges::add(std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return;
  bytes_ += length;
  event::ByteRange added{offset, offset + length};
  // Joined with all that it touches.
  const auto first = std::ranges::lower_bound(ranges_, added.begin, {}, &event::ByteRange::end);
  const auto last = std::find_if(first, ranges_.end(),
                                 [&](const event::ByteRange& each) { return each.begin > added.end; });
  for (auto each = first; each != last; ++each) {
    added = {std::min(added.begin, each->begin), std::max(added.end, each->end)};
  }
  ranges_.insert(ranges_.erase(first, last), added);
  if (ranges_.size() > event::kMaxClosedRanges) {
    ranges_[ranges_.size() - 2].end = ranges_.back().end;
    ranges_.pop_back();
  }
}

}  // namespace tlspeel::tls
