#include "streams.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "frame.hpp"
#include "message_head.hpp"

namespace tlspeel::http2 {
namespace {

using event::HttpMessage;

// Servers allow 100 to 250 at once; the rest is room for those whose end was not captured.
constexpr std::size_t kMaxStreams = 1024;

// Heads, and what is shown of bodies, of all streams that are under way: a page with a hundred scripts has a
// few MiB. A single body may always have what the user asked for.
constexpr std::uint64_t kMaxKept = std::uint64_t{16} << 20;

// DATA that was on its way when its receiver reset the stream comes soon after.
constexpr std::size_t kResetsKept = 64;

// Who began it: RFC 9113 section 5.1.1.
constexpr Direction initiator(std::uint32_t stream) {
  return stream % 2 == 1 ? Direction::client : Direction::server;
}

}  // namespace

Streams::Streams(const Options& options, Emitter& emitter, Tunnels* tunnels)
    : bodies_(options.bodies),
      most_kept_(kMaxKept + options.bodies.max_shown),
      emitter_(emitter),
      tunnels_(tunnels) {
  if (!options.upgraded) return;
  exchanges_ = options.upgraded->exchange - 1;
  Stream& stream = *make_stream(Direction::client, 1);
  stream.request_told = true;
  stream.halves.front().over = true;
  stream.head = options.upgraded->head;
}

// ---- which stream

// An identifier that is not higher than others was used before; it is new only where its first frames were
// lost. What the other side answers may come first: bytes behind a hole are waited for.
bool Streams::is_new(std::uint32_t id) const {
  if (id > highest_.at(index(initiator(id)))) return true;
  return lossy() && !was_reset(id);
}

// null: it is over, or not kept. What comes in it is nothing that its receiver takes either (section 5.4.2).
Streams::Stream* Streams::stream_for(Direction from, std::uint32_t id) {
  const auto found = streams_.find(id);
  if (found != streams_.end()) return &found->second;
  return is_new(id) ? make_stream(from, id) : nullptr;
}

Streams::Stream* Streams::make_stream(Direction from, std::uint32_t id) {
  std::uint32_t& highest = highest_.at(index(initiator(id)));
  if (from == initiator(id)) highest = std::max(highest, id);
  named_ = std::max(named_, id);
  const std::uint32_t exchange = ++exchanges_;
  if (streams_.size() >= kMaxStreams && !make_room()) {
    if (++not_kept_ == 1) {
      emitter_.problem(from,
                       fmt::format("more than {} streams are under way at once; further ones are not shown",
                                   grouped(kMaxStreams)));
    }
    return nullptr;
  }
  Stream& stream = streams_[id];
  stream.exchange = exchange;
  return &stream;
}

// The end of a stream, or all of its response, may be among what was lost: of those that this can have
// happened to, the oldest goes.
bool Streams::make_room() {
  const auto doubtful = std::ranges::find_if(streams_, [&](const Map::value_type& each) {
    const Stream& stream = each.second;
    const Half& response = stream.halves.back();
    if (lossy_.back() && stream.request_told && !response.open && !response.over) return true;
    return std::ranges::any_of(stream.halves,
                               [](const Half& half) { return half.open && half.open->doubts != 0; });
  });
  if (doubtful == streams_.end()) return false;
  cut_off(doubtful, "its end was not captured");
  return true;
}

void Streams::remember_reset(std::uint32_t id) {
  if (lately_reset_.size() == kResetsKept) lately_reset_.erase(lately_reset_.begin());
  lately_reset_.push_back(id);
}

bool Streams::was_reset(std::uint32_t id) const {
  return std::ranges::find(lately_reset_, id) != lately_reset_.end();
}

// ---- heads

HttpMessage Streams::message_of(Direction from, std::uint32_t id, const Stream& stream,
                                PacketRef first) const {
  HttpMessage message;
  message.direction = from;
  message.request = from == Direction::client;
  message.version = "HTTP/2";
  message.exchange = stream.exchange;
  message.stream = id;
  message.first = first;
  message.last = at_;
  if (!message.request) message.note = stream.note;
  return message;
}

void Streams::headers(Direction from, HeaderBlock block) {
  if (block.promised != 0) return promise(from, std::move(block));
  const std::uint32_t id = block.stream;
  Stream* const stream = stream_for(from, id);
  if (stream == nullptr) return;
  Half& half = stream->halves.at(index(from));
  if (stream->tunnel && !half.over) {
    // RFC 9113 section 8.5: nothing but DATA is in it; what ends it ends it all the same.
    if (block.end_stream) tunnel_ends(from, id, *stream);
    return;
  }
  if (half.over) {
    emitter_.problem(from, fmt::format("a header comes behind the end of stream {}", id));
    return;
  }
  const bool end_stream = block.end_stream;
  if (half.open) {
    trailers(*half.open, std::move(block));
  } else {
    if (from == Direction::server && interim(id, *stream, block)) return;
    begin(from, id, *stream, std::move(block));
  }
  if (end_stream) {
    ends(from, id, *stream);
  } else if (from == Direction::server) {
    open_tunnel(*stream);
  }
}

void Streams::begin(Direction from, std::uint32_t id, Stream& stream, HeaderBlock block) {
  if (from == Direction::server && lossy_.front()) request_is_lost(stream);
  Half& half = stream.halves.at(index(from));
  half.open = std::make_unique<Open>(bodies_.max_shown, bodies_.pieces ? &emitter_ : nullptr);
  Open& open = *half.open;
  open.message = message_of(from, id, stream, block.first);
  HttpMessage& message = open.message;
  if (block.lost) {
    add_note(message, block.why_lost);
    message.body.complete = false;
  } else {
    shorten(block.decoded);
    open.head_cost = block.decoded.cost;
    open.content_length = content_length_of(block.decoded.fields);
    set_head(std::move(block.decoded), message);
  }
  if (message.request) {
    stream.head = message.method == "HEAD";
    stream.protocol = protocol_of(message);
  }
  open.keeper.begin(message);
  if (is_grpc(message.body.media_type)) open.grpc = std::make_unique<GrpcMessages>();
  if (!block.end_stream) message.body.framing = event::BodyFraming::data_frames;
  charge(open);
}

// RFC 9113 section 8.1: any number of these come before the final one.
bool Streams::interim(std::uint32_t id, Stream& stream, HeaderBlock& block) {
  if (block.lost || block.end_stream || status_of(block.decoded.fields) / 100 != 1) return false;
  HttpMessage message = message_of(Direction::server, id, stream, block.first);
  message.interim = true;
  shorten(block.decoded);
  set_head(std::move(block.decoded), message);
  deliver(stream, std::move(message));
  return true;
}

void Streams::trailers(Open& open, HeaderBlock block) {
  HttpMessage& message = open.message;
  if (block.lost) return add_note(message, "its trailers were not captured");
  if (!block.end_stream) add_note(message, "trailers that do not end the stream");
  shorten(block.decoded);
  open.head_cost += block.decoded.cost;
  set_trailers(std::move(block.decoded), message);
  charge(open);
}

// Section 8.4: a server sends the request as well as the response to it.
void Streams::promise(Direction from, HeaderBlock block) {
  if (streams_.contains(block.promised) || !is_new(block.promised)) {
    emitter_.problem(from, fmt::format("stream {} is promised, which was used before", block.promised));
    return;
  }
  Stream* const stream = make_stream(from, block.promised);
  if (stream == nullptr) return;
  stream->note = "pushed by the server";
  stream->halves.front().over = true;
  HttpMessage message = message_of(from, block.promised, *stream, block.first);
  message.request = true;
  message.note = fmt::format("promised by the server in stream {}", block.stream);
  if (block.lost) {
    add_note(message, block.why_lost);
  } else {
    set_head(std::move(block.decoded), message);
  }
  stream->head = message.method == "HEAD";
  deliver(*stream, std::move(message));
}

// ---- bodies

Streams::Open* Streams::open_for_data(Direction from, std::uint32_t id, PacketRef first) {
  Stream* const stream = stream_for(from, id);
  if (stream == nullptr) return nullptr;
  Half& half = stream->halves.at(index(from));
  if (half.over) return nullptr;
  if (!half.open) {
    HeaderBlock lost;
    lost.lost = true;
    lost.first = first;
    begin(from, id, *stream, std::move(lost));
  }
  return half.open.get();
}

void Streams::data(Direction from, std::uint32_t stream, PacketRef first, ByteView content) {
  if (Stream* const other = tunnel_of(stream)) {
    if (!other->halves.at(index(from)).over) other->tunnel->push(from, emitter_.now(), content);
    return;
  }
  Open* const open = open_for_data(from, stream, first);
  if (open == nullptr) {
    if (was_reset(stream)) behind_reset_.at(index(from)) += content.size();
    return;
  }
  open->keeper.add(open->message.body, content);
  if (open->grpc) open->grpc->add(open->message.body, content);
  open->message.last = at_;
  charge(*open);
}

void Streams::data_hole(Direction from, std::uint32_t stream, PacketRef first, const event::Hole& hole) {
  if (Stream* const other = tunnel_of(stream)) {
    if (!other->halves.at(index(from)).over) other->tunnel->gap(from, emitter_.now(), hole);
    return;
  }
  Open* const open = open_for_data(from, stream, first);
  if (open == nullptr) return;
  open->message.body.missing += hole.length.value_or(0);
  open->keeper.skip(open->message.body, hole);
  if (open->grpc) open->grpc->skip(hole);
}

void Streams::data_end(Direction from, std::uint32_t id, PacketRef first) {
  if (Stream* const other = tunnel_of(id)) return tunnel_ends(from, id, *other);
  if (open_for_data(from, id, first) == nullptr) return;
  const auto stream = streams_.find(id);
  ends(from, id, stream->second);
}

// Where so much is kept already that the start lines have to do.
void Streams::shorten(DecodedFields& decoded) const {
  constexpr std::size_t kLongestKept = 1024;
  if (!full()) return;
  const std::size_t dropped = std::erase_if(decoded.fields, [](const event::HttpField& field) {
    return !field.name.starts_with(':') || field.value.size() > kLongestKept;
  });
  decoded.left_out += dropped;
  decoded.cost = 0;
}

// What is kept of a message counts against what may be kept of all.
void Streams::charge(Open& open) {
  const std::uint64_t costs = open.head_cost + open.message.body.shown.size();
  kept_ += costs;
  kept_ -= std::exchange(open.charged, costs);
  if (!full()) return;
  open.keeper.keep_no_more();
  add_note(open.message, "so many messages were under way that not all of this one was kept");
}

}  // namespace tlspeel::http2
