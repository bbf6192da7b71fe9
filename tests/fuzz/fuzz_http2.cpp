// modules: app
// Both directions of an HTTP/2 connection in pieces, frames, holes and ends. The same bytes one at a time
// have to give the same events.
#include <algorithm>
#include <cstdlib>

#include "tlspeel/base/reader.hpp"

#include "../unit/app/event_text.hpp"

namespace {

using namespace tlspeel;

constexpr std::uint8_t kHole = 7;
constexpr std::uint8_t kEnd = 6;
constexpr std::uint8_t kFrame = 5;  // what follows is a payload; its header is made

// Type, flags, stream: what is mutated keeps the right length.
Bytes frame_of(Reader& in, std::size_t length) {
  const std::uint8_t type = in.u8();
  const std::uint8_t flags = in.u8();
  const std::uint8_t stream = in.u8();
  const ByteView payload = in.bytes(std::min(length, in.remaining()));
  const auto size = static_cast<std::uint32_t>(payload.size());
  Bytes out{static_cast<std::uint8_t>(size >> 16U),
            static_cast<std::uint8_t>(size >> 8U),
            static_cast<std::uint8_t>(size),
            type,
            flags,
            0,
            0,
            0,
            stream};
  append(out, payload);
  return out;
}

std::vector<std::string> run(ByteView input, bool split) {
  app::test::TextSink sink;
  Reader in(input);
  const auto parser = app::make_parser("h2", {600}, sink);
  PacketRef at;
  while (!in.empty()) {
    ++at.number;
    const std::uint8_t control = in.u8();
    const auto direction = control & 1U ? Direction::server : Direction::client;
    const std::size_t length = in.u16();
    const auto kind = static_cast<std::uint8_t>(control >> 5U);
    if (kind == kHole) {
      const std::optional<std::uint64_t> missing =
          control & 2U ? std::nullopt : std::optional<std::uint64_t>(length);
      parser->gap(direction, at, {missing, missing && (control & 4U) == 0});
    } else if (kind == kEnd) {
      parser->end(direction, at);
    } else {
      const Bytes bytes =
          kind == kFrame ? frame_of(in, length) : to_bytes(in.bytes(std::min(length, in.remaining())));
      if (!split) parser->push(direction, at, bytes);
      for (std::size_t i = 0; split && i < bytes.size(); ++i)
        parser->push(direction, at, ByteView(bytes).subspan(i, 1));
    }
  }
  parser->finish(at);
  return sink.lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (run({data, size}, false) != run({data, size}, true)) std::abort();
  return 0;
}
