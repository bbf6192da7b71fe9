// modules: capture net
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tlspeel/net/decoder.hpp"

#include "capture/pcap_file.hpp"

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
  std::string copy(tlspeel::as_text({data, size}));
  std::FILE* stream = fmemopen(copy.data(), copy.size(), "r");
  if (stream == nullptr) return 0;
  auto file = tlspeel::capture::PcapFile::open_stream(stream, "input", {});
  if (!file) return 0;
  Decoder decoder;
  tlspeel::capture::Packet packet;
  std::uint64_t number = 0;
  while ((*file)->next(packet, number) == tlspeel::capture::ReadState::packet) {
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
