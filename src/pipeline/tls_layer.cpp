#include "tls_layer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

namespace tlspeel::pipeline {

namespace {

using DetectedStart = tls::Detection::Start;

event::DirectionCounts counts_of(const tcp::DirectionStats& tcp, tls::DirectionSummary& tls) {
  event::DirectionCounts out;
  out.packets = tcp.packets;
  out.tcp_bytes = tcp.bytes;
  out.retransmitted_bytes = tcp.retransmitted_bytes;
  out.conflicting_bytes = tcp.conflicting_bytes;
  out.lost_bytes = tcp.lost_bytes;
  out.unused_packets = tcp.implausible;
  out.records = tls.records;
  out.records_opened = tls.records_opened;
  out.records_closed = tls.records_closed;
  out.application_bytes = tls.application_bytes;
  out.closed_bytes = tls.closed_bytes;
  out.closed_ranges = std::move(tls.closed_ranges);
  return out;
}

// `bytes` of a layer lie in the scratch space that all connections of a worker share: the layer inside opens
// its records elsewhere.
class OwnScratch {
 public:
  explicit OwnScratch(tls::Environment& environment)
      : environment_(&environment), outer_(std::exchange(environment.scratch, Bytes())) {}
  ~OwnScratch() { environment_->scratch = std::move(outer_); }
  OwnScratch(const OwnScratch&) = delete;
  OwnScratch& operator=(const OwnScratch&) = delete;

