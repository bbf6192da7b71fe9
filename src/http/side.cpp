#include "side.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "framing.hpp"
#include "head.hpp"
#include "syntax.hpp"

namespace tlspeel::http {
namespace {

using event::BodyFraming;

// A head is kept until it ends. Servers accept 8 KiB to 1 MiB (Apache httpd by default 100 fields of 8 KiB);
// what a field costs in memory beside its text is charged too, so that many tiny fields do not multiply.
constexpr std::size_t kMaxHead = std::size_t{1} << 20;

}  // namespace

void Side::push(PacketRef at, ByteView bytes) {
  at_ = at;
  Reader in(bytes);
  while (!in.empty()) {
    // Before every step: a step may have released what the other side sent behind a CONNECT.
    remainder_.turn_over(other(direction_), at);
    step(in);
  }
}

void Side::end(PacketRef at, bool closed) {
  if (ended_) return;
  answer_nothing(at);
  if (state_ == State::after_connect) {
    end_is_held_ = true;
    return;
  }
  while (state_ == State::awaiting) end_awaited(closed);
  settle();
  ended_ = true;
  switch (state_) {
    case State::start_line:
      if (line_.empty() || as_text(line_.raw()) == "\r") return;
      leave_http(fmt::format("the data ends inside the first line of a {}", what_comes(direction_)),
                 line_.raw());
      break;
    case State::body_until_close:
      if (!closed) message_->body.complete = false;
      message_ends();
      return;
    case State::fields:
    case State::trailers:
      message_cut("ended inside the header");
      return;
    case State::counted_unsure:
      if (may_be_over()) return body_ends_by_estimate(false);
      [[fallthrough]];
    case State::counted_body:
    case State::chunked_body:
    case State::chunked_unsure:
      message_cut("ended inside the body");
      return;
    default:
      break;
  }
  remainder_.end(direction_, at);
}

void Side::finish(PacketRef at) {
  decide_held_by_look(at);
  end(at, false);
}

void Side::switch_protocol(PacketRef now) {
  switch (state_) {
    case State::after_connect:
      release_held(false, now);
      return;
    case State::start_line:
      state_ = State::handed_over;
      if (!line_.empty()) remainder_.push(direction_, line_at_, line_.raw());
      line_.clear();
      return;
    case State::searching:
      settle();
      [[fallthrough]];
    case State::handed_over:
      state_ = State::handed_over;
      return;
    // RFC 9110 section 7.8: a client completes the request before it speaks the new protocol.
    default:
      switch_after_message_ = true;
      return;
  }
}

void Side::connect_refused(PacketRef now) {
  if (state_ == State::after_connect) release_held(true, now);
}

void Side::step(Reader& in) {
  switch (state_) {
    case State::start_line:
      return is_ahead_of_request() ? hold_for_request(in) : read_start_line(in);
    case State::before_request:
      return hold_for_request(in);
    case State::fields:
    case State::trailers:
      return read_field(in);
    case State::counted_body:
      return read_counted(in);
    case State::chunked_body:
      return read_chunk(in);
    case State::body_until_close:
      return body_.add(message_->body, in.rest());
    case State::after_connect:
      return hold(in);
    case State::awaiting:
      return await(in);
    case State::counted_unsure:
    case State::chunked_unsure:
    case State::searching:
      return search(in);
    case State::handed_over:
      return remainder_.push(direction_, at_, in.rest());
  }
}

void Side::read_start_line(Reader& in) {
  if (line_.empty()) line_at_ = at_;
  const LineBuffer::Outcome outcome = line_.take(in, kMaxHead);
  const bool client = direction_ == Direction::client;
  if (outcome == LineBuffer::Outcome::need_more) {
    const std::string_view so_far = as_text(line_.raw());
    if (client ? may_become_request_line(so_far) : may_become_status_line(so_far)) return;
  } else if (outcome == LineBuffer::Outcome::line) {
    // RFC 9112 section 2.2: empty lines before a request are ignored; before a response they do no harm
    // either.
    if (line_.line().empty()) return line_.clear();
    message_->request = client;
    if (parse_start_line(line_.line(), *message_)) return begin_message();
  }
  if (had_hole_) {
    uncertain_->sought.add(line_at_, line_.raw());
    line_.clear();
    begin_search(State::searching, false);
    return search(in);
  }
  leave_http(fmt::format("what comes here is no HTTP {}; from here on the data is shown as it is",
                         what_comes(direction_)),
             line_.raw());
}

void Side::begin_message() {
  message_->direction = direction_;
  message_->first = line_at_;
  head_budget_ = kMaxHead - line_.raw().size();
  line_.clear();
  state_ = State::fields;
  invitation_ = Invitation::none;
  if (message_->request) owner_.request_begins(*message_);
}

void Side::read_field(Reader& in) {
  if (line_.empty()) line_at_ = at_;
  switch (line_.take(in, head_budget_)) {
    case LineBuffer::Outcome::need_more:
      return;
    case LineBuffer::Outcome::too_long:
      return leave_long_head();
    case LineBuffer::Outcome::line:
      break;
  }
  const std::string_view line = line_.line();
  if (line.empty()) {
    line_.clear();
    return state_ == State::trailers ? message_ends() : head_ends();
  }
  add_field_line(line, state_ == State::trailers ? message_->trailers : message_->fields, message_->note);
  const std::size_t cost = line_.raw().size() + sizeof(event::HttpField);
  head_budget_ -= std::min(cost, head_budget_);
  line_.clear();
}

void Side::leave_long_head() {
  const Bytes taken = to_bytes(line_.raw());
  line_.clear();
  message_cut("the header is too long");
  leave_http(fmt::format("a header is longer than {} bytes; from there on the data is shown as it is",
                         grouped(kMaxHead)),
             taken);
}

void Side::head_ends() {
  Framing framing;
  if (message_->request) {
    framing = request_framing(*message_);
  } else {
    const SideOwner::RequestFacts to = owner_.response_begins(*message_);
    framing = response_framing(*message_, to.head, to.connect);
  }
  note(framing.note);
  body_.begin(*message_);
  if (framing.malformed.empty()) {
    begin_body(framing);
    if (framing.awaits_continue) await_continue();
    return;
  }
  const std::string text =
      fmt::format("{}: where the body ends is unknown, so it is shown as it is", framing.malformed);
  message_cut(framing.malformed);
  leave_http(text, {});
}

void Side::begin_body(const Framing& framing) {
  message_->body.framing = framing.kind;
  if (framing.tunnel) return open_tunnel();
  switch (framing.kind) {
    case BodyFraming::none:
      return message_ends();
    case BodyFraming::content_length:
      remaining_ = framing.length;
      state_ = State::counted_body;
      if (remaining_ == 0) message_ends();
      return;
    case BodyFraming::chunked:
      *chunks_ = {};
      state_ = State::chunked_body;
      return;
    case BodyFraming::until_close:
      state_ = State::body_until_close;
      return;
    case BodyFraming::data_frames:  // of HTTP/2
      return;
  }
}

void Side::open_tunnel() {
  const bool request = message_->request;
  message_ends();
  if (request) {
    if (state_ == State::start_line && hold_after_connect_) state_ = State::after_connect;
    return;
  }
  state_ = State::handed_over;
  owner_.protocol_switched();
}

void Side::read_counted(Reader& in) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, in.remaining()));
  body_.add(message_->body, in.bytes(count));
  remaining_ -= count;
  if (remaining_ == 0) message_ends();
}

