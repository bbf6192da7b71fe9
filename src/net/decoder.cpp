#include "tlspeel/net/decoder.hpp"

#include <algorithm>
#include <utility>

#include "net/packet_walk.hpp"
#include "net/unread_type.hpp"

namespace tlspeel::net {

Decoder::Decoder(PacketFilter filter) : walk_(std::make_unique<PacketWalk>(std::move(filter))) {}
Decoder::~Decoder() = default;

Verdict Decoder::decode(int link_type, ByteView bytes, std::uint32_t wire_length, PacketRef at,
                        Segment& out) {
  // Some writers give a length on the wire that is less than what they wrote.
  const std::uint64_t on_the_wire = std::max<std::uint64_t>(wire_length, bytes.size());
  const auto missing = static_cast<std::uint32_t>(on_the_wire - bytes.size());
  ++counters_.packets;
  counters_.bytes += bytes.size();
  counters_.wire_bytes += on_the_wire;
  const Verdict verdict = walk_->start(link_type, {bytes, missing}, at, out);
  if (missing > 0 && verdict != Verdict::filtered) ++counters_.cut;
  counters_.fragments = walk_->fragments_seen();
  counters_.fragments_incomplete = walk_->fragments_incomplete();
  count(verdict);
  if (verdict == Verdict::not_ip) count_ether_type(link_type, bytes);
  counters_.filtered = frames_filtered_ + walk_->fragments_left_out();
  return verdict;
}

bool Decoder::next(Segment& out) {
  return walk_->next(out);
}

void Decoder::finish() {
  walk_->finish();
  counters_.fragments_incomplete = walk_->fragments_incomplete();
}

void Decoder::count_ether_type(int link_type, ByteView frame) {
  if (const auto type = unread_ether_type(link_type, frame)) ++counters_.other_ether_types[*type];
}

void Decoder::count(Verdict verdict) {
  switch (verdict) {
    case Verdict::tcp:
      ++counters_.tcp;
      break;
    case Verdict::not_ip:
      ++counters_.not_ip;
      break;
    case Verdict::not_tcp:
      ++counters_.not_tcp;
      break;
    case Verdict::quic:
      ++counters_.quic;
      break;
    case Verdict::malformed:
      ++counters_.malformed;
      break;
    case Verdict::headers_cut:
      ++counters_.headers_cut;
      break;
    case Verdict::fragment_held:
      break;
    case Verdict::unknown_link_type:
      ++counters_.unknown_link_type;
      break;
    case Verdict::filtered:
      ++frames_filtered_;
      break;
  }
}

}  // namespace tlspeel::net
