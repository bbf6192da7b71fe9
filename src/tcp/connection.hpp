// Both directions of one connection, from its first packet until it is forgotten: SYN, FIN and RST rules, the
// sink's life, and the question whether a segment belongs here or begins the next connection of the same
// endpoints. Single threaded. Limits and factory must outlive it. It is neither copied nor moved: its halves
// point to it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "tlspeel/base/boxed.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/net/segment.hpp"
#include "tlspeel/tcp/limits.hpp"
#include "tlspeel/tcp/stream_sink.hpp"

#include "half_stream.hpp"

namespace tlspeel::tcp {

class Connection final : private HalfStream::Output {
 public:
  enum class Verdict : std::uint8_t {
    taken,
    stray,        // of no use: late, or of another connection
    begins_next,  // not taken: the caller ends this connection (port_reused) and starts another
  };

  // Only a SYN or payload starts a connection: what is left of one that is over (a late ACK, FIN or RST) must
  // not.
  static bool can_start(const net::Segment& segment);
  static ConnectionInfo describe(const net::Segment& segment, PacketRef at);

  Connection(const Limits& limits, const SinkFactory& factory, ConnectionInfo info);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  // Whether a segment of the same endpoints that came another way (in another tunnel, or in none) is the
  // other side of this connection: nothing was captured of that side so far, and it acknowledges what this
  // one sent.
  bool is_answered_by(const net::Segment& segment) const;
  Verdict push(const net::Segment& segment, std::int64_t now, PacketRef at);
  // When deadline() has come.
  void on_time(std::int64_t now, PacketRef at);
  std::int64_t deadline() const;
  // Stops waiting for holes until at most `cost` bytes are held in each direction.
  void shrink(std::size_t cost, std::int64_t now, PacketRef at);
  // Nothing when it has ended already. A RST that still waits to be believed is the reason then, whatever the
  // caller says.
  void end(EndReason reason, std::int64_t now, PacketRef at);

  bool ended() const { return ended_; }
  bool has_payload() const { return has_payload_; }
  bool had_sink() const { return has_sink_; }
  std::size_t held() const { return halves_[0].held() + halves_[1].held(); }
  std::uint64_t id() const { return info_.id(); }
  std::uint64_t first_packet() const { return info_.first.number; }

 private:
  // A RST that is believed unless its sender goes on.
  struct Reset {
    Direction from = Direction::client;
    std::uint64_t position = 0;  // data beyond it disproves the RST
    bool overtook_data = false;  // its number lies beyond all that was captured
    std::int64_t since = 0;
    std::uint64_t since_packets = 0;
    PacketRef at;
  };

  void stream_data(const HalfStream& from, std::uint64_t offset, ByteView bytes, PacketRef at) override;
  void stream_gap(const HalfStream& from, std::uint64_t offset, std::uint64_t length, PacketRef at,
                  PacketRef cut_in) override;
  void stream_end(const HalfStream& from, PacketRef at) override;
  bool keeps_bytes() override;
  const Limits& limits() const override { return *limits_; }

  void correct_roles(const net::Segment& segment);
  Verdict push_after_end(const net::Segment& segment, Direction from) const;
  Verdict push_syn(const net::Segment& segment, Direction from);
  Verdict push_syn_ack(const net::Segment& segment, Direction from);
  bool push_reset(const net::Segment& segment, Direction from, std::int64_t now, PacketRef at);
  void push_payload(const net::Segment& segment, Direction from, const Moment& moment);
  void end_if_over(std::int64_t now, PacketRef at);
  bool reset_is_final(std::int64_t now) const;
  void open_sink();
  Direction direction_of(const HalfStream& half) const {
    return &half == halves_.data() ? Direction::client : Direction::server;
  }
  HalfStream& half(Direction d) { return halves_[index(d)]; }
  const HalfStream& half(Direction d) const { return halves_[index(d)]; }
  std::uint64_t packets() const { return halves_[0].stats().packets + halves_[1].stats().packets; }
  Moment moment(Direction sender, std::int64_t now, PacketRef at) const;

  const Limits* limits_;
  const SinkFactory* factory_;
  ConnectionInfo info_;
  std::unique_ptr<StreamSink> sink_;
  std::array<HalfStream, 2> halves_;
  Boxed<Reset> reset_;
  bool has_sink_ = false;
  bool counts_only_ = false;
  bool has_payload_ = false;
  bool ended_ = false;
};

}  // namespace tlspeel::tcp