 private:
  tls::Environment* environment_;
  Bytes outer_;
};

}  // namespace

TlsLayer::TlsLayer(LayerHost& host, const tcp::ConnectionInfo& below)
    : host_(&host),
      below_(&below),
      search_(std::make_unique<TlsSearch>(static_cast<SearchSink&>(*this), below.start_captured, true,
                                          host.spare_for_searches())),
      begin_(below.first_data) {}

TlsLayer::TlsLayer(LayerHost& host, TlsLayer& outer)
    : host_(&host),
      outer_(&outer),
      depth_(outer.depth_ + 1),
      swapped_below_(outer.swapped_ != outer.swapped_below_),
      below_(outer.below_),
      search_(std::make_unique<TlsSearch>(static_cast<SearchSink&>(*this), true, false,
                                          host.spare_for_searches())) {}

void TlsLayer::push(Direction direction, PacketRef at, ByteView bytes) {
  note_begin(at);
  if (!search_) return tls_bytes(direction, at, bytes);
  search_->push(direction, at, bytes);
  if (search_->given_up()) talk_.reset();
  put_search_away();
}

void TlsLayer::hole(Direction direction, PacketRef at, const SearchHole& hole) {
  note_begin(at);
  if (!search_) {
    const Lane& from = lane(direction);
    return tls_hole(direction, at, from.clear + from.bytes + from.missing, hole);
  }
  search_->hole(direction, at, hole);
}

void TlsLayer::end(Direction direction, PacketRef at) {
  if (!search_) return tls_end(direction, at);
  search_->end(direction, at);
}

// Where both directions are TLS, and all that was pushed came out.
void TlsLayer::put_search_away() {
  if (!search_->over()) return;
  const bool all_counted =
      std::ranges::all_of(std::array{Direction::client, Direction::server}, [&](Direction each) {
        const Lane& from = lane(each);
        return from.left_out == 0 && search_->position(each) == from.clear + from.bytes + from.missing;
      });
  if (all_counted) search_.reset();
}

void TlsLayer::finish(PacketRef at) {
  if (search_) search_->finish(at);
  if (!tls_) return;
  tell_clear(at);
  tls_->finish(at);
  // An inner layer at rest has found nothing, and will not.
  if (inner_) inner_->finish(at);
  put_inner_away();
  if (parser_) parser_->finish(at);
}

// ---- before TLS

void TlsLayer::clear_bytes(Direction direction, PacketRef at, ByteView bytes) {
  lane(direction).clear += bytes.size();
  if (outer_ != nullptr) return outer_->parse(direction, at, bytes);
  if (ClearTalk* const to = talk()) to->push(direction, at, bytes);
}

void TlsLayer::clear_hole(Direction direction, PacketRef at, std::uint64_t position, const SearchHole& hole) {
  lane(direction).missing += hole.length;
  if (outer_ != nullptr) {
    const auto length = hole.length == 0 ? std::nullopt : std::optional(hole.length);
    outer_->parse_gap(direction, at, {length, length && hole.exact});
  } else if (ClearTalk* const to = talk()) {
    to->hole(at, {direction, position, hole.length, hole.cut_packet});
  }
}

void TlsLayer::clear_end(Direction direction, PacketRef at) {
  if (outer_ != nullptr) outer_->parse_end(direction, at);
}

void TlsLayer::note_begin(PacketRef at) {
  if (begin_.number == 0 || at.number < begin_.number) begin_ = at;
}

// null: there is no TLS, so nobody will ask for it.
ClearTalk* TlsLayer::talk() {
  if (without_tls()) return nullptr;
  if (!talk_) talk_ = std::make_unique<ClearTalk>(host_->clear_text_budget());
  return talk_.get();
}

void TlsLayer::tell_clear(PacketRef at) {
  if (talk_ && !talk_->empty()) talk_->tell(swapped_, *this, at);
}

void TlsLayer::tls_found(Direction client, PacketRef hello, PacketRef at) {
  tls_.emplace(host_->environment(), *this, *this);
  swapped_ = client == Direction::server;
  event::ConnectionStart start;
  start.client = swapped_ ? server() : this->client();
  start.server = swapped_ ? this->client() : server();
  start.start_captured = start_captured();
  start.first = outer_ == nullptr ? below_->first : hello;
  if (outer_ == nullptr && below_->tunnel) start.tunnel = *below_->tunnel;
  start.depth = depth_;
  // What was in clear came first; behind holes the other side's bytes, or others than those that decided.
  emit(outer_ == nullptr ? begin_ : hello, start);
  tell_clear(at);
}

// ---- TLS

void TlsLayer::tls_starts(Direction direction, PacketRef /*at*/, const Start& start) {
  Lane& from = lane(direction);
  from.left_out = start.detection.offset;
  if (start.detection.start != DetectedStart::middle) from.tls_begin = start.position;
  if (start_captured() && start.behind_hole && start.detection.start == DetectedStart::middle) {
    tls_->begin_after_gap(start.hole_at, tls_gap(direction, start.hole_position, *start.behind_hole));
  } else {
    tls_->begin(tls_direction(direction), start.detection.start);
  }
}

void TlsLayer::tls_bytes(Direction direction, PacketRef at, ByteView bytes) {
  Lane& from = lane(direction);
  tell_clear(at);
  if (first_.number == 0) first_ = at;
  if (from.left_out != 0) {
    emit(at, event::Problem{
                 tls_direction(direction), "tls record",
                 fmt::format("the first {} bytes that were captured belong to a record whose start was not",
                             grouped(std::exchange(from.left_out, 0)))});
  }
  from.bytes += bytes.size();
  tls_->push(tls_direction(direction), at, bytes);
}

void TlsLayer::tls_hole(Direction direction, PacketRef at, std::uint64_t position, const SearchHole& hole) {
  tell_clear(at);
  lane(direction).missing += hole.length;
  SearchHole known = hole;
  // Of unknown size: the framing is lost, whatever it is.
  if (known.length == 0) known.length = 1;
  const event::StreamGap gap = tls_gap(direction, position, known);
  if (outer_ == nullptr) {
    emit(at, gap);
  } else {
    // They are not missing in TCP's stream.
    const std::string what =
        hole.length == 0 ? "bytes, nobody knows how many," : counted(hole.length, "byte");
    emit(at, event::Problem{gap.direction, "tls record",
                            what + " are missing here: the TLS around them was not opened"});
  }
  tls_->gap(at, gap);
}

void TlsLayer::tls_end(Direction direction, PacketRef at) {
  tls_->end(tls_direction(direction), at);
}

event::StreamGap TlsLayer::tls_gap(Direction direction, std::uint64_t position,
                                   const SearchHole& hole) const {
  return {tls_direction(direction), position - lanes_[index(direction)].tls_begin, hole.length,
          hole.cut_packet};
}

// ---- what TLS carried

void TlsLayer::on_plaintext(Direction direction, PacketRef at, ByteView bytes) {
  std::uint64_t& offset = plaintext_bytes_[index(direction)];
  if (host_->plaintext_wanted()) emit(at, event::Plaintext{direction, offset, to_bytes(bytes)});
  offset += bytes.size();
  const bool rests = inner_at_rest_ && TlsSearch::stays_at_rest(*inner_at_rest_, direction, bytes);
  TlsLayer* const within = rests ? nullptr : inner();
  if (within == nullptr) return parse(direction, at, bytes);
  const OwnScratch inner_scratch(host_->environment());
  within->push(direction, at, bytes);
  put_inner_away();
}

void TlsLayer::on_plaintext_gap(Direction direction, PacketRef at, const event::Hole& hole) {
  std::uint64_t& offset = plaintext_bytes_[index(direction)];
  if (host_->plaintext_wanted()) emit(at, event::PlaintextGap{direction, offset, hole});
  offset += hole.length.value_or(0);
  if (TlsLayer* const within = inner()) {
    within->hole(direction, at, {hole.length.value_or(0), 0, hole.exact});
    put_inner_away();
  } else {
    parse_gap(direction, at, hole);
  }
}

void TlsLayer::on_plaintext_end(Direction direction, PacketRef at) {
  if (inner_) {
    inner_->end(direction, at);
  } else {
    parse_end(direction, at);
  }
}

TlsLayer* TlsLayer::inner() {
  if (nothing_inside_ || depth_ + 1 >= kMaxLayers) return nullptr;
  if (!inner_) inner_.reset(new TlsLayer(*host_, *this));
  if (inner_at_rest_) inner_->go_on(*std::exchange(inner_at_rest_, std::nullopt));
  return inner_.get();
}

// Where TLS has not begun in it: nearly always.
void TlsLayer::put_inner_away() {
  if (!inner_ || inner_->found()) return;
  nothing_inside_ = inner_->without_tls();
  if (!nothing_inside_) inner_at_rest_ = inner_->search_->rest();
  if (nothing_inside_ || inner_at_rest_) inner_.reset();
}

// As if all of it had come through here.
void TlsLayer::go_on(const TlsSearch::Rest& rest) {
  search_->go_on(rest);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i].clear = rest.lanes[i].size;
    lanes_[i].missing = rest.lanes[i].missing;
  }
}

