#include "held_bytes.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

namespace tlspeel::tcp {
namespace {

// The part of `bytes` (which start at `origin`) in [low, high).
ByteView part(ByteView bytes, std::uint64_t origin, std::uint64_t low, std::uint64_t high) {
  return bytes.subspan(low - origin, high - low);
}

std::uint64_t count_differences(ByteView a, ByteView b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), std::uint64_t{0}, std::plus<>(),
                               [](std::uint8_t x, std::uint8_t y) { return std::uint64_t{x != y}; });
}

}  // namespace

HeldBytes::Overlap HeldBytes::insert(std::uint64_t position, ByteView bytes, PacketRef at, bool keep) {
  Overlap overlap;
  const std::uint64_t end = position + bytes.size();
  std::uint64_t cursor = position;
  auto& pieces = *pieces_;
  auto piece = pieces.upper_bound(position);
  if (piece != pieces.begin()) {
    const auto before = std::prev(piece);
    if (before->first + before->second.length > position) piece = before;
  }
  while (cursor < end && piece != pieces.end() && piece->first < end) {
    const std::uint64_t piece_begin = piece->first;
    const std::uint64_t piece_end = piece_begin + piece->second.length;
    if (cursor < piece_begin) {
      store(cursor, part(bytes, position, cursor, piece_begin), at, keep);
      cursor = piece_begin;
    }
    const std::uint64_t common_end = std::min(end, piece_end);
    overlap.duplicate += common_end - cursor;
    if (!piece->second.bytes.empty()) {
      overlap.conflicting += count_differences(part(bytes, position, cursor, common_end),
                                               part(piece->second.bytes, piece_begin, cursor, common_end));
    }
    cursor = common_end;
    ++piece;
  }
  if (cursor < end) store(cursor, part(bytes, position, cursor, end), at, keep);
  if (pieces.empty()) pieces_.reset();
  return overlap;
}

HeldBytes::Piece HeldBytes::take_first() {
  const auto first = pieces_->begin();
  Piece piece = std::move(first->second);
  pieces_->erase(first);
  if (pieces_->empty()) pieces_.reset();
  cost_ -= piece.bytes.size() + kPieceCost;
  return piece;
}

void HeldBytes::clear() {
  pieces_.reset();
  cost_ = 0;
}

void HeldBytes::store(std::uint64_t position, ByteView bytes, PacketRef at, bool keep) {
  Piece piece{bytes.size(), keep ? to_bytes(bytes) : Bytes{}, at};
  cost_ += piece.bytes.size() + kPieceCost;
  pieces_->emplace(position, std::move(piece));
}

}  // namespace tlspeel::tcp
