// modules: net
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/net/decoder.hpp"

using tlspeel::Bytes;
using tlspeel::ByteView;
using tlspeel::Reader;
using tlspeel::net::Decoder;
using tlspeel::net::PacketFilter;
using tlspeel::net::Segment;
using tlspeel::net::Verdict;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

// Wants some packets, without a reason that could be seen.
bool is_wanted(int /*link_type*/, ByteView bytes, std::uint32_t wire_length) {
  check(bytes.size() <= wire_length);
  return std::count(bytes.begin(), bytes.end(), 0) % 3 == 0;
}

void check_segment(const Segment& segment) {
  // Touches every byte, so that the sanitizer sees a payload that is not there any more.
  const auto zeros = std::count(segment.payload.begin(), segment.payload.end(), 0);
  check(static_cast<std::size_t>(zeros) <= segment.payload.size());
  check((segment.flow.tunnel == 0) == (segment.tunnel_text == nullptr));
  check(tlspeel::net::symmetric_hash(segment.flow) ==
        tlspeel::net::symmetric_hash({segment.flow.destination, segment.flow.source, segment.flow.tunnel}));
}

}  // namespace

// The input: a link type, whether there is a filter, then frames with their length and how much was cut off.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader input({data, size});
  const int link_type = input.u16();
  const bool filtered = input.u8() % 2 == 1;
  Decoder decoder(filtered ? PacketFilter(is_wanted) : PacketFilter());
  std::uint64_t number = 0;
  while (!input.empty() && input.ok()) {
    const std::size_t length = input.u16();
    const std::uint32_t missing = input.u16();
    const Bytes frame = tlspeel::to_bytes(input.bytes(std::min(length, input.remaining())));
    const auto time = static_cast<std::int64_t>(++number) * 1'000'000;
    Segment segment;
    const Verdict verdict = decoder.decode(
        link_type, frame, static_cast<std::uint32_t>(frame.size()) + missing, {number, time}, segment);
    for (bool more = verdict == Verdict::tcp; more; more = decoder.next(segment)) check_segment(segment);
    check(!decoder.next(segment));
  }
  decoder.finish();
  const auto& counts = decoder.counters();
  check(counts.packets == number);
  std::uint64_t other = 0;
  for (const auto& type : counts.other_ether_types) other += type.second;
  check(other <= counts.not_ip);
  check(counts.filtered <= number);
  check(counts.tcp + counts.not_ip + counts.not_tcp + counts.quic + counts.malformed + counts.headers_cut +
            counts.unknown_link_type <=
        number);
  return 0;
}
