#include "capture/chained_reader.hpp"

namespace tlspeel::capture {

ReadState ChainedReader::resume(const char* what) {
  damage_ = {Damage::Kind::skipped, source_->offset(), 0, what};
  const bool cut = !source_->ensure(header_size()) || first_is_acceptable();
  while (source_->ensure(header_size() + 1)) {
    source_->consume(1);
    if (!chain_stands_first()) continue;
    damage_.skipped = source_->offset() - damage_.offset;
    return ReadState::damaged;
  }
  source_->consume(source_->view().size());
  damage_.skipped = source_->offset() - damage_.offset;
  damage_.kind = cut ? Damage::Kind::cut : Damage::Kind::rest;
  ended_ = true;
  if (!source_->error().empty())
    damage_ = {Damage::Kind::rest, damage_.offset, damage_.skipped, source_->error()};
  return ReadState::damaged;
}

bool ChainedReader::are_near(std::uint32_t seconds, std::optional<std::uint32_t> others) {
  constexpr std::int64_t kSaneSeconds = std::int64_t{7} * 24 * 3600;
  if (!others) return true;
  const std::int64_t distance = std::int64_t{seconds} - std::int64_t{*others};
  return distance <= kSaneSeconds && distance >= -kSaneSeconds;
}

// Whether packets stand there: several in a row, or as many as there are until exactly the end of the file.
bool ChainedReader::chain_stands_first() {
  std::size_t position = 0;
  for (int found = 0; found < kInARow; ++found) {
    if (!source_->ensure(position + header_size())) return found != 0 && source_->view().size() == position;
    const auto size = plausible_record(position);
    if (!size) return false;
    position += *size;
  }
  return source_->ensure(position);
}

}  // namespace tlspeel::capture
