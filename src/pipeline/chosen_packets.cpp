#include "chosen_packets.hpp"

#include <algorithm>

namespace tlspeel::pipeline {

void ChosenPackets::add(std::uint32_t ends, std::uint64_t first, std::uint64_t last) {
  if (has_all()) return;
  ++count_;
  if (has_all()) return ranges_.clear();
  ranges_[ends].push_back({first, last});
}

bool ChosenPackets::has(std::uint32_t ends, std::uint64_t number) const {
  if (has_all()) return true;
  const auto found = ranges_.find(ends);
  return found != ranges_.end() && std::ranges::any_of(found->second, [number](const Range& each) {
           return each.first <= number && number <= each.last;
         });
}

}  // namespace tlspeel::pipeline
