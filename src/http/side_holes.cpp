// How one direction goes on behind a hole. What is not certain is verified: a body whose missing bytes are
// estimated is over where the next message begins, and the estimate gives way to that.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "side.hpp"

namespace tlspeel::http {
namespace {

// How far an estimate may be off. A record of a block cipher hides up to 255 bytes of padding in 16 KiB or
// less, and what was lost beside application data is small: tickets, key updates, alerts.
constexpr std::uint64_t slack(std::uint64_t estimate) {
  return 1024 + estimate / 8;
}

constexpr std::string_view kTooMuch = "bytes are missing, so some of the body may belong to another message";

}  // namespace

void Side::gap(PacketRef at, const event::Hole& hole) {
  answer_nothing(at);
  decide_held_by_look(at);
  while (state_ == State::awaiting) awaited_is_missing();
  settle();
  had_hole_ = true;
  uncertain_->taken_at = at_;
  switch (state_) {
    case State::searching:
      owner_.messages_lost(direction_, true);
      return remainder_.gap(direction_, at, hole);
    case State::handed_over:
      return remainder_.gap(direction_, at, hole);
    case State::body_until_close:
      message_->body.missing += hole.length.value_or(0);
      return body_.skip(message_->body, hole);
    case State::chunked_body:
    case State::chunked_unsure:
      return skip_chunked(hole);
    case State::counted_body:
    case State::counted_unsure:
      if (skip_counted(hole)) return;
      break;
    default:
      break;
  }
  lose_track(hole);
  remainder_.gap(direction_, at, hole);
}

// False: the hole reaches beyond the body.
bool Side::skip_counted(const event::Hole& hole) {
  const bool unsure = state_ == State::counted_unsure;
  const std::uint64_t before = unsure && !hole.exact ? uncertain_->expected.value_or(0) : 0;
  if (hole.length && (*hole.length > remaining_ || before > remaining_ - *hole.length)) return false;
  body_.skip(message_->body, hole);
  if (hole.exact && hole.length) {
    message_->body.missing += *hole.length;
    remaining_ -= *hole.length;
    if (remaining_ == 0) message_ends();
    return true;
  }
  const bool known = hole.length && (!unsure || uncertain_->expected);
  uncertain_->expected = known ? std::optional(before + *hole.length) : std::nullopt;
  uncertain_->holes = unsure ? uncertain_->holes + 1 : 1;
  begin_search(State::counted_unsure, true);
  return true;
}

void Side::skip_chunked(const event::Hole& hole) {
  message_->body.missing += hole.length.value_or(0);
  if (state_ == State::chunked_body && hole.exact && hole.length && *hole.length <= chunks_->remaining()) {
    body_.skip(message_->body, hole);
    chunks_->skip(*hole.length);
    return;
  }
  // How much of it is content and how much framing is not known.
  body_.skip(message_->body, {hole.length, false});
  begin_search(State::chunked_unsure, true);
}

void Side::lose_track(const event::Hole& hole) {
  const std::string count = hole.length ? fmt::format("{}{}", exactness(hole), counted(*hole.length, "byte"))
                                        : std::string("an unknown number of bytes");
  if (state_ != State::start_line) {
    message_cut("cut by a hole");
  } else if (!line_.empty()) {
    remainder_.push(direction_, line_at_, line_.raw());
  }
  line_.clear();
  if (state_ == State::handed_over) return;  // a switch of protocol was waiting for the end of this message
  begin_search(State::searching, true);
  lost_is_said_ = true;
  owner_.messages_lost(direction_, true);
  owner_.problem(
      direction_,
      fmt::format(
          "{} {} missing where {}s begin or end; what follows is shown as it is until one surely begins",
          count, hole.length == 1U ? "is" : "are", what_comes(direction_)));
}

void Side::begin_search(State state, bool behind_hole) {
  state_ = state;
  uncertain_->message_from = 0;
  uncertain_->chunk_from = 0;
  behind_hole_ = behind_hole;
  lost_is_said_ = false;
}

void Side::search(Reader& in) {
  // What is found is read from the input again: small slices keep that copy small.
  constexpr std::size_t kSlice = 4096;
  const PacketRef now = at_;
  Reader ahead = in;
  const std::size_t slice = std::min(kSlice, in.remaining());
  uncertain_->sought.add(now, ahead.bytes(slice));
  if (look()) {
    const std::size_t unread = std::min(slice, uncertain_->sought.size());
    uncertain_->sought.drop_back(unread);
    in.skip(slice - unread);
    replay();
  } else {
    in.skip(slice);
  }
  at_ = now;
}

// True: from the first byte of the uncertain bytes on everything is certain.
bool Side::look() {
  switch (state_) {
    case State::counted_unsure:
      return look_in_counted();
    case State::chunked_unsure:
      return look_in_chunked();
    default:
      return look_outside();
  }
}

bool Side::look_in_counted() {
  const Sighting message = next_message();
  if (message.at > remaining_ || (message.at == remaining_ && !message.found)) {
    pass(static_cast<std::size_t>(remaining_));
    body_ends_by_length();
    return state_ != State::searching || look_outside();
  }
  pass(message.at);
  if (!message.found) return false;
  if (!uncertain_->expected) owner_.messages_lost(direction_, true);
  body_ends_by_estimate(uncertain_->expected.has_value());
  return true;
}

bool Side::look_in_chunked() {
  const Sighting message = next_message();
  const Sighting chunk = find_chunk(uncertain_->sought.text(), uncertain_->chunk_from, behind_hole_, false);
  uncertain_->chunk_from = chunk.at;
  if (chunk.found && chunk.at <= message.at) {
    go_on_with_chunk(chunk.at);
    return true;
  }
  if (message.found) {
    chunks_end(message.at);
    return true;
  }
  pass(std::min(message.at, chunk.at));
  return false;
}

bool Side::look_outside() {
  const Sighting message = next_message();
  pass(message.at);
  if (!message.found) return false;
  remainder_.turn_over(direction_, at_);
  state_ = State::start_line;
  return true;
}

Sighting Side::next_message() {
  for (;;) {
    const Sighting message = find_message(direction_, uncertain_->sought.text(), uncertain_->message_from);
    uncertain_->message_from = message.at;
    if (!message.found || is_plausible(message.at)) return message;
    uncertain_->message_from = message.at + 1;
  }
}

// Content may hold the text of whole messages: it is no message where none can be, nor long before the place
// where the estimates expect one.
bool Side::is_plausible(std::size_t at) const {
  if (state_ == State::searching) return true;
  if (state_ == State::counted_unsure) {
    if (at >= remaining_) return true;
    if (uncertain_->expected && remaining_ - at > *uncertain_->expected + slack(*uncertain_->expected))
      return false;
  }
  return owner_.message_may_begin(direction_);
}

// Whether the holes may have taken all that has not come of the body.
bool Side::may_be_over() const {
  if (!uncertain_->expected) return false;
  const std::uint64_t off =
      std::max(remaining_, *uncertain_->expected) - std::min(remaining_, *uncertain_->expected);
  return off <= slack(*uncertain_->expected);
}

// The first of the uncertain bytes are content, or nothing that is HTTP.
void Side::pass(std::size_t count) {
  if (count == 0) return;
  behind_hole_ = false;
  uncertain_->message_from -= std::min(count, uncertain_->message_from);
  uncertain_->chunk_from -= std::min(count, uncertain_->chunk_from);
  if (state_ == State::searching && !std::exchange(lost_is_said_, true)) {
    owner_.messages_lost(direction_, true);
    owner_.problem(direction_, fmt::format("what comes here is no HTTP {}; the data is shown as it is until "
                                           "one surely begins",
                                           what_comes(direction_)));
  }
  for (const SoughtBytes::Piece& piece : uncertain_->sought.take(count)) {
    if (state_ == State::searching) {
      remainder_.push(direction_, piece.at, piece.bytes);
      continue;
    }
    body_.add(message_->body, piece.bytes);
    if (state_ == State::counted_unsure) remaining_ -= piece.bytes.size();
    uncertain_->taken_at = piece.at;
  }
}

// No byte follows the uncertain ones: what is not certain now never will be.
void Side::settle() {
  if (state_ == State::counted_unsure) {
    pass(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, uncertain_->sought.size())));
    if (remaining_ == 0) body_ends_by_length();
  } else if (state_ == State::chunked_unsure) {
    settle_chunked();
  }
  if (state_ == State::searching) {
    pass(uncertain_->sought.size());
  } else {
    replay();
  }
}

