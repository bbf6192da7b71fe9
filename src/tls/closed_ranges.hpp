// Which bytes of a stream stayed closed: ascending ranges, neighbours joined, at most
// event::kMaxClosedRanges of them (after that the last one grows). Plain value.
#pragma once

#include <cstdint>
#include <vector>

#include "tlspeel/event/event.hpp"

namespace tlspeel::tls {

class ClosedRanges {
 public:
  // Bytes that were not added before.
  void add(std::uint64_t offset, std::uint64_t length);
  std::uint64_t bytes() const { return bytes_; }
  const std::vector<event::ByteRange>& ranges() const { return ranges_; }

 private:
  std::uint64_t bytes_ = 0;
  std::vector<event::ByteRange> ranges_;
};

}  // namespace tlspeel::tls
