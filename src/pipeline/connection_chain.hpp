// The one place where the layers of a connection are tied together: TCP's bytes go to the TLS detector, then
// to tls::Connection, its application data to an app::Parser, and all their events into the worker's list.
// Lives from a connection's first byte to its end. Single threaded. Nothing that a layer throws (the crypto
// library failed, no memory) leaves it: the connection is given up with a Problem event and the run goes on.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/tcp/stream_sink.hpp"
#include "tlspeel/tls/connection.hpp"
#include "tlspeel/tls/detector.hpp"

#include "batch.hpp"

namespace tlspeel::pipeline {

// What the chains of one worker share. Outlives them.
struct ChainContext {
  tls::Environment environment;
  app::Options app;
  bool application_data = true;
  bool plaintext = false;
  std::vector<Emitted>* results = nullptr;  // of the batch being worked on
  std::uint64_t connections_without_tls = 0;
};

class ConnectionChain final : public tcp::StreamSink, public event::EventSink, public tls::PlaintextSink {
 public:
  ConnectionChain(ChainContext& context, const tcp::ConnectionInfo& info);

  void on_data(const tcp::StreamChunk& chunk) override;
  void on_gap(const tcp::StreamGap& gap) override;
  void on_stream_end(Direction direction, PacketRef at) override;
  void on_end(tcp::EndReason reason, PacketRef at, const std::array<tcp::DirectionStats, 2>& stats) override;
  bool wants_data() const override { return state_ != State::not_tls; }

 private:
  enum class State : std::uint8_t { detecting, tls, not_tls };

  // One direction until it is known where its first TLS record begins.
  struct Lane {
    struct Piece {
      std::size_t size = 0;
      PacketRef at;
    };
    Bytes prefix;
    std::vector<Piece> pieces;
    std::vector<tcp::StreamGap> gaps;  // met before TLS was found
    unsigned attempts = 0;
    bool started = false;        // its bytes go to tls::Connection
    bool start_captured = true;  // offset 0 is the first byte that was sent
  };

  void detect(Direction tcp_direction, const tcp::StreamChunk& chunk);
  void found_tls(Direction tcp_direction, tls::Detection detection, PacketRef at);
  void start_lane(Direction tcp_direction, const tls::Detection& detection, PacketRef at);
  void give_up_detecting();
  void start_late_lane(Direction tcp_direction, PacketRef at);
  void emit_end(tcp::EndReason reason, PacketRef at, const std::array<tcp::DirectionStats, 2>& stats);
  app::Parser* parser();
  template <class Work>
  void guarded(PacketRef at, Work work);

  // event::EventSink and tls::PlaintextSink: what the layers above TCP say
  void emit(PacketRef at, event::Event event) override;
  void on_plaintext(Direction direction, PacketRef at, ByteView bytes) override;
  void on_plaintext_gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void on_plaintext_end(Direction direction, PacketRef at) override;

  Direction tls_direction(Direction tcp_direction) const {
    return swapped_ ? other(tcp_direction) : tcp_direction;
  }
  event::StreamGap tls_gap(const tcp::StreamGap& gap) const {
    return {tls_direction(gap.direction), gap.offset, gap.length, gap.cut_in.number};
  }
  Lane& lane(Direction tcp_direction) { return lanes_[index(tcp_direction)]; }

  ChainContext* context_;
  tcp::ConnectionInfo info_;
  State state_ = State::detecting;
  bool swapped_ = false;  // who sent the ClientHello is not who TCP took for the client
  bool failed_ = false;
  std::array<Lane, 2> lanes_;  // by TCP direction
  std::unique_ptr<tls::Connection> tls_;
  std::unique_ptr<app::Parser> parser_;
  std::array<std::uint64_t, 2> plaintext_bytes_{};  // by TLS direction
  std::array<std::optional<PacketRef>, 2> plaintext_ended_;
  std::uint64_t ordinal_ = 0;
};

}  // namespace tlspeel::pipeline