void Side::settle_chunked() {
  const Sighting chunk = find_chunk(uncertain_->sought.text(), uncertain_->chunk_from, behind_hole_, true);
  if (chunk.found) {
    go_on_with_chunk(chunk.at);
  } else if (size_of_last_chunk(uncertain_->sought.text(), behind_hole_) != 0) {
    chunks_end(uncertain_->sought.size());
  } else {
    pass(uncertain_->sought.size());
  }
}

void Side::go_on_with_chunk(std::size_t at) {
  pass(at);
  *chunks_ =
      uncertain_->sought.text().starts_with('\r') ? ChunkedDecoder::behind_content() : ChunkedDecoder();
  state_ = State::chunked_body;
}

// What is uncertain goes the way of bytes whose place is certain.
void Side::replay() {
  if (!uncertain_.made()) return;
  for (const SoughtBytes::Piece& piece : uncertain_->sought.take(uncertain_->sought.size()))
    push(piece.at, piece.bytes);
}

void Side::other_side_goes_on() {
  unasked_ = false;
  if (state_ == State::counted_unsure && (!uncertain_->expected || may_be_over())) {
    settle();
    if (state_ == State::counted_unsure) body_ends_by_estimate(false);
  } else if (state_ == State::chunked_unsure &&
             size_of_last_chunk(uncertain_->sought.text(), behind_hole_) != 0) {
    chunks_end(uncertain_->sought.size());
  } else {
    return;
  }
  if (state_ == State::start_line) begin_search(State::searching, true);
}

