// modules: websocket
// Both directions of a WebSocket, behind a response with the extensions that the first byte chooses, in
// pieces, holes and ends. The same bytes one at a time have to give the same events.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/websocket/websocket.hpp"

#include "../unit/websocket/frames.hpp"

namespace {

using namespace tlspeel;

constexpr std::array<std::string_view, 4> kExtensions = {
    "", "permessage-deflate", "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
    "x-unknown"};

// Of the control byte (bit 0: by the server), its three upper bits.
constexpr std::uint8_t kHole = 7;  // bit 1: of unknown length, bit 2: of an estimated one
constexpr std::uint8_t kEnd = 6;

std::vector<std::string> run(ByteView input, bool split) {
  Reader in(input);
  websocket::test::Talk talk(std::string(kExtensions.at(in.u8() % kExtensions.size())));
  talk.split = split ? 1 : input.size() + 1;
  while (!in.empty()) {
    const std::uint8_t control = in.u8();
    const auto direction = (control & 1U) != 0 ? Direction::server : Direction::client;
    const std::size_t length = in.u16();
    const auto kind = static_cast<std::uint8_t>(control >> 5U);
    if (kind == kHole) {
      const std::optional<std::uint64_t> missing =
          (control & 2U) != 0 ? std::nullopt : std::optional<std::uint64_t>(length);
      talk.hole(direction, {missing, missing && (control & 4U) == 0});
    } else if (kind == kEnd) {
      talk.end(direction);
    } else {
      talk.say(direction, in.bytes(std::min(length, in.remaining())));
    }
  }
  std::vector<std::string> lines = talk.finish();
  lines.insert(lines.end(), talk.rest.begin(), talk.rest.end());
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (run({data, size}, false) != run({data, size}, true)) std::abort();
  return 0;
}
