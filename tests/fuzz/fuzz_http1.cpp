// modules: app
// Pieces of both directions, holes and ends, through the parser that ALPN (first byte) chooses. The same
// bytes one at a time have to give the same events.
#include <algorithm>
#include <cstdlib>

#include "tlspeel/base/reader.hpp"

#include "../unit/app/event_text.hpp"

namespace {

using namespace tlspeel;

std::vector<std::string> run(ByteView input, bool split) {
  app::test::TextSink sink;
  Reader in(input);
  const std::uint8_t first = in.u8();
  const auto parser = app::make_parser(first % 4 == 0 ? "" : first % 4 == 1 ? "h2" : "http/1.1", {600}, sink);
  PacketRef at;
  while (!in.empty()) {
    ++at.number;
    const std::uint8_t control = in.u8();
    const auto direction = control & 1U ? Direction::server : Direction::client;
    const std::size_t length = in.u16();
    if (control >> 5U == 7) {
      const std::optional<std::uint64_t> missing =
          control & 2U ? std::nullopt : std::optional<std::uint64_t>(length);
      parser->gap(direction, at, {missing, missing && (control & 4U) == 0});
    } else if (control >> 5U == 6) {
      parser->end(direction, at);
    } else {
      const ByteView bytes = in.bytes(std::min(length, in.remaining()));
      if (!split) parser->push(direction, at, bytes);
      for (std::size_t i = 0; split && i < bytes.size(); ++i)
        parser->push(direction, at, bytes.subspan(i, 1));
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
