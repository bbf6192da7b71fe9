// modules: app
// Both directions of an HTTP/2 connection in pieces, frames, holes and ends. The same bytes one at a time
// have to give the same events.
#include <cstdlib>

#include "app_talk.hpp"

namespace {

using namespace tlspeel;

constexpr std::uint8_t kFrame = 5;  // what follows is a payload; its header is made

// Type, flags, stream: what is mutated keeps the right length.
Bytes frame_of(Reader& in, std::size_t length) {
  const std::uint8_t type = in.u8();
  const std::uint8_t flags = in.u8();
  const std::uint8_t stream = in.u8();
  const ByteView payload = fuzz::piece_of(in, length);
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
  Reader in(input);
  return fuzz::app_talk(in, "h2", split, [](std::uint8_t kind, Reader& from, std::size_t length) {
    return kind == kFrame ? frame_of(from, length) : to_bytes(fuzz::piece_of(from, length));
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (run({data, size}, false) != run({data, size}, true)) std::abort();
  return 0;
}
