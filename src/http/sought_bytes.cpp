#include "tlspeel/http/sought_bytes.hpp"

#include <algorithm>

namespace tlspeel::http {

void SoughtBytes::add(PacketRef at, ByteView bytes) {
  if (bytes.empty()) return;
  append(bytes_, bytes);
  if (runs_.empty() || runs_.back().at != at) runs_.push_back({at, 0});
  runs_.back().size += bytes.size();
}

std::vector<SoughtBytes::Piece> SoughtBytes::take(std::size_t count) {
  std::vector<Piece> pieces;
  while (count > 0) {
    Run& run = runs_.front();
    const std::size_t taken = std::min(count, run.size);
    pieces.push_back({run.at, to_bytes(ByteView(bytes_).subspan(begin_, taken))});
    begin_ += taken;
    count -= taken;
    run.size -= taken;
    if (run.size == 0) runs_.pop_front();
  }
  if (begin_ > size()) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  return pieces;
}

void SoughtBytes::drop_back(std::size_t count) {
  bytes_.resize(bytes_.size() - count);
  while (count > 0) {
    Run& run = runs_.back();
    const std::size_t dropped = std::min(count, run.size);
    count -= dropped;
    run.size -= dropped;
    if (run.size == 0) runs_.pop_back();
  }
}

}  // namespace tlspeel::http
