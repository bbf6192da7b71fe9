#include "half_stream.hpp"

#include <algorithm>

namespace tlspeel::tcp {
namespace {

// A segment so far before what was seen first is not "a moment late": it belongs to something else.
constexpr std::int64_t kMaxBeforeStart = std::int64_t{1} << 20;

// How far beyond the captured bytes a RST is still believed: what one window of lost packets may hide. RFC
// 5961 section 3.2 wants the receiver to believe only the exact number, but an observer that lost packets
// does not know it.
constexpr std::uint64_t kResetWindow = std::uint64_t{1} << 24;

// So many segments that follow one another are the stream itself, far ahead after a long loss.
constexpr std::uint8_t kSegmentsOfAJump = 3;

}  // namespace

void HalfStream::start_after_syn(std::uint32_t isn) {
  const std::uint32_t first = isn + 1;
  if (accepts_late_syn(isn)) {
    base_ = next_ = advance(next_, distance(next_, first));
  } else {
    base_ = next_ = end_seen_ = first_position(first);
    held_.clear();
    cut_.clear();
    fin_ = acked_ = 0;
    clock_.reset();
  }
  known_ = started_ = has_isn_ = true;
  drain();
  finish_if_done();
}

void HalfStream::push(const Payload& payload, const Moment& moment) {
  if (!known_) {
    const bool keep_alive =
        payload.bytes.size() == 1 && !payload.fin && has_early_ack_ && early_ack_ == payload.seq + 1;
    if (keep_alive) return;
    start_in_the_middle(payload.seq, moment);
  }
  if (!started_) return push_before_start(payload, moment);

  if (plausible(distance(next_, payload.seq))) {
    if (!payload.bytes.empty()) strays_ = 0;
  } else if (!follow_jump(payload, moment)) {
    ++stats_.implausible;
    return;
  }
  const std::uint64_t position = advance(next_, distance(next_, payload.seq));
  const std::uint64_t end = position + payload.bytes.size() + payload.missing;
  if (fin_ != 0 && end > fin_) {  // RFC 9293 section 3.10.7.4: after a FIN nothing is sent
    ++stats_.implausible;
    return;
  }
  note_end(end, payload.fin, moment.at);
  note_cut(position, payload, moment.at);
  push_bytes(position, payload.bytes, moment);
  finish_if_done();
}

void HalfStream::acknowledge(std::uint32_t ack, bool beyond_captured) {
  if (!known_) {
    early_ack_ = ack;
    has_early_ack_ = true;
    return;
  }
  const std::int64_t ahead = distance(next_, ack);
  if (!plausible(ahead)) return;
  const std::uint64_t position = advance(next_, ahead);
  if (started_ && position < base_) return;
  if (position > end_seen_ + 1 && !beyond_captured) return;
  // The last one counts, not the highest: a stray acknowledgement from another connection is forgotten with
  // the next real one.
  acked_ = position;
}

void HalfStream::check(const Moment& moment) {
  if (!known_) return;
  if (!started_) {
    if (!start_is_certain(moment)) return;
    fix_start();
  }
  if (held_.cost() > limits().max_buffered) shrink(limits().max_buffered, moment);
  while (waiting()) {
    if (clock_->hole != next_) {
      clock_->hole = next_;
      clock_->packets_of_receiver = moment.packets_of_receiver;
      if (clock_->upto <= next_) clock_->mode = HoleClock::Mode::off;
    }
    if (clock_->mode != HoleClock::Mode::off && clock_expired(moment)) {
      const bool by_ack = clock_->mode == HoleClock::Mode::acknowledged;
      const std::uint64_t upto = by_ack ? std::min(clock_->upto, acknowledged()) : clock_->upto;
      clock_->mode = HoleClock::Mode::off;
      give_up(upto, clock_->at);
    } else if (moment.packets_of_receiver == 0 && held_.cost() > limits().one_sided_max_buffered) {
      shrink(limits().one_sided_max_buffered, moment);
    } else {
      return arm(moment);
    }
  }
  clock_.reset();
}

std::int64_t HalfStream::deadline() const {
  if (!known_) return kNever;
  if (!started_) return clock_->since + limits().start_patience;
  if (!clock_.made()) return kNever;
  switch (clock_->mode) {
    case HoleClock::Mode::acknowledged:
      return clock_->since + limits().hole_patience;
    case HoleClock::Mode::one_sided:
      return clock_->since + limits().one_sided_hole_patience;
    case HoleClock::Mode::off:
      break;
  }
  return kNever;
}

void HalfStream::shrink(std::size_t cost, const Moment& moment) {
  if (held_.cost() <= cost) return;
  if (!started_) fix_start();
  while (held_.cost() > cost) {
    skip_to(held_.first(), moment.at);
    drain();
  }
  finish_if_done();
}

void HalfStream::flush(const Moment& moment) {
  if (!known_) return;
  if (!started_) fix_start();
  const bool known_since = clock_.made() && clock_->mode != HoleClock::Mode::off;
  give_up(std::max(end_seen_, acknowledged()), known_since ? clock_->at : moment.at);
  finish_if_done();
}

bool HalfStream::is_isn(std::uint32_t isn) const {
  return started_ && static_cast<std::uint32_t>(base_) == isn + 1;
}

bool HalfStream::accepts_late_syn(std::uint32_t isn) const {
  if (!known_ || started_) return false;
  const std::int64_t ahead = distance(next_, isn + 1);
  return ahead <= 0 && ahead >= -kMaxBeforeStart;
}

bool HalfStream::accepts_reset(std::uint32_t seq) const {
  if (!known_) return has_early_ack_ && seq == early_ack_;
  const std::uint64_t position = advance(next_, distance(next_, seq));
  // RFC 5961 section 3.2: what the receiver has acknowledged is outside its window.
  const std::uint64_t low = acked_ != 0 ? acked_ : std::max(base_, end_seen_ - kResetWindow);
  return position >= low && position <= std::max(end_seen_, acked_) + kResetWindow;
}

std::uint64_t HalfStream::bytes_lacking_before(std::uint32_t seq) const {
  if (!known_) return 0;
  const std::int64_t fin = fin_ != 0 ? 1 : 0;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, distance(end_seen_, seq) - fin));
}

