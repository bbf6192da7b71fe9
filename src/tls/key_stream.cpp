#include "key_stream.hpp"

#include <algorithm>
#include <array>

namespace tlspeel::tls {

void KeyStream::process(ByteView in, std::span<std::uint8_t> out) {
  if (ahead_.empty() && begin_ == position_) {
    cipher_.process(in, out);
    position_ += in.size();
    begin_ = position_;
    return;
  }
  // Never far away: the next record.
  (void)peek(0, in, out);
  advance(in.size());
}

bool KeyStream::peek(std::uint64_t skipped, ByteView in, std::span<std::uint8_t> out) {
  const std::uint64_t from = position_ + skipped;
  if (skipped > left_ || from < begin_) return false;
  make_until(from + in.size());
  const ByteView key = ByteView(ahead_).subspan(static_cast<std::size_t>(from - begin_), in.size());
  std::ranges::transform(in, key, out.begin(), [](std::uint8_t a, std::uint8_t b) -> std::uint8_t {
    return static_cast<std::uint8_t>(a ^ b);
  });
  return true;
}

void KeyStream::move(std::uint64_t bytes) {
  left_ -= std::min(left_, bytes);
  advance(bytes);
}

void KeyStream::advance(std::uint64_t bytes) {
  position_ += bytes;
  make_until(position_);
  drop_before(position_);
  if (ahead_.empty()) ahead_ = Bytes();
}

void KeyStream::make_until(std::uint64_t position) {
  constexpr std::size_t kPart = 16384;
  static constexpr std::array<std::uint8_t, kPart> kZeros{};
  while (begin_ + ahead_.size() < position) {
    const std::uint64_t lacking = position - begin_ - ahead_.size();
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(lacking, kPart));
    if (ahead_.size() + part > kMost) drop_before(begin_ + ahead_.size() + part - kMost);
    const std::size_t before = ahead_.size();
    ahead_.resize(before + part);
    cipher_.process(ByteView(kZeros).first(part), std::span(ahead_).subspan(before));
  }
}

void KeyStream::drop_before(std::uint64_t position) {
  if (position <= begin_) return;
  const auto gone = static_cast<std::size_t>(std::min<std::uint64_t>(position - begin_, ahead_.size()));
  cleanse(std::span(ahead_).first(gone));
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(gone));
  begin_ += gone;
}

}  // namespace tlspeel::tls
