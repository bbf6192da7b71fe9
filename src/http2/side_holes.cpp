// How one direction goes on behind a hole.
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "side.hpp"

namespace tlspeel::http2 {
void Side::gap(PacketRef at, const event::Hole& hole) {
  at_ = at;
  streams_.at(at);
  if (state_ == State::handed_over) return remainder_.gap(direction_, at, hole);
  had_hole_ = true;
  settle();
  if (skip_in_frame(hole)) return;
  begin_search(hole);
}

// Where frames begin behind it is certain, since all of it is in the payload of one. False: it is not.
bool Side::skip_in_frame(const event::Hole& hole) {
  if (!hole.exact || !hole.length || *hole.length > remaining_) return false;
  auto missing = static_cast<std::uint32_t>(*hole.length);
  switch (state_) {
    case State::data: {
      const std::uint32_t in_content = std::min(missing, remaining_ - padding_);
      streams_.data_hole(direction_, frame_.stream, frame_at_, {in_content, true});
      remaining_ -= in_content;
      missing -= in_content;
      if (remaining_ == padding_) data_ends();
      [[fallthrough]];
    }
    case State::skipped:
      remaining_ -= missing;
      if (remaining_ == 0) state_ = State::header;
      return true;
    case State::payload:
      payload_cut_ = true;
      remaining_ -= missing;
      if (remaining_ == 0) {
        state_ = State::header;
        collected_.clear();
        frame_complete({});
      }
      return true;
    default:
      return false;
  }
}

// Not all of it is in the payload of one frame, or nobody knows.
void Side::begin_search(const event::Hole& hole) {
  // What comes behind it is kept until its place is certain.
  constexpr std::uint32_t kMostKept = 65536;
  search_.reset();
  search_->hole = hole;
  search_->in_frame =
      state_ == State::data && hole.length && *hole.length <= remaining_ && remaining_ <= kMostKept;
  state_ = State::searching;
  collected_.clear();
  if (!search_->in_frame) lose_track();
}

// Behind a hole whose length was not what it was said to be.
void Side::search_behind_fault() {
  search_.reset();
  search_->behind_fault = true;
  state_ = State::searching;
  lose_track();
  search_->sought.add(frame_at_, bytes_of(frame_));
}

// Any number of frames may be among what is missing.
void Side::lose_track() {
  search_->in_frame = false;
  if (block_.made()) block_lost("bytes of its header are missing");
  fields_.forget();
  streams_.frames_lost(direction_, !started_);
  started_ = true;
}

void Side::search(Reader& in) {
  // What is found is read from the input again: small slices keep that copy small.
  constexpr std::size_t kSlice = 4096;
  const PacketRef now = at_;
  Reader ahead = in;
  const std::size_t slice = std::min(kSlice, in.remaining());
  search_->sought.add(now, ahead.bytes(slice));
  if (look(false)) {
    const std::size_t unread = std::min(slice, search_->sought.size());
    search_->sought.drop_back(unread);
    in.skip(slice - unread);
    replay();
  } else {
    in.skip(slice);
  }
}

// No byte follows those that were sought: what is not certain now never will be.
void Side::settle() {
  while (state_ == State::searching) {
    if (!look(true)) {
      pass(search_->sought.size());
      search_ends();
      return;
    }
    replay();
  }
}

FrameBounds Side::bounds() const {
  return {direction_, max_frame_size_, streams_.highest()};
}

// True: from the first byte that is sought on everything is certain.
bool Side::look(bool ended) {
  if (search_->in_frame) {
    const FrameGuess guess = look_in_frame(ended);
    if (guess != FrameGuess::no) return guess == FrameGuess::yes;
    lose_track();
  }
  const FrameSighting frame = find_frame(as_bytes(search_->sought.text()), search_->from, bounds(), ended);
  search_->from = frame.at;
  pass(frame.at);
  if (frame.found) state_ = State::header;
  return frame.found;
}

// The length of the hole is an estimate. It is right where a frame begins at the place that it names: all of
// the hole is in one frame then.
FrameGuess Side::look_in_frame(bool ended) {
  const ByteView bytes = as_bytes(search_->sought.text());
  const auto next = static_cast<std::size_t>(remaining_ - *search_->hole.length);
  if (next > bytes.size()) return ended ? FrameGuess::no : FrameGuess::need_more;
  const FrameGuess guess = frame_at(bytes.subspan(next), bounds(), ended);
  if (guess == FrameGuess::yes) go_on_in_frame(next);
  return guess;
}

// What is missing is the rest of the frame's content but for found_at bytes.
void Side::go_on_in_frame(std::size_t found_at) {
  const auto behind = static_cast<std::uint32_t>(found_at);
  const std::uint32_t content_behind = behind - std::min(behind, padding_);
  const std::uint32_t missing = remaining_ - padding_ - content_behind;
  streams_.data_hole(direction_, frame_.stream, frame_at_, {missing, true});
  remaining_ = behind;
  padding_ = behind - content_behind;
  state_ = State::data;
  search_->resolved = true;
  if (remaining_ == padding_) data_ends();
}

// They belong to no frame that is known.
void Side::pass(std::size_t count) {
  search_->from -= std::min(count, search_->from);
  search_->passed += count;
  search_->sought.take(count);
}

void Side::search_ends() {
  const Search search = search_.take();
  std::string text = "a frame does not begin where the one before ends";
  if (!search.behind_fault) {
    const event::Hole& hole = search.hole;
    text = hole.length ? fmt::format("{}{}", exactness(hole), counted(*hole.length, "byte"))
                       : std::string("an unknown number of bytes");
    text += !hole.length || *hole.length == 1 ? " is" : " are";
    text += " missing where frames begin or end";
  }
  if (search.passed != 0)
    text += fmt::format("; {} behind it cannot be placed", counted(search.passed, "byte"));
  problem(std::move(text));
}

// What was sought goes the way of bytes whose place is certain.
void Side::replay() {
  const PacketRef now = at_;
  auto pieces = search_->sought.take(search_->sought.size());
  if (search_->resolved) {
    search_.reset();
  } else {
    search_ends();
  }
  for (const http::SoughtBytes::Piece& piece : pieces) push(piece.at, piece.bytes);
  at_ = now;
  streams_.at(now);
}

}  // namespace tlspeel::http2
