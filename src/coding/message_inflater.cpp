#include "tlspeel/coding/message_inflater.hpp"

#include <array>

#include <fmt/format.h>

#include "coding/inflater.hpp"

namespace tlspeel::coding {
namespace {

// A bomb, as for bodies: more than 64 MiB of one message, and so many times what it came from.
constexpr std::uint64_t kMostBeforeRatio = std::uint64_t{64} << 20U;
constexpr std::uint64_t kMostRatio = 256;

// RFC 7692 section 7.2.1: the sender leaves these away.
constexpr std::array<std::uint8_t, 4> kTail{0x00, 0x00, 0xFF, 0xFF};

}  // namespace

class MessageInflater::State {
 public:
  // A window of any size that may be agreed upon is inside of the largest.
  State() { inflater_.make(Inflater::kRaw); }

  // Empty: all of content was taken, or room is full; otherwise what is wrong.
  std::string_view run(ByteView& content, std::span<std::uint8_t>& room) {
    const Step step = inflater_.run(content, room);
    if (step == Step::damaged) return inflater_.reason();
    // RFC 7692 section 7.2.3.4: a block that says it is the last one is not; what follows may refer to it.
    const bool goes_on = step == Step::more || inflater_.begin_again_keeping_window();
    return goes_on ? std::string_view() : "there is no memory for it";
  }

 private:
  Inflater inflater_;
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
    const std::string_view wrong = state_->run(content, room);
    const std::size_t written = buffer.size() - room.size();
    if (written != 0) taker.take(ByteView(buffer).first(written));
    given_ += written;
    if (!wrong.empty()) note_ = fmt::format("DEFLATE is damaged: {}", wrong);
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