void TlsLayer::parse(Direction direction, PacketRef at, ByteView bytes) {
  if (app::Parser* const to = parser()) to->push(direction, at, bytes);
}

void TlsLayer::parse_gap(Direction direction, PacketRef at, const event::Hole& hole) {
  if (app::Parser* const to = parser()) to->gap(direction, at, hole);
}

void TlsLayer::parse_end(Direction direction, PacketRef at) {
  if (parser_) parser_->end(direction, at);
  if (!parser_ && !plaintext_ended_[index(direction)]) plaintext_ended_[index(direction)] = at;
}

// Made when there is something to parse: the protocol that the server chose is known by then.
app::Parser* TlsLayer::parser() {
  const app::Options* const options = host_->app_options();
  if (options == nullptr) return nullptr;
  if (!parser_) {
    parser_ = app::make_parser(tls_->alpn(), *options, *this);
    for (const Direction each : {Direction::client, Direction::server}) {
      if (plaintext_ended_[index(each)]) parser_->end(each, *plaintext_ended_[index(each)]);
    }
  }
  return parser_.get();
}

// ---- the end

void TlsLayer::tell_end(event::TcpEnd reason, PacketRef first, PacketRef at,
                        const std::array<tcp::DirectionStats, 2>& counts) {
  if (inner_ && inner_->found()) inner_->tell_end(reason, inner_->first_, at, inner_->own_counts());
  tls::Summary summary = tls_->summary();
  event::ConnectionEnd end;
  end.outcome = summary.outcome;
  end.tcp_end = reason;
  end.version = summary.version;
  end.cipher_suite = summary.cipher_suite;
  end.server_name = std::move(summary.server_name);
  end.opened_with = std::move(summary.opened_with);
  end.secrets_used = std::move(summary.secrets_used);
  end.cause = summary.cause;
  end.finished_verified_client = summary.finished_verified[index(Direction::client)];
  end.finished_verified_server = summary.finished_verified[index(Direction::server)];
  for (const Direction each : {Direction::client, Direction::server}) {
    event::DirectionCounts& to = end.counts[index(tls_direction(each))];
    to = counts_of(counts[index(each)], summary.directions[index(tls_direction(each))]);
    to.clear_bytes = lane(each).clear;
  }
  end.first = first;
  end.last = at;
  emit(at, std::move(end));
}

// Where there is no TCP below: what was pushed.
std::array<tcp::DirectionStats, 2> TlsLayer::own_counts() const {
  std::array<tcp::DirectionStats, 2> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].bytes = lanes_[i].clear + lanes_[i].bytes;
    out[i].lost_bytes = lanes_[i].missing;
  }
  return out;
}

}  // namespace tlspeel::pipeline
