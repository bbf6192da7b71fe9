#include "connection.hpp"

#include <algorithm>
#include <utility>

namespace tlspeel::tcp {
namespace {

using net::Segment;

bool has(const Segment& segment, net::TcpFlag flag) {
  return (segment.flags & flag) != 0;
}

bool is_syn(const Segment& segment) {
  return has(segment, net::kSyn) && !has(segment, net::kRst);
}

std::uint64_t payload_length(const Segment& segment) {
  return segment.payload.size() + std::uint64_t{segment.payload_missing};
}

// The SYN takes the first sequence number, payload follows it (RFC 9293 section 3.4).
std::uint32_t payload_seq(const Segment& segment) {
  return has(segment, net::kSyn) ? segment.seq + 1 : segment.seq;
}

}  // namespace

bool Connection::can_start(const Segment& segment) {
  return !has(segment, net::kRst) && (has(segment, net::kSyn) || payload_length(segment) != 0);
}

ConnectionInfo Connection::describe(const Segment& segment, PacketRef at) {
  const net::Flow& flow = segment.flow;
  const bool syn = is_syn(segment);
  const bool from_server = syn ? has(segment, net::kAck) : flow.source.port < flow.destination.port;
  return {from_server ? flow.destination : flow.source,
          from_server ? flow.source : flow.destination,
          syn,
          segment.place,
          at,
          segment.tunnel_text,
          {}};
}

Connection::Connection(const Limits& limits, const SinkFactory& factory, ConnectionInfo info)
    : limits_(&limits),
      factory_(&factory),
      info_(std::move(info)),
      halves_{HalfStream(*this), HalfStream(*this)} {}

bool Connection::is_answered_by(const Segment& segment) const {
  const Direction from = segment.flow.source == info_.client ? Direction::client : Direction::server;
  if (ended_ || half(from).stats().packets != 0 || !has(segment, net::kAck)) return false;
  const HalfStream& answered = half(other(from));
  return is_syn(segment) ? answered.has_isn() && answered.is_isn(segment.ack - 1)
                         : answered.accepts_ack(segment.ack);
}

Connection::Verdict Connection::push(const Segment& segment, std::int64_t now, PacketRef at) {
  if (is_syn(segment)) correct_roles(segment);
  const Direction from = segment.flow.source == info_.client ? Direction::client : Direction::server;
  if (ended_) return push_after_end(segment, from);
  if (is_syn(segment)) {
    const Verdict verdict = has(segment, net::kAck) ? push_syn_ack(segment, from) : push_syn(segment, from);
    if (verdict != Verdict::taken) return verdict;
  }
  ++half(from).stats().packets;
  const Moment here = moment(from, now, at);
  HalfStream& receiver = half(other(from));
  if (has(segment, net::kRst)) {
    // RFC 9293 section 3.5.3: a RST may carry text that explains it; it is not part of the stream.
    if (!push_reset(segment, from, now, at)) ++half(from).stats().implausible;
  } else if (has(segment, net::kAck)) {
    // A host that was restarted answers with numbers of an older connection until the SYN is through (RFC
    // 9293 section 3.5.1).
    const bool trusted = !info_.start_captured || half(from).known() || payload_length(segment) != 0;
    receiver.acknowledge(segment.ack, trusted);
  }
  // What the acknowledgement sets free was sent before the payload that comes with it.
  receiver.check(moment(other(from), now, at));
  if (!has(segment, net::kRst)) push_payload(segment, from, here);
  half(from).check(here);
  end_if_over(now, at);
  return Verdict::taken;
}

void Connection::on_time(std::int64_t now, PacketRef at) {
  if (ended_) return;
  for (const Direction d : {Direction::client, Direction::server}) half(d).check(moment(d, now, at));
  end_if_over(now, at);
}

std::int64_t Connection::deadline() const {
  if (ended_) return kNever;
  const std::int64_t holes = std::min(halves_[0].deadline(), halves_[1].deadline());
  return reset_ ? std::min(holes, reset_->since + limits_->reset_patience) : holes;
}

void Connection::shrink(std::size_t cost, std::int64_t now, PacketRef at) {
  if (ended_) return;
  for (const Direction d : {Direction::client, Direction::server}) half(d).shrink(cost, moment(d, now, at));
  on_time(now, at);
}

void Connection::end(EndReason reason, std::int64_t now, PacketRef at) {
  if (ended_) return;
  for (const Direction d : {Direction::client, Direction::server}) half(d).flush(moment(d, now, at));
  ended_ = true;
  if (const Reset* const reset = reset_.get()) {
    reason = EndReason::reset;
    at = reset->at;
  }
  if (sink_) sink_->on_end(reason, at, {halves_[0].stats(), halves_[1].stats()});
  sink_.reset();
}

void Connection::stream_data(const HalfStream& from, std::uint64_t offset, ByteView bytes, PacketRef at) {
  open_sink();
  if (keeps_bytes()) sink_->on_data({direction_of(from), offset, bytes, at});
}

void Connection::stream_gap(const HalfStream& from, std::uint64_t offset, std::uint64_t length, PacketRef at,
                            PacketRef cut_in) {
  open_sink();
  if (sink_) sink_->on_gap({direction_of(from), offset, length, at, cut_in});
}

void Connection::stream_end(const HalfStream& from, PacketRef at) {
  const Direction direction = direction_of(from);
  if (sink_) sink_->on_stream_end(direction, at);
}

bool Connection::keeps_bytes() {
  if (!has_sink_) return true;
  if (!counts_only_ && (!sink_ || !sink_->wants_data())) counts_only_ = true;
  return !counts_only_;
}

// Who is client and who is server was guessed from the ports, and the SYN that tells is captured behind the
// data that followed it. Nobody has heard of the guess yet.
void Connection::correct_roles(const Segment& segment) {
  const ConnectionInfo told = describe(segment, info_.first);
  const bool guessed_wrong = !info_.start_captured && !has_sink_ && !ended_ && told.client == info_.server;
  if (!guessed_wrong || info_.client == info_.server) return;
  const Direction from = segment.flow.source == info_.client ? Direction::client : Direction::server;
  if (!half(from).accepts_late_syn(segment.seq) && half(from).known()) return;  // of the next connection
  std::swap(info_.client, info_.server);
  std::swap(halves_[0], halves_[1]);
  if (reset_) reset_->from = other(reset_->from);
}

// RFC 9293 section 3.6.1 (TIME-WAIT): a SYN may open the next connection; everything old is dropped. Data
// beyond all that was captured is not old: the connection's end was none, or the next one's SYN is missing.
Connection::Verdict Connection::push_after_end(const Segment& segment, Direction from) const {
  if (!can_start(segment)) return Verdict::stray;
  if (is_syn(segment)) {
    const bool repeated_answer = has(segment, net::kAck) && half(from).is_isn(segment.seq);
    return repeated_answer ? Verdict::stray : Verdict::begins_next;
  }
  return half(from).is_old(segment.seq, payload_length(segment)) ? Verdict::stray : Verdict::begins_next;
}

Connection::Verdict Connection::push_syn(const Segment& segment, Direction from) {
  HalfStream& sender = half(from);
  if (reset_) return Verdict::begins_next;
  if (sender.is_isn(segment.seq)) {  // repeated, or captured after the answer to it
    if (!has_sink_) info_.start_captured = true;
    return Verdict::taken;
  }
  // Simultaneous open (RFC 9293 section 3.5), or a SYN that was captured after the data that followed it.
  if (!sender.known() || sender.accepts_late_syn(segment.seq)) {
    const bool of_this_one = sender.known() || !half(other(from)).delivered();
    if (!of_this_one) return Verdict::begins_next;
    if (!has_sink_) info_.start_captured = true;
    sender.start_after_syn(segment.seq);
    return Verdict::taken;
  }
  return Verdict::begins_next;
}

Connection::Verdict Connection::push_syn_ack(const Segment& segment, Direction from) {
  HalfStream& sender = half(from);
  HalfStream& receiver = half(other(from));
  if (sender.is_isn(segment.seq)) return Verdict::taken;
  const std::uint32_t answered = segment.ack - 1;
  if (receiver.has_isn() && receiver.is_isn(answered)) {
    // The server may answer a second time with another number, having forgotten the first; only until it has
    // sent data.
    if (sender.delivered() || sender.finished()) return Verdict::stray;
    sender.start_after_syn(segment.seq);
    return Verdict::taken;
  }
  // An answer to a SYN of long ago; its sender will be told so (RFC 9293 section 3.5, figure 9).
  if (receiver.has_isn() && !sender.known()) return Verdict::stray;
  if (!receiver.has_isn() && (!sender.known() || sender.accepts_late_syn(segment.seq)) &&
      (!receiver.known() || receiver.accepts_late_syn(answered))) {
    if (!has_sink_) info_.start_captured = true;
    sender.start_after_syn(segment.seq);
    receiver.start_after_syn(answered);
    return Verdict::taken;
  }
  return Verdict::begins_next;
}

bool Connection::push_reset(const Segment& segment, Direction from, std::int64_t now, PacketRef at) {
  const HalfStream& sender = half(from);
  // RFC 9293 section 3.10.7.3: the answer to a SYN is believed when it acknowledges the SYN.
  const bool refusal =
      !sender.known() && has(segment, net::kAck) && half(other(from)).accepts_ack(segment.ack);
  if (!refusal && !sender.accepts_reset(segment.seq)) return false;
  if (!reset_) {
    const std::uint64_t lacking = sender.bytes_lacking_before(segment.seq);
    reset_ = Reset{from, sender.end_position() + lacking, lacking != 0, now, packets(), at};
  }
  return true;
}

void Connection::push_payload(const Segment& segment, Direction from, const Moment& moment) {
  HalfStream& sender = half(from);
  const bool fin = has(segment, net::kFin);
  if (payload_length(segment) == 0 && !fin) return;
  if (payload_length(segment) != 0 && !std::exchange(has_payload_, true)) info_.first_data = moment.at;
  const auto missing =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(segment.payload_missing, kMaxWindow));
  sender.push({payload_seq(segment), segment.payload, missing, fin}, moment);
  if (reset_ && reset_->from == from && sender.end_position() > reset_->position) reset_.reset();
}

