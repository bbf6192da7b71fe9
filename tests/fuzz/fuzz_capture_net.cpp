// modules: capture net
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tlspeel/net/decoder.hpp"

#include "capture/capture_file.hpp"

using tlspeel::net::Decoder;
using tlspeel::net::Segment;
using tlspeel::net::Verdict;

namespace {
void check(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

// The input is a whole capture file; whatever it holds, a payload lies in its packet's bounds and the counts
// add up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto file = tlspeel::capture::CaptureFile::of({data, size}, "input");
  if (!file) return 0;
  Decoder decoder;
  tlspeel::capture::Packet packet;
  std::uint64_t number = 0;
  tlspeel::capture::ReadState state{};
  while ((state = (*file)->next(packet, number)) != tlspeel::capture::ReadState::end) {
    if (state == tlspeel::capture::ReadState::damaged) continue;
    Segment segment;
    if (decoder.decode(packet.link_type, packet.bytes, packet.wire_length, packet.at, segment) !=
        Verdict::tcp) {
      continue;
    }
    // Touches every byte, so that the sanitizer sees a payload that is not inside its packet.
    const auto zeros = std::count(segment.payload.begin(), segment.payload.end(), 0);
    check(static_cast<std::size_t>(zeros) <= segment.payload.size());
    check(tlspeel::net::symmetric_hash(segment.flow) ==
          tlspeel::net::symmetric_hash({segment.flow.destination, segment.flow.source}));
  }
  decoder.finish();
  const auto& counts = decoder.counters();
  check(counts.packets == number);
  check(counts.bytes <= counts.wire_bytes);
  check(counts.tcp + counts.not_ip + counts.not_tcp + counts.quic + counts.malformed + counts.headers_cut +
            counts.unknown_link_type <=
        counts.packets);
  return 0;
}
