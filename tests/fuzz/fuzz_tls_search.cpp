// modules: pipeline
// Where TLS starts: the input is a byte of options and pieces of a direction, (flags, two bytes of length,
// bytes). Whatever is found, each byte comes out once, in order, in clear before it comes as TLS, and little
// is held.
#include <algorithm>
#include <array>

#include "tlspeel/base/reader.hpp"

#include "pipeline/tls_search.hpp"

namespace {

using namespace tlspeel;
using pipeline::SearchHole;

struct Heard final : pipeline::SearchSink {
  std::array<Bytes, 2> out;
  std::array<bool, 2> started{};
  bool found = false;

  void clear_bytes(Direction direction, PacketRef /*at*/, ByteView bytes) override {
    if (started[index(direction)] || bytes.empty()) __builtin_trap();
    append(out[index(direction)], bytes);
  }
  void clear_hole(Direction, PacketRef, std::uint64_t, const SearchHole&) override {}
  void clear_end(Direction, PacketRef) override {}
  void tls_found(Direction, PacketRef, PacketRef) override {
    if (found) __builtin_trap();
    found = true;
  }
  void tls_starts(Direction direction, PacketRef, const Start&) override {
    if (!found || started[index(direction)]) __builtin_trap();
    started[index(direction)] = true;
  }
  void tls_bytes(Direction direction, PacketRef /*at*/, ByteView bytes) override {
    if (!started[index(direction)] || bytes.empty()) __builtin_trap();
    append(out[index(direction)], bytes);
  }
  void tls_hole(Direction direction, PacketRef, std::uint64_t, const SearchHole&) override {
    if (!started[index(direction)]) __builtin_trap();
  }
  void tls_end(Direction, PacketRef) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader r({data, size});
  const std::uint8_t options = r.u8();
  const bool late = (options & 1) != 0;
  Heard heard;
  pipeline::TlsSearch::Spare spare;
  pipeline::TlsSearch search(heard, !late, (options & 2) != 0, spare);
  std::array<Bytes, 2> in;
  bool holes = false;
  std::uint64_t packet = 0;
  while (!r.empty()) {
    const std::uint8_t flags = r.u8();
    const Direction direction = (flags & 1) != 0 ? Direction::server : Direction::client;
    const PacketRef at{++packet, 0};
    if ((flags & 2) != 0) search.hole(direction, at, {flags & 8U ? 0U : 100U, 0});
    holes = holes || (flags & 2) != 0;
    const ByteView bytes = r.bytes(std::min<std::size_t>(r.u16(), r.remaining()));
    append(in[index(direction)], bytes);
    search.push(direction, at, bytes);
    if ((flags & 4) != 0) search.end(direction, at);
    // What a piece brings, and a window of the other direction that waits.
    const std::size_t held = in[0].size() + in[1].size() - heard.out[0].size() - heard.out[1].size();
    if (!late && !holes && held > 4 * pipeline::TlsSearch::kMaxHeld) __builtin_trap();
  }
  search.finish({packet, 0});
  if (search.found() != heard.found || search.found() == search.given_up()) __builtin_trap();
  // In a capture that starts late, or with holes, bytes of a record without its start are left out.
  if (!late && !holes && in != heard.out) __builtin_trap();
  return 0;
}
