#include "side.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

namespace tlspeel::http2 {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Frames that no peer may send, until the rest counts as something else than HTTP/2.
constexpr std::uint32_t kMostFaults = 8;

// Of one payload: a header block may not be longer either. Others have some dozens of bytes.
constexpr std::size_t kMostCollected = kMostOfBlock;

bool is_read_whole(FrameType type) {
  switch (type) {
    case FrameType::headers:
    case FrameType::rst_stream:
    case FrameType::settings:
    case FrameType::push_promise:
    case FrameType::ping:
    case FrameType::window_update:
    case FrameType::goaway:
    case FrameType::continuation:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Side::allow_frame_size(std::uint32_t size) {
  max_frame_size_ = std::max(max_frame_size_, std::min(size, kLargestFrameSize));
}

void Side::push(PacketRef at, ByteView bytes) {
  at_ = at;
  streams_.at(at);
  Reader in(bytes);
  while (!in.empty()) {
    remainder_.turn_over(other(direction_), at);
    step(in);
  }
}

void Side::step(Reader& in) {
  switch (state_) {
    case State::preface:
      return read_preface(in);
    case State::header:
      return read_header(in);
    case State::pad_length:
      return read_pad_length(in);
    case State::data:
      return read_data(in);
    case State::payload:
      return collect(in);
    case State::skipped:
      return skip(in);
    case State::searching:
      return search(in);
    case State::handed_over:
      return remainder_.push(direction_, at_, in.rest());
  }
}

void Side::read_preface(Reader& in) {
  if (collected_.empty()) frame_at_ = at_;
  const std::size_t count = std::min(kPreface.size() - collected_.size(), in.remaining());
  append(collected_, in.bytes(count));
  if (!kPreface.starts_with(as_text(collected_))) {
    const Bytes taken = std::exchange(collected_, {});
    return leave("what comes here is no HTTP/2: the connection preface is missing", taken);
  }
  if (collected_.size() < kPreface.size()) return;
  collected_.clear();
  state_ = State::header;
}

void Side::read_header(Reader& in) {
  if (collected_.empty()) {
    frame_at_ = at_;
    if (in.remaining() >= kFrameHeaderSize) {
      frame_ = read_frame_header(in);
      return begin_frame();
    }
  }
  append(collected_, in.bytes(std::min(kFrameHeaderSize - collected_.size(), in.remaining())));
  if (collected_.size() < kFrameHeaderSize) return;
  Reader header(collected_);
  frame_ = read_frame_header(header);
  collected_.clear();
  begin_frame();
}

void Side::begin_frame() {
  remaining_ = frame_.length;
  padding_ = 0;
  payload_cut_ = false;
  const std::string_view fault = fault_of(frame_);
  // What is no frame looks like one of an unknown type.
  const bool doubtful = frame_name(frame_.type).empty() && frame_.length > max_frame_size_;
  const bool first = !std::exchange(started_, true);
  // RFC 9113 section 3.4: the first frame of both sides is SETTINGS.
  if (first && (frame_.type != FrameType::settings || !fault.empty() || frame_.length > kFirstMaxFrameSize))
    return leave("what comes here is no HTTP/2: no SETTINGS frame begins it", bytes_of(frame_));
  if (had_hole_ && (doubtful || !fault.empty())) return search_behind_fault();
  if (!fault.empty()) {
    if (++faults_ > kMostFaults)
      return leave(
          "so many frames are malformed that this is no HTTP/2; from here on the data is shown as it is",
          bytes_of(frame_));
    problem(fmt::format("a {} frame is malformed: {}", frame_name(frame_.type), fault));
    state_ = State::skipped;
  } else {
    begin_payload();
  }
  if (remaining_ == 0) frame_is_through();
}

void Side::begin_payload() {
  // RFC 9113 section 6.10: nothing else comes between the frames of a header block.
  const bool goes_on = frame_.type == FrameType::continuation;
  if (block_.made() && !(goes_on && frame_.stream == block_->header.stream))
    block_lost("its header block is cut");
  if (frame_.type == FrameType::data) {
    state_ = frame_.has(kFlagPadded) ? State::pad_length : State::data;
  } else if (is_read_whole(frame_.type)) {
    state_ = State::payload;
  } else {
    state_ = State::skipped;
  }
}

void Side::read_pad_length(Reader& in) {
  padding_ = in.u8();
  --remaining_;
  state_ = State::data;
  if (padding_ > remaining_) {
    problem("a DATA frame is malformed: its padding is longer than it is");
    padding_ = remaining_;
  }
  if (remaining_ == padding_) data_ends();
}

void Side::read_data(Reader& in) {
  const std::size_t count = std::min<std::size_t>(remaining_ - padding_, in.remaining());
  streams_.data(direction_, frame_.stream, frame_at_, in.bytes(count));
  remaining_ -= static_cast<std::uint32_t>(count);
  if (remaining_ == padding_) data_ends();
}

void Side::data_ends() {
  if (frame_.has(kFlagEndStream)) streams_.data_end(direction_, frame_.stream, frame_at_);
  state_ = remaining_ == 0 ? State::header : State::skipped;
}

// A payload that is whole in the input is not copied.
void Side::collect(Reader& in) {
  if (collected_.empty() && in.remaining() >= remaining_) {
    const ByteView payload = in.bytes(std::exchange(remaining_, 0));
    state_ = State::header;
    return frame_complete(payload);
  }
  const std::size_t count = std::min<std::size_t>(remaining_, in.remaining());
  const std::size_t kept = std::min(count, kMostCollected - collected_.size());
  append(collected_, in.bytes(kept));
  in.skip(count - kept);
  payload_cut_ = payload_cut_ || kept != count;
  remaining_ -= static_cast<std::uint32_t>(count);
  if (remaining_ != 0) return;
  const Bytes payload = std::exchange(collected_, {});
  state_ = State::header;
  frame_complete(payload);
}

void Side::skip(Reader& in) {
  const std::size_t count = std::min<std::size_t>(remaining_, in.remaining());
  in.skip(count);
  remaining_ -= static_cast<std::uint32_t>(count);
  if (remaining_ == 0) state_ = State::header;
}

// Of a frame without a payload.
void Side::frame_is_through() {
  switch (std::exchange(state_, State::header)) {
    case State::data:
      return data_ends();
    case State::payload:
      return frame_complete({});
    default:
      return;
  }
}

void Side::end(PacketRef at) {
  if (ended_) return;
  at_ = at;
  streams_.at(at);
  settle();
  ended_ = true;
  if (state_ == State::handed_over) return remainder_.end(direction_, at);
  if (!started_ && !collected_.empty()) {
    const Bytes taken = std::exchange(collected_, {});
    return leave("the data ends before HTTP/2 begins", taken);
  }
  if (state_ == State::header && !collected_.empty()) problem("the data ends inside a frame");
  if (state_ == State::payload) {
    payload_cut_ = true;
    collected_.clear();
    frame_complete({});
  }
  if (block_.made()) block_lost("ended inside the header");
}

// taken: bytes that were taken from the input and belong to no frame.
void Side::leave(std::string text, ByteView taken) {
  state_ = State::handed_over;
  problem(std::move(text));
  if (!taken.empty()) remainder_.push(direction_, frame_at_, taken);
}

}  // namespace tlspeel::http2