bool HalfStream::accepts_ack(std::uint32_t ack) const {
  if (!known_) return false;
  const std::uint64_t position = advance(next_, distance(next_, ack));
  return position >= base_ && position <= end_seen_ + 1;
}

bool HalfStream::is_old(std::uint32_t seq, std::uint64_t length) const {
  if (!known_) return false;
  const std::int64_t ahead = distance(end_seen_, seq) + static_cast<std::int64_t>(length);
  return ahead <= 1 && ahead >= -kMaxWindow;
}

void HalfStream::start_in_the_middle(std::uint32_t seq, const Moment& moment) {
  known_ = true;
  base_ = next_ = end_seen_ = first_position(seq);
  clock_->since = moment.now;
  clock_->since_packets = moment.packets;
  if (has_early_ack_ && plausible(distance(next_, early_ack_))) {
    acked_ = advance(next_, distance(next_, early_ack_));
  }
}

// What the receiver has acknowledged is complete, so nothing is on its way before the lowest byte once that
// was acknowledged.
bool HalfStream::start_is_certain(const Moment& moment) const {
  return acked_ >= next_ || moment.now - clock_->since >= limits().start_patience ||
         moment.packets - clock_->since_packets >= limits().start_patience_packets ||
         held_.cost() > limits().one_sided_max_buffered;
}

void HalfStream::fix_start() {
  base_ = next_;
  started_ = true;
  drain();
  finish_if_done();
}

void HalfStream::push_before_start(const Payload& payload, const Moment& moment) {
  const std::int64_t ahead = distance(next_, payload.seq);
  const std::uint64_t position = advance(next_, ahead);
  const bool keep_alive = payload.bytes.size() == 1 && position + 1 == acked_ && position < next_;
  if (keep_alive) return;
  if (ahead < -kMaxBeforeStart || ahead > kMaxWindow) {
    ++stats_.implausible;
    return;
  }
  const std::uint64_t end = position + payload.bytes.size() + payload.missing;
  if (fin_ != 0 && end > fin_) {
    ++stats_.implausible;
    return;
  }
  base_ = next_ = std::min(next_, position);
  note_end(end, payload.fin, moment.at);
  note_cut(position, payload, moment.at);
  if (!payload.bytes.empty()) hold(position, payload.bytes, moment);
}

void HalfStream::note_end(std::uint64_t end, bool fin, PacketRef at) {
  if (fin && fin_ == 0) {
    if (end >= end_seen_) {
      fin_ = end;
      fin_at_ = at;
    } else {
      ++stats_.implausible;  // bytes after it were captured
    }
  }
  end_seen_ = std::max(end_seen_, end);
}

void HalfStream::note_cut(std::uint64_t position, const Payload& payload, PacketRef at) {
  if (payload.missing == 0) return;
  cut_.forget_before(next_);
  const std::uint64_t begin = position + payload.bytes.size();
  cut_.add(std::max(begin, next_), begin + payload.missing, at);
}

void HalfStream::push_bytes(std::uint64_t position, ByteView bytes, const Moment& moment) {
  if (position < next_ && !bytes.empty()) {
    const std::uint64_t old = std::min<std::uint64_t>(bytes.size(), next_ - position);
    if (position < base_) {
      if (!is_keep_alive(position, bytes.size())) ++stats_.implausible;
    } else if (!is_keep_alive(position, bytes.size())) {
      stats_.retransmitted_bytes += old;
    }
    position += old;
    bytes = bytes.subspan(old);
  }
  if (bytes.empty()) return;
  if (position == next_ && (held_.empty() || position + bytes.size() <= held_.first())) {
    deliver(bytes, bytes.size(), moment.at);
  } else {
    if (position > next_) ++stats_.out_of_order;
    hold(position, bytes, moment);
  }
  drain();
}

void HalfStream::hold(std::uint64_t position, ByteView bytes, const Moment& moment) {
  const auto overlap = held_.insert(position, bytes, moment.at, output_->keeps_bytes());
  stats_.retransmitted_bytes += overlap.duplicate;
  stats_.conflicting_bytes += overlap.conflicting;
}

