#include "lost_records.hpp"

namespace tlspeel::tls {

RecordCounts::RecordCounts(std::uint64_t stretch, std::uint64_t smallest, std::uint64_t likely) {
  if (stretch == 0) return;
  least_ = 1;
  most_ = std::max<std::uint64_t>(1, stretch / std::max<std::uint64_t>(1, smallest));
  likely = std::max(likely, smallest);
  likely_ = std::clamp<std::uint64_t>((stretch + likely / 2) / std::max<std::uint64_t>(1, likely), 1, most_);
}

std::optional<std::uint64_t> RecordCounts::next() {
  // likely, likely + 1, likely - 1, likely + 2, ...
  while (given_ < kMost && given_ <= most_ - least_) {
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
