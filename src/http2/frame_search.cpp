#include "frame_search.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "tlspeel/base/reader.hpp"

#include "frame.hpp"

namespace tlspeel::http2 {
namespace {

// Longer frames are not found, since all of one is kept before the next header proves it. Most senders make
// frames of 8 to 16 KiB.
constexpr std::uint32_t kLongestSought = 65536;

// Streams that may have begun in what was lost.
constexpr std::uint32_t kStreamsAhead = 4096;
// Where none was named: a late start. So many are used up in hours, and the upper byte is 0.
constexpr std::uint32_t kHighestUnknown = 0xffffff;

// What the headers of a run have to say together. One that is wholly as it should be has some 30 bits that
// random bytes do not have; zeros and small numbers look like the simplest ones, which say less or nothing.
constexpr unsigned kOneFrame = 2;
constexpr unsigned kCertain = 3;
// Frames that say nothing may follow each other without end.
constexpr int kLongestRun = 16;

std::optional<std::uint8_t> flags_of(FrameType type) {
  switch (type) {
    case FrameType::data:
      return kFlagEndStream | kFlagPadded;
    case FrameType::headers:
      return kFlagEndStream | kFlagEndHeaders | kFlagPadded | kFlagPriority;
    case FrameType::push_promise:
      return kFlagEndHeaders | kFlagPadded;
    case FrameType::continuation:
      return kFlagEndHeaders;
    case FrameType::settings:
    case FrameType::ping:
      return kFlagAck;
    case FrameType::priority:
    case FrameType::rst_stream:
    case FrameType::goaway:
    case FrameType::window_update:
    case FrameType::altsvc:
    case FrameType::origin:
    case FrameType::priority_update:
      return 0;
  }
  return std::nullopt;
}

bool by_server_only(FrameType type) {
  return type == FrameType::push_promise || type == FrameType::altsvc || type == FrameType::origin;
}

bool has_plausible_stream(const FrameHeader& header, const FrameBounds& bounds) {
  if (header.stream == 0) return true;  // fault_of() has a say
  const std::uint32_t most =
      bounds.highest_stream == 0 ? kHighestUnknown : bounds.highest_stream + 2 * kStreamsAhead;
  if (header.stream > most) return false;
  // A client sends nothing in streams of the server but what regulates them.
  const bool content = header.type == FrameType::data || header.type == FrameType::headers ||
                       header.type == FrameType::continuation;
  return bounds.from == Direction::server || !content || header.stream % 2 == 1;
}

bool is_plausible(const FrameHeader& header, const FrameBounds& bounds) {
  const auto flags = flags_of(header.type);
  if (!flags || (header.flags & ~*flags) != 0 || header.reserved) return false;
  if (header.length > std::min(bounds.max_size, kLongestSought) || !fault_of(header).empty()) return false;
  if (bounds.from == Direction::client && by_server_only(header.type)) return false;
  if (bounds.from == Direction::server && header.type == FrameType::priority_update) return false;
  return has_plausible_stream(header, bounds);
}

unsigned weight_of(const FrameHeader& header) {
  if (header.length != 0) return 2;
  // The end of a stream, an acknowledgement.
  return (header.type == FrameType::data || header.type == FrameType::settings) && header.flags == 1 ? 1 : 0;
}

// CONTINUATION follows what it continues, and nothing else does.
bool may_follow(const FrameHeader& header, const std::optional<FrameHeader>& before) {
  const bool continues = header.type == FrameType::continuation;
  if (!before) return !continues;
  const bool open = (before->type == FrameType::headers || before->type == FrameType::push_promise ||
                     before->type == FrameType::continuation) &&
                    !before->has(kFlagEndHeaders);
  return continues == open && (!continues || header.stream == before->stream);
}

// Frames that follow each other from the first byte on. enough: what they have to say together.
FrameGuess run_at(ByteView bytes, const FrameBounds& bounds, bool ended, unsigned enough) {
  Reader in(bytes);
  std::optional<FrameHeader> before;
  unsigned weight = 0;
  bool light = false;  // of the lighter ones no number is proof
  int frames = 0;
  while (in.remaining() >= kFrameHeaderSize) {
    if (++frames > kLongestRun) return FrameGuess::no;
    const FrameHeader header = read_frame_header(in);
    if (!is_plausible(header, bounds) || !may_follow(header, before)) return FrameGuess::no;
    const unsigned says = weight_of(header);
    if (says != 1 || !std::exchange(light, true)) weight += says;
    if (weight >= enough) return FrameGuess::yes;
    before = header;
    if (header.length > in.remaining()) return ended ? FrameGuess::no : FrameGuess::need_more;
    in.skip(header.length);
  }
  if (!ended) return FrameGuess::need_more;
  // The bytes end where a frame does.
  return in.empty() && weight >= kOneFrame ? FrameGuess::yes : FrameGuess::no;
}

}  // namespace

FrameSighting find_frame(ByteView bytes, std::size_t from, const FrameBounds& bounds, bool ended) {
  for (std::size_t at = from; at < bytes.size(); ++at) {
    switch (run_at(bytes.subspan(at), bounds, ended, kCertain)) {
      case FrameGuess::yes:
        return {at, true};
      case FrameGuess::need_more:
        return {at, false};
      case FrameGuess::no:
        break;
    }
  }
  return {bytes.size(), false};
}

FrameGuess frame_at(ByteView bytes, const FrameBounds& bounds, bool ended) {
  if (bytes.empty() && ended) return FrameGuess::yes;
  return run_at(bytes, bounds, ended, kOneFrame);
}

}  // namespace tlspeel::http2