void Side::read_chunk(Reader& in) {
  if (chunks_->raw().empty()) line_at_ = at_;
  switch (chunks_->next(in)) {
    case ChunkedDecoder::Outcome::data:
      return body_.add(message_->body, chunks_->data());
    case ChunkedDecoder::Outcome::need_more:
      return;
    case ChunkedDecoder::Outcome::last_chunk:
      if (chunks_->saw_extension()) note("chunk extensions are not shown");
      state_ = State::trailers;
      return;
    case ChunkedDecoder::Outcome::malformed: {
      const Bytes taken = to_bytes(chunks_->raw());
      message_cut("the chunked body is malformed");
      return leave_http("a chunked body is malformed; from there on the data is shown as it is", taken);
    }
  }
}

void Side::message_ends() {
  if (message_->body.framing != BodyFraming::none) body_.finish(message_->body);
  message_->last = at_;
  // A response whose head did not end still answers a request.
  if (!message_->request && message_->exchange == 0) owner_.response_begins(*message_);
  state_ = std::exchange(switch_after_message_, false) ? State::handed_over : State::start_line;
  chunks_.reset();
  owner_.message_ends(message_.take());
}

// The message in progress ends here, before its time.
void Side::message_cut(std::string_view text) {
  message_->body.complete = false;
  note(text);
  if (state_ == State::counted_body || state_ == State::counted_unsure) message_->body.missing += remaining_;
  if (state_ == State::chunked_body) message_->body.missing += chunks_->remaining();
  const bool in_head = state_ == State::fields || state_ == State::trailers;
  if (in_head && !line_.empty() && line_.line().find_first_not_of('\r') != std::string_view::npos) {
    add_field_line(line_.line(), state_ == State::trailers ? message_->trailers : message_->fields,
                   message_->note);
    line_.clear();
  }
  message_ends();
}

void Side::note(std::string_view text) {
  if (message_->note.empty()) message_->note = text;
}

// taken: bytes that were taken from the input and belong to no message.
void Side::leave_http(std::string text, ByteView taken) {
  state_ = State::handed_over;
  owner_.messages_lost(direction_, false);
  owner_.problem(direction_, std::move(text));
  if (!taken.empty()) remainder_.push(direction_, line_at_, taken);
  line_.clear();
}

}  // namespace tlspeel::http
