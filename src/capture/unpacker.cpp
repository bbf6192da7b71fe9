#include "capture/unpacker.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

namespace tlspeel::capture {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;

}  // namespace

Unpacker::Unpacker(Compression compression, ByteView start, Pull pull)
    : compression_(compression),
      pull_(std::move(pull)),
      buffer_(std::max(kPiece, start.size())),
      stream_(make_decompressor(compression)) {
  std::ranges::copy(start, buffer_.begin());
  input_ = ByteView(buffer_).first(start.size());
}

std::size_t Unpacker::read(std::span<std::uint8_t> to) {
  std::span<std::uint8_t> room = to;
  while (!ended_ && room.size() == to.size()) {
    if (!stream_ && !begin_stream()) return 0;
    const std::size_t before = input_.size();
    const std::size_t free = room.size();
    const Decompressed outcome = stream_->run(input_, room);
    unpacked_ += free - room.size();
    switch (outcome) {
      case Decompressed::more:
        // Only what makes no step needs more: it may hold back what found no room.
        if (room.size() != to.size() || input_.size() != before || refill()) break;
        return finish("is cut off");
      case Decompressed::ended:
        stream_.reset();
        unpacked_ = 0;
        break;
      case Decompressed::damaged:
        (void)finish("is damaged");
        break;
      case Decompressed::unconfirmed:
        unconfirmed_ = true;
        (void)finish(fmt::format("does not fit the checksum over the {} in it", counted(unpacked_, "byte")));
        break;
      case Decompressed::too_large:
        (void)finish("needs more memory than is given to it");
        break;
    }
  }
  return to.size() - room.size();
}

// What was not taken stays in front.
bool Unpacker::refill() {
  const std::size_t kept = input_.size();
  std::ranges::copy(input_, buffer_.begin());
  if (kept == buffer_.size()) return false;
  const std::size_t got = pull_(std::span(buffer_).subspan(kept));
  input_ = ByteView(buffer_).first(kept + got);
  return got != 0;
}

// False: there is none any more.
bool Unpacker::begin_stream() {
  for (;;) {
    while (!input_.empty() && input_.front() == 0) input_ = input_.subspan(1);
    if (input_.size() >= kCompressionHead) break;
    if (refill()) continue;
    if (input_.empty()) {
      ended_ = true;
    } else {
      (void)finish("is followed by something else");
    }
    return false;
  }
  if (compression_of(input_) != compression_) {
    (void)finish("is followed by something else");
    return false;
  }
  stream_ = make_decompressor(compression_);
  return true;
}

std::size_t Unpacker::finish(std::string_view what) {
  ended_ = true;
  error_ = fmt::format("its {} data {}", name_of(compression_), what);
  return 0;
}

}  // namespace tlspeel::capture
