// Which bytes of a datagram are there: sorted, disjoint, non-touching half-open intervals. A datagram has few
// pieces; insertion is linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tlspeel::net {

class IntervalSet {
 public:
  struct Interval {
    std::uint32_t begin;
    std::uint32_t end;
    friend bool operator==(const Interval&, const Interval&) = default;
  };

  // Adds [begin, end); returns the parts of it that were not there before, valid until the next add().
  const std::vector<Interval>& add(std::uint32_t begin, std::uint32_t end);
  // The end of the interval that starts at 0; 0 where there is none.
  std::uint32_t prefix() const {
    return intervals_.empty() || intervals_.front().begin != 0 ? 0 : intervals_.front().end;
  }
  std::size_t size() const { return intervals_.size(); }

 private:
  std::vector<Interval> intervals_;
  std::vector<Interval> added_;
};

}  // namespace tlspeel::net
