// Bytes of one direction that wait until the other one has said what they are: behind CONNECT a tunnel or the
// next request, and a response that was captured before its request.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "tlspeel/http/first_bytes.hpp"

#include "side.hpp"
#include "syntax.hpp"

namespace tlspeel::http {
namespace {

// What a client sends behind CONNECT before the answer is a first flight of the tunnelled protocol; behind a
// request that awaits 100 Continue it is a request, since a body is told by its first bytes.
constexpr std::size_t kMaxHeld = 65536;

}  // namespace

void Side::hold(Reader& in) {
  if (held_->add(at_, in) == 0) decide_held_by_look(at_);
}

std::size_t Side::HeldBytes::add(PacketRef at, Reader& in) {
  const std::size_t count = std::min(kMaxHeld - size, in.remaining());
  if (count == 0) return 0;
  keep(at, in.bytes(count));
  return count;
}

void Side::HeldBytes::keep(PacketRef at, ByteView bytes) {
  if (pieces.empty() || pieces.back().at != at) pieces.push_back({at, {}});
  append(pieces.back().bytes, bytes);
  size += bytes.size();
}

Bytes Side::HeldBytes::first(std::size_t most) const {
  Bytes bytes;
  for (const Piece& held : pieces) {
    if (bytes.size() == most) break;
    tlspeel::append(bytes, ByteView(held.bytes).first(std::min(held.bytes.size(), most - bytes.size())));
  }
  return bytes;
}

Bytes Side::HeldBytes::all() const {
  Bytes bytes;
  for (const Piece& held : pieces) append(bytes, held.bytes);
  return bytes;
}

// Packets of two directions may be captured in another order than they were sent.
bool Side::is_ahead_of_request() const {
  return direction_ == Direction::server && line_.empty() && !had_hole_ && !unasked_ &&
         !owner_.message_may_begin(direction_);
}

void Side::hold_for_request(Reader& in) {
  constexpr std::size_t kMost = std::size_t{256} * 1024;
  constexpr std::size_t kOfStatusLine = 7;           // bytes that tell one: "HTTP/1."
  constexpr std::int64_t kPatience = 1'000'000'000;  // ns: a hundred times what paths of a capture differ by
  state_ = State::before_request;
  const bool late =
      held_.made() && !held_->pieces.empty() && at_.time_ns - held_->pieces.front().at.time_ns > kPatience;
  if (!late && in.remaining() <= kMost - held_->size) {
    held_->keep(at_, in.rest());
    if (may_become_status_line(as_text(held_->first(kOfStatusLine)))) return;
  }
  const PacketRef now = at_;
  answer_nothing(now);
  at_ = now;  // of what is read on
}

void Side::request_came(PacketRef now) {
  if (state_ != State::before_request) return;
  state_ = State::start_line;
  const HeldBytes all = held_.take();
  for (const HeldBytes::Piece& held : all.pieces) push(now, held.bytes);
}

// What is held is a response that nobody asked for, or whose request is not in the capture.
void Side::answer_nothing(PacketRef now) {
  if (state_ != State::before_request) return;
  unasked_ = true;
  release_held(true, now);
}

// No answer to CONNECT will come in time: from here on it counts as a request like others.
void Side::decide_held_by_look(PacketRef now) {
  if (state_ != State::after_connect) return;
  hold_after_connect_ = false;
  const Bytes all = held_.made() ? held_->all() : Bytes();
  release_held(looks_like_http1(direction_, all) == Verdict::yes, now);
}

void Side::release_held(bool http, PacketRef now) {
  remainder_.turn_over(other(direction_), now);
  state_ = http ? State::start_line : State::handed_over;
  if (held_.made()) {
    const HeldBytes all = held_.take();
    for (const HeldBytes::Piece& held : all.pieces) push(held.at, held.bytes);
  }
  if (std::exchange(end_is_held_, false)) end(now, true);
}

}  // namespace tlspeel::http
