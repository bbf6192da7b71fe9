#include "batch.hpp"

#include <algorithm>
#include <tuple>

#include "tlspeel/pipeline/run.hpp"

namespace tlspeel::pipeline {

bool before(const Emitted& a, const Emitted& b) {
  return std::tie(a.packet, a.connection, a.ordinal) < std::tie(b.packet, b.connection, b.ordinal);
}

void Batch::clear() {
  items.clear();
  arena.clear();
  beside_arena.clear();
  reader_events.clear();
  for (auto& list : results) list.clear();
  idle = false;
  final = false;
}

bool Batch::add(const net::Segment& segment, PacketRef at) {
  if (items.empty()) {
    arena.reserve(std::max(kBatchBytes, segment.payload.size()));
  } else if (items.size() >= kBatchPackets || arena.size() + segment.payload.size() > arena.capacity()) {
    return false;
  }
  const std::size_t start = arena.size();
  append(arena, segment.payload);
  put(segment, ByteView(arena).subspan(start), at);
  return true;
}

void Batch::add_to_last(const net::Segment& segment) {
  const std::size_t start = arena.size();
  const bool fits = start + segment.payload.size() <= arena.capacity();
  append(fits ? arena : beside_arena.emplace_back(), segment.payload);
  put(segment, fits ? ByteView(arena).subspan(start) : ByteView(beside_arena.back()), items.back().at);
}

void Batch::put(const net::Segment& segment, ByteView payload, PacketRef at) {
  BatchItem& item = items.emplace_back(
      BatchItem{segment, at, static_cast<std::uint32_t>(net::symmetric_hash(segment.flow) % kShards)});
  item.segment.payload = payload;
}

}  // namespace tlspeel::pipeline
