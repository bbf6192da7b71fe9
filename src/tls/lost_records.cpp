#include "lost_records.hpp"

namespace tlspeel::tls {

RecordCounts::RecordCounts(std::uint64_t stretch, std::uint64_t smallest, std::uint64_t likely,
                           bool may_be_uncounted) {
  smallest = std::max<std::uint64_t>(1, smallest);
  likely = std::max(likely, smallest);
  least_ = stretch == 0 || may_be_uncounted ? 0 : 1;
  most_ = stretch / smallest;
  if (most_ < least_) return;
  likely_ = std::clamp<std::uint64_t>((stretch + likely / 2) / likely, least_, most_);
}

std::optional<std::uint64_t> RecordCounts::next() {
  // likely, likely + 1, likely - 1, likely + 2, ...
  while (given_ < kMost && least_ + given_ <= most_) {
    const std::uint64_t away = (step_ + 1) / 2;
    const bool up = step_ % 2 == 1;
    ++step_;
    const bool fits = up ? away <= most_ - likely_ : away <= likely_ - least_;
    if (!fits) continue;
    ++given_;
    return up ? likely_ + away : likely_ - away;
  }
  return std::nullopt;
}

bool TrialBudget::spend(std::size_t record_bytes) {
  const std::uint64_t cost = record_bytes + kTrial;
  if (cost > left_) return false;
  left_ -= cost;
  return true;
}

void TrialBudget::earn(std::size_t captured_bytes) {
  left_ = std::min(kMost, left_ + kEarned * captured_bytes);
}

}  // namespace tlspeel::tls