void Connection::end_if_over(std::int64_t now, PacketRef at) {
  if (halves_[0].finished() && halves_[1].finished()) return end(EndReason::fin, now, at);
  if (reset_ && reset_is_final(now)) end(EndReason::reset, now, at);
}

// After a RST its receiver's data may still be on the way, and its sender's may have been overtaken. Where
// nothing of that can come, or nothing came for long enough, the connection is over.
bool Connection::reset_is_final(std::int64_t now) const {
  const bool nothing_sent =
      !has_payload_ && !reset_->overtook_data && halves_[0].complete() && halves_[1].complete();
  const bool all_here =
      !reset_->overtook_data && half(other(reset_->from)).finished() && half(reset_->from).complete();
  return nothing_sent || all_here || now - reset_->since >= limits_->reset_patience ||
         packets() - reset_->since_packets >= limits_->patience_packets;
}

void Connection::open_sink() {
  if (has_sink_) return;
  has_sink_ = true;
  sink_ = (*factory_)(info_);
  if (!sink_) return;
  for (const Direction d : {Direction::client, Direction::server}) {
    if (half(d).finished()) sink_->on_stream_end(d, half(d).finished_at());
  }
}

Moment Connection::moment(Direction sender, std::int64_t now, PacketRef at) const {
  return {now, at, packets(), half(other(sender)).stats().packets};
}

}  // namespace tlspeel::tcp
