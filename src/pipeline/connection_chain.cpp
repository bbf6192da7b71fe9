#include "connection_chain.hpp"

#include <exception>

#include <fmt/format.h>

namespace tlspeel::pipeline {
namespace {

using Verdict = tls::Detection::Verdict;
using Start = tls::Detection::Start;

// A stream that was captured late is searched again with every segment; tiny segments must not make that
// quadratic.
constexpr unsigned kMaxDetectionAttempts = 64;

event::TcpEnd tcp_end(tcp::EndReason reason) {
  switch (reason) {
    case tcp::EndReason::fin:
      return event::TcpEnd::fin;
    case tcp::EndReason::reset:
      return event::TcpEnd::reset;
    case tcp::EndReason::idle:
      return event::TcpEnd::idle;
    case tcp::EndReason::port_reused:
      return event::TcpEnd::port_reused;
    case tcp::EndReason::capture_end:
      break;
  }
  return event::TcpEnd::capture_end;
}

}  // namespace

ConnectionChain::ConnectionChain(ChainContext& context, const tcp::ConnectionInfo& info)
    : context_(&context), info_(info) {
  for (Lane& each : lanes_) each.start_captured = info.start_captured;
}

void ConnectionChain::on_data(const tcp::StreamChunk& chunk) {
  guarded(chunk.at, [&] {
    if (state_ == State::not_tls) return;
    if (state_ == State::tls && lane(chunk.direction).started) {
      tls_->push(tls_direction(chunk.direction), chunk.at, chunk.bytes);
    } else {
      detect(chunk.direction, chunk);
    }
  });
}

void ConnectionChain::detect(Direction tcp_direction, const tcp::StreamChunk& chunk) {
  Lane& from = lane(tcp_direction);
  append(from.prefix, chunk.bytes);
  from.pieces.push_back({chunk.bytes.size(), chunk.at});
  if (state_ == State::tls && from.start_captured) {
    start_lane(tcp_direction, {Verdict::tls, Start::before_hello, 0}, chunk.at);
    return;
  }
  tls::Detection detection = tls::detect(from.prefix, from.start_captured);
  if (detection.verdict == Verdict::need_more && ++from.attempts >= kMaxDetectionAttempts)
    detection.verdict = Verdict::not_tls;
  if (detection.verdict == Verdict::tls && state_ == State::tls)
    start_lane(tcp_direction, detection, chunk.at);
  if (detection.verdict == Verdict::tls && state_ == State::detecting)
    found_tls(tcp_direction, detection, chunk.at);
  if (detection.verdict != Verdict::not_tls) return;
  if (state_ == State::detecting) {
    give_up_detecting();
  } else {
    start_lane(tcp_direction, {Verdict::tls, Start::middle, 0}, chunk.at);
  }
}

void ConnectionChain::found_tls(Direction tcp_direction, tls::Detection detection, PacketRef at) {
  tls_ = std::make_unique<tls::Connection>(context_->environment, *this, *this);
  state_ = State::tls;
  const bool from_client =
      detection.start == Start::client_hello || detection.start == Start::sslv2_client_hello;
  if (from_client) swapped_ = tcp_direction == Direction::server;
  if (detection.start == Start::server_hello) swapped_ = tcp_direction == Direction::client;
  event::ConnectionStart start;
  start.client = swapped_ ? info_.server : info_.client;
  start.server = swapped_ ? info_.client : info_.server;
  start.start_captured = info_.start_captured;
  emit(at, start);
  start_lane(tcp_direction, detection, at);
  const Direction opposite = other(tcp_direction);
  if (!lane(opposite).prefix.empty() || !lane(opposite).gaps.empty()) start_late_lane(opposite, at);
}

// The other direction's bytes came first and did not tell; now they have to be TLS.
void ConnectionChain::start_late_lane(Direction tcp_direction, PacketRef at) {
  Lane& from = lane(tcp_direction);
  if (from.start_captured) {
    start_lane(tcp_direction, {Verdict::tls, Start::before_hello, 0}, at);
    return;
  }
  const tls::Detection detection = tls::detect(from.prefix, false);
  if (detection.verdict == Verdict::tls) start_lane(tcp_direction, detection, at);
}

void ConnectionChain::start_lane(Direction tcp_direction, const tls::Detection& detection, PacketRef at) {
  const Direction direction = tls_direction(tcp_direction);
  Lane from = std::exchange(lane(tcp_direction), {});
  lane(tcp_direction).started = true;
  const bool lost = info_.start_captured && !from.gaps.empty() && detection.start == Start::middle;
  if (lost) {
    tls_->begin_after_gap(from.gaps.front().at, tls_gap(from.gaps.front()));
  } else {
    tls_->begin(direction, detection.start);
  }
  for (const tcp::StreamGap& gap : from.gaps) emit(gap.at, tls_gap(gap));
  if (detection.offset != 0) {
    emit(at, event::Problem{
                 direction, "tls record",
                 fmt::format("the first {} bytes that were captured belong to a record whose start was not",
                             detection.offset)});
  }
  std::size_t start = 0;
  for (const Lane::Piece& piece : from.pieces) {
    const std::size_t skip = detection.offset > start ? std::min(detection.offset - start, piece.size) : 0;
    const ByteView bytes = ByteView(from.prefix).subspan(start + skip, piece.size - skip);
    if (!bytes.empty()) tls_->push(direction, piece.at, bytes);
    start += piece.size;
  }
}

void ConnectionChain::give_up_detecting() {
  state_ = State::not_tls;
  lanes_ = {};
}

void ConnectionChain::on_gap(const tcp::StreamGap& gap) {
  guarded(gap.at, [&] {
    if (state_ == State::not_tls) return;
    Lane& from = lane(gap.direction);
    if (from.started) {
      emit(gap.at, tls_gap(gap));
      tls_->gap(gap.at, tls_gap(gap));
      return;
    }
    // What is behind the hole may begin anywhere in a record.
    constexpr std::size_t kMaxGapsKept = 16;
    if (from.gaps.size() < kMaxGapsKept) from.gaps.push_back(gap);
    from.prefix.clear();
    from.pieces.clear();
    from.start_captured = false;
  });
}

void ConnectionChain::on_stream_end(Direction direction, PacketRef at) {
  guarded(at, [&] {
    if (state_ == State::tls) tls_->end(tls_direction(direction), at);
  });
}

void ConnectionChain::on_end(tcp::EndReason reason, PacketRef at,
                             const std::array<tcp::DirectionStats, 2>& stats) {
  if (state_ != State::tls) {
    ++context_->connections_without_tls;
    return;
  }
  guarded(at, [&] {
    for (const Direction each : {Direction::client, Direction::server}) {
      if (!lane(each).started && !lane(each).prefix.empty())
        start_lane(each, {Verdict::tls, Start::middle, 0}, at);
    }
    tls_->finish(at);
    if (parser_) parser_->finish(at);
  });
  emit_end(reason, at, stats);
}

void ConnectionChain::emit_end(tcp::EndReason reason, PacketRef at,
                               const std::array<tcp::DirectionStats, 2>& stats) {
  tls::Summary summary = tls_->summary();
  event::ConnectionEnd end;
  end.outcome = summary.outcome;
  end.tcp_end = tcp_end(reason);
  end.version = summary.version;
  end.cipher_suite = summary.cipher_suite;
  end.server_name = std::move(summary.server_name);
  end.opened_with = std::move(summary.opened_with);
  end.secrets_used = std::move(summary.secrets_used);
  end.cause = summary.cause;
  end.finished_verified_client = summary.finished_verified[index(Direction::client)];
  end.finished_verified_server = summary.finished_verified[index(Direction::server)];
  for (const Direction each : {Direction::client, Direction::server}) {
    const tcp::DirectionStats& tcp = stats[index(each)];
    tls::DirectionSummary& tls = summary.directions[index(tls_direction(each))];
    event::DirectionCounts& counts = end.counts[index(tls_direction(each))];
    counts.packets = tcp.packets;
    counts.tcp_bytes = tcp.bytes;
    counts.retransmitted_bytes = tcp.retransmitted_bytes;
    counts.conflicting_bytes = tcp.conflicting_bytes;
    counts.lost_bytes = tcp.lost_bytes;
    counts.records = tls.records;
    counts.records_closed = tls.records_closed;
    counts.application_bytes = tls.application_bytes;
    counts.closed_bytes = tls.closed_bytes;
    counts.closed_ranges = std::move(tls.closed_ranges);
  }
  end.first = info_.first;
  end.last = at;
  emit(at, std::move(end));
}

void ConnectionChain::emit(PacketRef at, event::Event event) {
  context_->results->push_back(
      {context_->environment.current_packet, info_.first.number, ordinal_++, at, std::move(event)});
}

void ConnectionChain::on_plaintext(Direction direction, PacketRef at, ByteView bytes) {
  std::uint64_t& offset = plaintext_bytes_[index(direction)];
  if (context_->plaintext) emit(at, event::Plaintext{direction, offset, to_bytes(bytes)});
  offset += bytes.size();
  if (app::Parser* to = parser()) to->push(direction, at, bytes);
}

void ConnectionChain::on_plaintext_gap(Direction direction, PacketRef at, const event::Hole& hole) {
  std::uint64_t& offset = plaintext_bytes_[index(direction)];
  if (context_->plaintext) emit(at, event::PlaintextGap{direction, offset, hole});
  offset += hole.length.value_or(0);
  if (app::Parser* to = parser()) to->gap(direction, at, hole);
}

void ConnectionChain::on_plaintext_end(Direction direction, PacketRef at) {
  if (parser_) parser_->end(direction, at);
  if (!parser_ && !plaintext_ended_[index(direction)]) plaintext_ended_[index(direction)] = at;
}

// Made when there is something to parse: the protocol that the server chose is known by then.
app::Parser* ConnectionChain::parser() {
  if (!context_->application_data) return nullptr;
  if (!parser_) {
    parser_ = app::make_parser(tls_->alpn(), context_->app, *this);
    for (const Direction each : {Direction::client, Direction::server}) {
      if (plaintext_ended_[index(each)]) parser_->end(each, *plaintext_ended_[index(each)]);
    }
  }
  return parser_.get();
}

template <class Work>
void ConnectionChain::guarded(PacketRef at, Work work) {
  if (failed_) return;
  try {
    work();
  } catch (const std::exception& error) {
    failed_ = true;
    if (state_ == State::tls) {
      emit(at,
           event::Problem{std::nullopt, "run", fmt::format("this connection is given up: {}", error.what())});
    }
  }
}

}  // namespace tlspeel::pipeline
