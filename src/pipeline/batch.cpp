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
  BatchItem item{segment, at, static_cast<std::uint32_t>(net::symmetric_hash(segment.flow) % kShards)};
  item.segment.payload = ByteView(arena).subspan(start);
  items.push_back(item);
  return true;
}

}  // namespace tlspeel::pipeline
