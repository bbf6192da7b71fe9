#include "tlspeel/coding/message_inflater.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <zlib.h>

namespace tlspeel::coding {
namespace {

// A bomb, as for bodies: more than 64 MiB of one message, and so many times what it came from.
constexpr std::uint64_t kMostBeforeRatio = std::uint64_t{64} << 20U;
constexpr std::uint64_t kMostRatio = 256;

// RFC 7692 section 7.2.1: the sender leaves these away.
constexpr std::array<std::uint8_t, 4> kTail{0x00, 0x00, 0xFF, 0xFF};

// RFC 1951, without a wrapper; a window of any size that may be agreed upon is inside of the largest.
constexpr int kRaw = -15;

}  // namespace

class MessageInflater::State {
 public:
  State() { made_ = ::inflateInit2(&stream_, kRaw) == Z_OK; }
  ~State() {
    if (made_) ::inflateEnd(&stream_);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // Null: all of content was taken, or room is full; otherwise what is wrong.
  const char* run(ByteView& content, std::span<std::uint8_t>& room) {
    if (!made_) return "there is no memory for it";
    const auto given =
        static_cast<uInt>(std::min<std::size_t>(content.size(), std::numeric_limits<uInt>::max()));
    const auto free = static_cast<uInt>(room.size());
    stream_.next_in = const_cast<Bytef*>(content.data());  // NOLINT(*-const-cast): zlib leaves it alone
    stream_.avail_in = given;
    stream_.next_out = room.data();
    stream_.avail_out = free;
    const int result = ::inflate(&stream_, Z_SYNC_FLUSH);
    content = content.subspan(given - stream_.avail_in);
    room = room.subspan(free - stream_.avail_out);
    if (result == Z_STREAM_END) return begin_again();
    if (result == Z_OK || result == Z_BUF_ERROR) return nullptr;
    return stream_.msg == nullptr ? "it is no DEFLATE" : stream_.msg;
  }

 private:
  // RFC 7692 section 7.2.3.4: a block that says it is the last one is not; what follows may refer to it.
  const char* begin_again() {
    std::array<std::uint8_t, 32768> window;  // NOLINT(*-member-init): written before it is read
    uInt size = 0;
    const bool done = ::inflateGetDictionary(&stream_, window.data(), &size) == Z_OK &&
                      ::inflateReset(&stream_) == Z_OK &&
                      (size == 0 || ::inflateSetDictionary(&stream_, window.data(), size) == Z_OK);
    return done ? nullptr : "there is no memory for it";
  }

  z_stream stream_{};
  bool made_ = false;
};

MessageInflater::MessageInflater() = default;
MessageInflater::~MessageInflater() = default;

bool MessageInflater::push(ByteView content, ContentDecoder::Taker& taker) {
  if (!note_.empty()) return false;
  if (!state_) state_ = std::make_unique<State>();
  taken_ += content.size();
  return run(content, taker);
}

bool MessageInflater::run(ByteView content, ContentDecoder::Taker& taker) {
  std::array<std::uint8_t, 4096> buffer;  // NOLINT(*-member-init): written before it is read
  for (;;) {
    std::span<std::uint8_t> room(buffer);
    const char* const wrong = state_->run(content, room);
    const std::size_t written = buffer.size() - room.size();
    if (written != 0) taker.take(ByteView(buffer).first(written));
    given_ += written;
    if (wrong != nullptr) note_ = fmt::format("DEFLATE is damaged: {}", wrong);
    if (given_ > kMostBeforeRatio && given_ / kMostRatio > taken_)
      note_ =
          fmt::format("not decompressed further: DEFLATE makes more than {} times as much of it", kMostRatio);
    if (!note_.empty()) {
      state_.reset();
      return false;
    }
    if (content.empty() && !room.empty()) return true;
  }
}

bool MessageInflater::end_message(ContentDecoder::Taker& taker) {
  const bool done = push(kTail, taker);
  taken_ = given_ = 0;
  return done;
}

void MessageInflater::forget() {
  state_.reset();
  note_.clear();
  taken_ = given_ = 0;
}

}  // namespace tlspeel::coding
