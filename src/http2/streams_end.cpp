// How messages and streams end: complete, cut off by a reset, by the end, or with frames of theirs lost.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "frame.hpp"
#include "message_head.hpp"
#include "streams.hpp"

namespace tlspeel::http2 {
namespace {

using event::HttpMessage;

std::uint64_t cost_of(const HttpMessage& message) {
  std::uint64_t cost = sizeof(HttpMessage) + message.body.shown.size();
  for (const event::HttpFields* fields : {&message.fields, &message.trailers}) {
    for (const event::HttpField& field : *fields)
      cost += sizeof(field) + field.name.size() + field.value.size();
  }
  return cost;
}

constexpr std::string_view side_name(Direction direction) {
  return direction == Direction::client ? "client" : "server";
}

}  // namespace

// ---- a message ends

void Streams::ends(Direction from, std::uint32_t id, Stream& stream) {
  Half& half = stream.halves.at(index(from));
  const bool no_body = from == Direction::server && (stream.head || half.open->message.status == 304);
  half.open->message.last = at_;
  settle_length(*half.open, no_body);
  finish_half(stream, half);
  const bool over = std::ranges::all_of(stream.halves, &Half::over);
  if (over) streams_.erase(id);
}

// Lost frames may have held some of the body. Content-Length tells; without one, nobody knows.
void Streams::settle_length(Open& open, bool no_body) const {
  HttpMessage& message = open.message;
  event::HttpBody& body = message.body;
  if (body.framing == event::BodyFraming::none) return;
  const std::uint64_t seen = body.size + body.missing;
  const bool known = open.content_length && !no_body;
  if (known && seen == *open.content_length) return;
  if (open.doubts == 0) {
    const bool vague =
        std::ranges::any_of(body.holes, [](const event::HoleAt& at) { return !at.hole.length; });
    if (known && !vague) {
      add_note(message, seen < *open.content_length ? "its body is shorter than its Content-Length"
                                                    : "its body is longer than its Content-Length");
    }
    return;
  }
  body.complete = false;
  add_note(message, "frames were lost while it was under way");
  if (!known || seen > *open.content_length) return;
  body.missing += *open.content_length - seen;
  // Where frames were lost once, that is where they belong.
  if (open.doubts != 1 || body.holes.size() >= event::kMaxHoles) return;
  const event::HoleAt hole{*open.doubt_at, {*open.content_length - seen, true}};
  const auto behind =
      std::ranges::find_if(body.holes, [&](const event::HoleAt& at) { return at.position > hole.position; });
  body.holes.insert(behind, hole);
}

// What is in progress is told as far as it came.
void Streams::finish_half(Stream& stream, Half& half) {
  const std::unique_ptr<Open> open = std::move(half.open);
  half.over = true;
  kept_ -= open->charged;
  HttpMessage& message = open->message;
  if (message.body.framing != event::BodyFraming::none) open->keeper.finish(message.body);
  const bool request = message.request;
  deliver(stream, std::move(message));
  if (request) request_is_told(stream);
}

void Streams::deliver(Stream& stream, HttpMessage message) {
  if (message.request || stream.request_told || full()) {
    const bool request = message.request;
    emitter_.emit(std::move(message));
    if (request) request_is_told(stream);
    return;
  }
  kept_ += cost_of(message);
  stream.waiting.push_back(std::move(message));
}

void Streams::request_is_told(Stream& stream) {
  stream.request_told = true;
  for (HttpMessage& message : std::exchange(stream.waiting, {})) {
    kept_ -= cost_of(message);
    emitter_.emit(std::move(message));
  }
}

// Nothing of it came, and nothing will.
void Streams::request_is_lost(Stream& stream) {
  constexpr std::string_view kNoRequest = "response without a captured request";
  Half& request = stream.halves.front();
  if (request.open || request.over) return;
  request.over = true;
  stream.note = kNoRequest;
  for (HttpMessage& message : stream.waiting) add_note(message, kNoRequest);
  if (const Half& response = stream.halves.back(); response.open)
    add_note(response.open->message, kNoRequest);
  request_is_told(stream);
}

void Streams::cut(Stream& stream, Half& half, std::string_view why) {
  if (!half.open) return;
  half.open->message.body.complete = false;
  add_note(half.open->message, why);
  const auto& length = half.open->content_length;
  event::HttpBody& body = half.open->message.body;
  const std::uint64_t seen = body.size + body.missing;
  if (length && !stream.head && body.framing != event::BodyFraming::none && *length > seen)
    body.missing += *length - seen;
  finish_half(stream, half);
}

// ---- a stream ends

// Nothing more of it can come.
void Streams::cut_off(Map::iterator at, std::string_view why) {
  tunnel_is_cut(at->second);
  for (Half& half : at->second.halves) cut(at->second, half, why);
  request_is_lost(at->second);
  streams_.erase(at);
}

// A request that was told, and of whose response nothing came.
void Streams::answer_is_missing(std::uint32_t id, Stream& stream, std::string_view why) {
  const Half& response = stream.halves.back();
  if (!stream.request_told || response.open || response.over) return;
  HttpMessage message = message_of(Direction::server, id, stream, at_);
  message.note = why;
  message.body.complete = false;
  deliver(stream, std::move(message));
}

void Streams::reset(Direction from, std::uint32_t id, std::uint32_t error) {
  remember_reset(id);
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  if (found->second.tunnel) {
    tunnel_is_cut(found->second);
    streams_.erase(found);
    return;
  }
  const std::string why = fmt::format("the {} reset the stream: {}", side_name(from), error_text(error));
  for (Half& half : found->second.halves) cut(found->second, half, why);
  request_is_lost(found->second);
  answer_is_missing(id, found->second, why);
  streams_.erase(found);
}

void Streams::goaway(Direction from, std::uint32_t last_stream) {
  goaway_.at(index(from)) = last_stream;
}

// ---- the connection

void Streams::frames_lost(Direction from, bool beginning) {
  lossy_.at(index(from)) = true;
  if (beginning) return;
  for (auto& [id, stream] : streams_) {
    Half& half = stream.halves.at(index(from));
    if (stream.tunnel && !half.over) stream.tunnel->gap(from, emitter_.now(), {});
    if (!half.open) continue;
    half.open->doubt_at = half.open->message.body.size;
    half.open->keeper.doubt();
    if (half.open->grpc) half.open->grpc->skip({});
    ++half.open->doubts;
  }
}

void Streams::end(Direction from) {
  for (auto at = streams_.begin(); at != streams_.end();) {
    const auto next = std::next(at);
    Half& half = at->second.halves.at(index(from));
    if (at->second.tunnel && !half.over) at->second.tunnel->end(from, emitter_.now());
    cut(at->second, half,
        half.open && half.open->doubts != 0 ? "its end was not captured" : "ended inside the body");
    if (from == Direction::client) request_is_lost(at->second);
    half.over = true;
    if (at->second.halves.front().over && at->second.halves.back().over) {
      tunnel_is_cut(at->second);
      streams_.erase(at);
    }
    at = next;
  }
}

void Streams::finish() {
  const auto last = goaway_.at(index(Direction::server));
  for (auto& [id, stream] : streams_) {
    if (last && id % 2 == 1 && id > *last)
      answer_is_missing(id, stream, "the server's GOAWAY says that it did not process the request");
  }
  end(Direction::client);
  end(Direction::server);
  if (not_kept_ != 0)
    emitter_.problem(Direction::client, fmt::format("{} were not shown", counted(not_kept_, "stream")));
  for (const Direction from : {Direction::client, Direction::server}) {
    const std::uint64_t bytes = behind_reset_.at(index(from));
    if (bytes == 0) continue;
    emitter_.problem(from, fmt::format("{} came in streams behind their reset, and are not shown",
                                       counted(bytes, "byte")));
  }
}

}  // namespace tlspeel::http2
