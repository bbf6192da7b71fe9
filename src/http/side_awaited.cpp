// How one direction goes on behind a request that awaits 100 Continue (RFC 9110 section 10.1.1). Its client
// sends the body when it is asked for it, or when it is tired of waiting; answered by anything else, it
// leaves the body out and sends the next request (RFC 9112 section 9.3). The response may be captured behind
// what it made the client send.
#include <cstddef>
#include <string_view>
#include <utility>

#include "tlspeel/http/first_bytes.hpp"

#include "message_search.hpp"
#include "methods.hpp"
#include "side.hpp"

namespace tlspeel::http {
namespace {

constexpr unsigned kContinue = 100;
constexpr unsigned kSwitchingProtocols = 101;

constexpr std::string_view kNotSent =
    "the body that was announced was not sent: another response came instead of 100 Continue";
constexpr std::string_view kNextFollows =
    "the body that was announced was not sent: the next request follows";

// What tells a request stands within so much of it: a request line and the name of a field, as long as those
// of a message that is looked for behind a hole.
constexpr std::size_t kLookedAt = 16384;

// Whether the front of text begins a request: a start line whose method is registered, and behind it a field.
Verdict begins_request(std::string_view text) {
  const std::string_view front = text.substr(0, kLookedAt);
  if (front.find(' ') == std::string_view::npos && !begins_registered_method(front)) return Verdict::no;
  const Sighting request = find_message(Direction::client, front, 0);
  if (request.at != 0) return Verdict::no;
  if (request.found) return Verdict::yes;
  return front.size() < kLookedAt ? Verdict::need_more : Verdict::no;
}

}  // namespace

void Side::await_continue() {
  const bool body = state_ == State::counted_body || state_ == State::chunked_body;
  if (!body || invitation_ == Invitation::to_send) return;
  if (!answers_come_ && invitation_ == Invitation::none) invitation_ = Invitation::lost;
  held_->head_at = at_;
  state_ = State::awaiting;
}

void Side::answered(unsigned status, PacketRef now) {
  // Who gets 101 completes the request all the same (RFC 9110 section 7.8).
  const bool to_send = status == kContinue || status == kSwitchingProtocols;
  if (!to_send && status / 100 == 1) return;
  invitation_ = to_send ? Invitation::to_send : Invitation::refused;
  if (state_ != State::awaiting || (!to_send && !held_->begins_request)) return;
  remainder_.turn_over(other(direction_), now);
  release_awaited(!to_send);
}

void Side::answer_lost(PacketRef now) {
  if (invitation_ != Invitation::none) return;
  invitation_ = Invitation::lost;
  if (state_ != State::awaiting || !held_->begins_request) return;
  remainder_.turn_over(other(direction_), now);
  release_awaited(true);
}

void Side::await(Reader& in) {
  const bool told = invitation_ != Invitation::none;
  if (held_->size == 0) {
    Reader ahead = in;
    const Verdict request = begins_request(as_text(ahead.rest()));
    if (request == Verdict::no || (request == Verdict::yes && told))
      return release_awaited(request == Verdict::yes);
  }
  if (held_->add(at_, in) == 0) {
    answers_come_ = false;
    return release_awaited(held_->begins_request);
  }
  if (held_->begins_request) return;
  const Bytes bytes = held_->all();
  const Verdict request = begins_request(as_text(bytes));
  held_->begins_request = request == Verdict::yes;
  if (request == Verdict::no || (request == Verdict::yes && told)) release_awaited(request == Verdict::yes);
}

void Side::release_awaited(bool as_request) {
  const PacketRef now = at_;
  const HeldBytes all = held_.take();
  if (as_request) {
    at_ = all.head_at;
    body_was_not_sent();
  } else {
    state_ =
        message_->body.framing == event::BodyFraming::chunked ? State::chunked_body : State::counted_body;
  }
  for (const HeldBytes::Piece& held : all.pieces) push(held.at, held.bytes);
  at_ = now;
}

// Of what is missing behind another answer the body is not the likelier.
void Side::awaited_is_missing() {
  release_awaited(held_->begins_request || (held_->size == 0 && invitation_ == Invitation::refused));
}

// What may still have come behind the end of the capture is not known to be no body.
void Side::end_awaited(bool closed) {
  const bool refused = held_->size == 0 && invitation_ == Invitation::refused;
  if (!refused || closed) return release_awaited(refused || held_->begins_request);
  held_.reset();
  message_cut(kNotSent);
}

void Side::body_was_not_sent() {
  message_->body.framing = event::BodyFraming::none;
  remaining_ = 0;
  note(invitation_ == Invitation::refused ? kNotSent : kNextFollows);
  message_ends();
}

}  // namespace tlspeel::http