// All that its length says has come, although bytes are missing: some of it belongs elsewhere.
void Side::body_ends_by_length() {
  note(kTooMuch);
  at_ = uncertain_->taken_at;
  message_ends();
  if (state_ != State::start_line) return;
  owner_.messages_lost(direction_, true);
  begin_search(State::searching, false);
}

// What has not come of the body is what its holes took. proven: by what comes behind it. An estimate that
// says the same as the length is proof as well.
void Side::body_ends_by_estimate(bool proven) {
  event::HttpBody& body = message_->body;
  body.missing += remaining_;
  if (remaining_ == 0) {
    note(kTooMuch);
  } else if (uncertain_->holes == 1) {
    const auto hole = std::ranges::find_if(body.holes, [](const event::HoleAt& h) { return !h.hole.exact; });
    if (hole != body.holes.end()) hole->hole = {remaining_, proven || uncertain_->expected == remaining_};
  }
  remaining_ = 0;
  at_ = uncertain_->taken_at;
  message_ends();
}

// A message begins at `at`, or nothing does: the body ends before it.
void Side::chunks_end(std::size_t at) {
  const std::size_t last = size_of_last_chunk(uncertain_->sought.text().substr(0, at), behind_hole_);
  pass(at - last);
  uncertain_->sought.take(last);
  at_ = uncertain_->taken_at;
  if (last != 0) return message_ends();
  owner_.messages_lost(direction_, true);
  message_cut("cut by a hole");
}

}  // namespace tlspeel::http
