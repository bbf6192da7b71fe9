#include "batch.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace tlspeel::pipeline {
namespace {

// Several times the payload: blocks also hold headers, and parts of other batches. Beyond it packets are few
// and far between, and copying them costs less memory than holding all that lies around them.
constexpr std::size_t kMostBytesHeld = 4 * kBatchBytes;

bool lies_in(const capture::ByteBlock& block, ByteView payload) {
  const std::uint8_t* const begin = block.bytes.get();
  const std::uint8_t* const end = begin + block.size;
  return std::greater_equal<>()(payload.data(), begin) &&
         std::less_equal<>()(payload.data() + payload.size(), end);
}

}  // namespace

bool before(const Emitted& a, const Emitted& b) {
  return std::tie(a.packet, a.connection, a.ordinal) < std::tie(b.packet, b.connection, b.ordinal);
}

void Batch::clear() {
  items.clear();
  blocks.clear();
  arena.clear();
  beside_arena.clear();
  reader_events.clear();
  for (auto& list : results) list.clear();
  payload_bytes_ = 0;
  bytes_held_ = 0;
  idle = false;
  ends_before = 0;
  final = false;
}

bool Batch::add(const net::Segment& segment, PacketRef at, const capture::BlockPtr* block) {
  const bool fits = items.size() < kBatchPackets && payload_bytes_ + segment.payload.size() <= most_payload;
  if (!fits && !items.empty()) return false;
  put(segment, at, block);
  return true;
}

void Batch::add_to_last(const net::Segment& segment, const capture::BlockPtr* block) {
  put(segment, items.back().at, block);
}

void Batch::put(const net::Segment& segment, PacketRef at, const capture::BlockPtr* block) {
  BatchItem& item = items.emplace_back(
      BatchItem{segment, at, static_cast<std::uint32_t>(net::symmetric_hash(segment.flow) % kShards)});
  payload_bytes_ += segment.payload.size();
  if (segment.payload.empty() || (block != nullptr && hold(*block, segment.payload))) return;
  item.segment.payload = copy(segment.payload);
}

// False: the payload is not in it, or too much is held already.
bool Batch::hold(const capture::BlockPtr& block, ByteView payload) {
  if (!lies_in(*block, payload)) return false;
  // Packets of several captures may alternate.
  if (std::find(blocks.rbegin(), blocks.rend(), block) != blocks.rend()) return true;
  if (bytes_held_ + block->size > kMostBytesHeld) return false;
  bytes_held_ += block->size;
  blocks.push_back(block);
  return true;
}

ByteView Batch::copy(ByteView payload) {
  if (arena.empty()) arena.reserve(std::max(kBatchBytes, payload.size()));
  const std::size_t start = arena.size();
  const bool fits = start + payload.size() <= arena.capacity();
  Bytes& to = fits ? arena : beside_arena.emplace_back();
  append(to, payload);
  return ByteView(to).subspan(fits ? start : 0);
}

}  // namespace tlspeel::pipeline
