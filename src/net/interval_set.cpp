#include "net/interval_set.hpp"

#include <algorithm>

namespace tlspeel::net {

const std::vector<IntervalSet::Interval>& IntervalSet::add(std::uint32_t begin, std::uint32_t end) {
  added_.clear();
  if (begin >= end) return added_;
  const auto first = std::lower_bound(intervals_.begin(), intervals_.end(), begin,
                                      [](const Interval& i, std::uint32_t value) { return i.end < value; });
  Interval merged{begin, end};
  std::uint32_t covered = begin;  // everything of [begin, covered) is known to be old or was put into added_
  auto last = first;
  for (; last != intervals_.end() && last->begin <= end; ++last) {
    if (last->begin > covered) added_.push_back({covered, last->begin});
    covered = std::max(covered, last->end);
    merged.begin = std::min(merged.begin, last->begin);
    merged.end = std::max(merged.end, last->end);
  }
  if (covered < end) added_.push_back({covered, end});
  intervals_.insert(intervals_.erase(first, last), merged);
  return added_;
}

}  // namespace tlspeel::net