// After a loss of more than the largest window, sequence numbers say nothing about the distance; that several
// segments follow one another there says that the stream went on. The gap is then the shortest possible one.
bool HalfStream::follow_jump(const Payload& payload, const Moment& moment) {
  if (payload.bytes.empty() || finished_) return false;
  const std::uint32_t end = payload.seq + static_cast<std::uint32_t>(payload.bytes.size()) + payload.missing;
  if (strays_ > 0 && end == stray_next_) return false;  // the same packet captured twice
  strays_ =
      strays_ > 0 && payload.seq == stray_next_ ? static_cast<std::uint8_t>(strays_ + 1) : std::uint8_t{1};
  stray_next_ = end;
  if (strays_ < kSegmentsOfAJump) return false;
  strays_ = 0;
  flush(moment);
  if (finished_) return false;
  skip_to(next_ + static_cast<std::uint32_t>(payload.seq - static_cast<std::uint32_t>(next_)), moment.at);
  acked_ = 0;
  return true;
}

// RFC 9293 section 3.8.4: a keep-alive may carry one byte of rubbish just before what the receiver expects.
bool HalfStream::is_keep_alive(std::uint64_t position, std::size_t length) const {
  return length == 1 && position + 1 == next_ && (acked_ == next_ || next_ == base_);
}

void HalfStream::deliver(ByteView bytes, std::uint64_t length, PacketRef at) {
  const std::uint64_t offset = next_ - base_;
  next_ += length;
  end_seen_ = std::max(end_seen_, next_);
  stats_.bytes += length;
  if (!bytes.empty()) output_->stream_data(*this, offset, bytes, at);
}

void HalfStream::drain() {
  while (!held_.empty() && held_.first() == next_) {
    const HeldBytes::Piece piece = held_.take_first();
    deliver(piece.bytes, piece.length, piece.at);
  }
}

void HalfStream::give_up(std::uint64_t upto, PacketRef at) {
  while (next_ < upto && waiting()) {
    const bool held_before = !held_.empty() && held_.first() <= upto;
    skip_to(held_before ? held_.first() : std::min(upto, std::max(end_seen_, acknowledged())), at);
    drain();
  }
  finish_if_done();
}

void HalfStream::skip_to(std::uint64_t position, PacketRef at) {
  while (next_ < position) {
    const CutRanges::Part part = cut_.first_part(next_, position);
    const std::uint64_t offset = next_ - base_;
    const std::uint64_t length = part.end - next_;
    next_ = part.end;
    end_seen_ = std::max(end_seen_, next_);
    stats_.lost_bytes += length;
    const bool cut = part.cut_in.number != 0;
    output_->stream_gap(*this, offset, length, cut ? part.cut_in : first_behind(part.end, at), part.cut_in);
  }
  cut_.forget_before(next_);
}

// The packet that shows that something is missing before `position`.
PacketRef HalfStream::first_behind(std::uint64_t position, PacketRef at) const {
  if (!held_.empty() && held_.first() == position) return held_.first_at();
  const CutRanges::Part next = cut_.first_part(position, position + 1);
  if (next.cut_in.number != 0) return next.cut_in;
  return fin_ != 0 && fin_ == position ? fin_at_ : at;
}

void HalfStream::finish_if_done() {
  if (!started_ || finished_ || fin_ == 0 || next_ != fin_) return;
  finished_ = true;
  output_->stream_end(*this, fin_at_);
}

// End of what the receiver has, without the FIN, which takes a sequence number too (RFC 9293 section 3.4).
// One number beyond all captured bytes may be a FIN that was not captured: no proof of a lost byte.
std::uint64_t HalfStream::acknowledged() const {
  if (fin_ != 0) return std::min(acked_, fin_);
  return acked_ == end_seen_ + 1 ? end_seen_ : acked_;
}

bool HalfStream::clock_expired(const Moment& moment) const {
  if (clock_->mode == HoleClock::Mode::one_sided) {
    return one_sided(moment) && moment.now - clock_->since >= limits().one_sided_hole_patience;
  }
  return moment.now - clock_->since >= limits().hole_patience ||
         moment.packets - clock_->since_packets >= limits().patience_packets;
}

// A receiver answers data beyond a hole at once (RFC 5681 section 4.2); one that said nothing since is not in
// the capture.
bool HalfStream::one_sided(const Moment& moment) const {
  return acknowledged() <= next_ && moment.packets_of_receiver == clock_->packets_of_receiver;
}

void HalfStream::arm(const Moment& moment) {
  const bool by_ack = acknowledged() > next_;
  const auto mode = by_ack              ? HoleClock::Mode::acknowledged
                    : one_sided(moment) ? HoleClock::Mode::one_sided
                                        : HoleClock::Mode::off;
  if (mode == clock_->mode) return;
  clock_->mode = mode;
  clock_->upto = by_ack ? acknowledged() : end_seen_;
  clock_->since = moment.now;
  clock_->at = moment.at;
  clock_->since_packets = moment.packets;
}

}  // namespace tlspeel::tcp
