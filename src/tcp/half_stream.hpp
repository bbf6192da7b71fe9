// One direction of a connection: segments in, contiguous bytes and gaps out. Knows sequence numbers, what the
// receiver acknowledged, and how long it has waited for what is missing; not who is client or server.
// Positions are those of sequence.hpp; what goes out are offsets from the first byte. All waiting is bounded
// by Limits. Single threaded; Output is called from inside the calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/tcp/limits.hpp"
#include "tlspeel/tcp/stream_sink.hpp"

#include "cut_ranges.hpp"
#include "held_bytes.hpp"
#include "sequence.hpp"

namespace tlspeel::tcp {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// The moment of a call.
struct Moment {
  std::int64_t now = 0;                   // CaptureClock
  PacketRef at;                           // the packet being pushed
  std::uint64_t packets = 0;              // of the connection, this one included
  std::uint64_t packets_of_receiver = 0;  // of those: sent by the other side
};

class HalfStream {
 public:
  class Output {
   public:
    virtual void stream_data(const HalfStream& from, std::uint64_t offset, ByteView bytes, PacketRef at) = 0;
    virtual void stream_gap(const HalfStream& from, std::uint64_t offset, std::uint64_t length, PacketRef at,
                            PacketRef cut_in) = 0;
    virtual void stream_end(const HalfStream& from, PacketRef at) = 0;
    virtual bool keeps_bytes() = 0;
    virtual const Limits& limits() const = 0;

   protected:
    ~Output() = default;
  };

  struct Payload {
    std::uint32_t seq = 0;  // of its first byte
    ByteView bytes;
    std::uint32_t missing = 0;  // further bytes that the segment had and the capture has not
    bool fin = false;
  };

  explicit HalfStream(Output& output) : output_(&output) {}

  // The initial sequence number is known; allowed while nothing was delivered.
  void start_after_syn(std::uint32_t isn);
  void push(const Payload& payload, const Moment& moment);
  // beyond_captured: the sender can be trusted to acknowledge what is not in the capture.
  void acknowledge(std::uint32_t ack, bool beyond_captured);
  // Gives up what has been missing for too long. To be called after every packet of the connection and when
  // deadline() has come.
  void check(const Moment& moment);
  std::int64_t deadline() const;
  // Gives up holes from the front until at most `cost` is held.
  void shrink(std::size_t cost, const Moment& moment);
  // Everything that is held goes out, what is missing becomes gaps.
  void flush(const Moment& moment);

  bool known() const { return known_; }      // any sequence number is
  bool started() const { return started_; }  // offset 0 is fixed
  bool delivered() const { return next_ != base_; }
  bool finished() const { return finished_; }  // the FIN and all before it were delivered
  PacketRef finished_at() const { return fin_at_; }
  bool complete() const { return !known_ || (started_ && !waiting()); }
  bool has_isn() const { return has_isn_; }
  bool is_isn(std::uint32_t isn) const;
  // A SYN with this number is this stream's own although data was seen before it.
  bool accepts_late_syn(std::uint32_t isn) const;
  bool accepts_reset(std::uint32_t seq) const;
  // Bytes between the end of what was captured and this number.
  std::uint64_t bytes_lacking_before(std::uint32_t seq) const;
  // Acknowledges something that this direction sent.
  bool accepts_ack(std::uint32_t ack) const;
  // All of it lies before the end of what is known: a late retransmission.
  bool is_old(std::uint32_t seq, std::uint64_t length) const;
  std::uint64_t end_position() const { return end_seen_; }
  std::size_t held() const { return held_.cost(); }
  DirectionStats& stats() { return stats_; }
  const DirectionStats& stats() const { return stats_; }

 private:
  // When to stop waiting for the bytes before `upto`; before started_: since when an earlier segment may
  // come.
  struct HoleClock {
    enum class Mode : std::uint8_t { off, acknowledged, one_sided };
    Mode mode = Mode::off;
    std::uint64_t upto = 0;
    std::int64_t since = 0;
    PacketRef at;  // that told of them
    std::uint64_t since_packets = 0;
    std::uint64_t hole = 0;                 // position of the hole; 0: none
    std::uint64_t packets_of_receiver = 0;  // when that hole was found
  };

  void start_in_the_middle(std::uint32_t seq, const Moment& moment);
  bool start_is_certain(const Moment& moment) const;
  void fix_start();
  void push_before_start(const Payload& payload, const Moment& moment);
  void note_end(std::uint64_t end, bool fin, PacketRef at);
  void note_cut(std::uint64_t position, const Payload& payload, PacketRef at);
  void push_bytes(std::uint64_t position, ByteView bytes, const Moment& moment);
  void hold(std::uint64_t position, ByteView bytes, const Moment& moment);
  bool follow_jump(const Payload& payload, const Moment& moment);
  bool is_keep_alive(std::uint64_t position, std::size_t length) const;
  void deliver(ByteView bytes, std::uint64_t length, PacketRef at);
  void drain();
  // at: what told of missing bytes that nothing of this direction follows.
  void give_up(std::uint64_t upto, PacketRef at);
  void skip_to(std::uint64_t position, PacketRef at);
  PacketRef first_behind(std::uint64_t position, PacketRef at) const;
  void finish_if_done();
  std::uint64_t acknowledged() const;
  const Limits& limits() const { return output_->limits(); }
  bool waiting() const { return end_seen_ > next_ || acknowledged() > next_; }
  bool clock_expired(const Moment& moment) const;
  bool one_sided(const Moment& moment) const;
  void arm(const Moment& moment);

  Output* output_;
  std::uint64_t base_ = 0;      // of offset 0
  std::uint64_t next_ = 0;      // first byte that was not delivered; before started_: the lowest captured one
  std::uint64_t end_seen_ = 0;  // end of all captured segments; never before next_
  std::uint64_t acked_ = 0;     // as last acknowledged; 0: never
  std::uint64_t fin_ = 0;       // position of the FIN; 0: not seen
  PacketRef fin_at_;
  OnDemand<HoleClock> clock_;  // while something is missing
  HeldBytes held_;
  CutRanges cut_;  // beyond next_, and some that were delivered since
  DirectionStats stats_;
  std::uint32_t early_ack_ = 0;   // what the receiver acknowledged before anything of this direction was seen
  std::uint32_t stray_next_ = 0;  // end of the last implausible segment
  std::uint8_t strays_ = 0;       // how many followed one another
  bool known_ = false;
  bool started_ = false;
  bool has_isn_ = false;
  bool has_early_ack_ = false;
  bool finished_ = false;
};

}  // namespace tlspeel::tcp
