// modules: app
// Pieces of both directions, holes and ends, through the parser that ALPN (first byte) chooses. The same
// bytes one at a time have to give the same events.
#include <cstdlib>

#include "app_talk.hpp"

namespace {

using namespace tlspeel;

std::vector<std::string> run(ByteView input, bool split) {
  Reader in(input);
  const std::uint8_t first = in.u8();
  const std::string_view alpn = first % 4 == 0 ? "" : first % 4 == 1 ? "h2" : "http/1.1";
  return fuzz::app_talk(in, alpn, split, [](std::uint8_t /*kind*/, Reader& from, std::size_t length) {
    return fuzz::piece_of(from, length);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (run({data, size}, false) != run({data, size}, true)) std::abort();
  return 0;
}
