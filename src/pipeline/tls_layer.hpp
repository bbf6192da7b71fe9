// One TLS connection with everything above it: finds where TLS starts in two byte streams, which are TCP's or
// the plaintext of another TlsLayer, runs tls::Connection, hands its application data to an app::Parser, and
// looks for another TLS connection inside. Emits events of its own layer. What an inner layer finds to be in
// clear is the outer layer's application data; in the outermost one it is told as event::ClearText once TLS
// was found. Lives as long as the TCP connection. Single threaded; may throw what the crypto library throws.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/base/boxed.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/tcp/stream_sink.hpp"
#include "tlspeel/tls/connection.hpp"

#include "clear_talk.hpp"
#include "tls_search.hpp"

namespace tlspeel::pipeline {

// What all layers of a connection share. Outlives them.
class LayerHost {
 public:
  virtual ~LayerHost() = default;
  virtual void emit(std::uint32_t depth, PacketRef at, event::Event&& event) = 0;
  virtual tls::Environment& environment() = 0;
  virtual const app::Options* app_options() const = 0;  // null: application data is not parsed
  virtual bool plaintext_wanted() const = 0;
  virtual ClearTextBudget& clear_text_budget() = 0;
  virtual TlsSearch::Spare& spare_for_searches() = 0;
};

class TlsLayer final : SearchSink, public event::EventSink, public tls::PlaintextSink {
 public:
  // HTTPS proxies in a chain, mail in a tunnel in a tunnel: more than this nobody has.
  static constexpr std::uint32_t kMaxLayers = 4;

  // The outermost. The connection below outlives it.
  TlsLayer(LayerHost& host, const tcp::ConnectionInfo& below);

  void push(Direction direction, PacketRef at, ByteView bytes);
  void hole(Direction direction, PacketRef at, const SearchHole& hole);
  void end(Direction direction, PacketRef at);
  void finish(PacketRef at);
  // After finish(): ConnectionEnd of this layer, those inside first. counts: what TCP counted, by the
  // directions that were pushed.
  void tell_end(event::TcpEnd reason, PacketRef first, PacketRef at,
                const std::array<tcp::DirectionStats, 2>& counts);

  bool found() const { return tls_.has_value(); }
  bool without_tls() const { return search_ && search_->given_up(); }

 private:
  TlsLayer(LayerHost& host, TlsLayer& outer);
  const Endpoint& client() const { return swapped_below_ ? below_->server : below_->client; }
  const Endpoint& server() const { return swapped_below_ ? below_->client : below_->server; }
  // Of what carries an inner layer nothing is missing at the start.
  bool start_captured() const { return outer_ != nullptr || below_->start_captured; }

  // SearchSink
  void clear_bytes(Direction direction, PacketRef at, ByteView bytes) override;
  void clear_hole(Direction direction, PacketRef at, std::uint64_t position, const SearchHole& hole) override;
  void clear_end(Direction direction, PacketRef at) override;
  void tls_found(Direction client, PacketRef hello, PacketRef at) override;
  void tls_starts(Direction direction, PacketRef at, const Start& start) override;
  void tls_bytes(Direction direction, PacketRef at, ByteView bytes) override;
  void tls_hole(Direction direction, PacketRef at, std::uint64_t position, const SearchHole& hole) override;
  void tls_end(Direction direction, PacketRef at) override;

  // event::EventSink and tls::PlaintextSink: what tls::Connection and the parser say
  void emit(PacketRef at, event::Event&& event) override { host_->emit(depth_, at, std::move(event)); }
  void on_plaintext(Direction direction, PacketRef at, ByteView bytes) override;
  void on_plaintext_gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void on_plaintext_end(Direction direction, PacketRef at) override;

  // Application data that is not TLS again.
  void parse(Direction direction, PacketRef at, ByteView bytes);
  void parse_gap(Direction direction, PacketRef at, const event::Hole& hole);
  void parse_end(Direction direction, PacketRef at);
  app::Parser* parser();
  TlsLayer* inner();
  void put_inner_away();
  void go_on(const TlsSearch::Rest& rest);
  void put_search_away();
  ClearTalk* talk();
  void tell_clear(PacketRef at);
  void note_begin(PacketRef at);
  std::array<tcp::DirectionStats, 2> own_counts() const;

  struct Lane {                   // by the directions that are pushed
    std::uint64_t clear = 0;      // bytes before TLS
    std::uint64_t bytes = 0;      // of TLS
    std::uint64_t missing = 0;    // in holes
    std::uint64_t tls_begin = 0;  // offset that tls::Connection counts from
    std::size_t left_out = 0;     // bytes of a cut record, not told yet
  };
  Lane& lane(Direction direction) { return lanes_[index(direction)]; }
  Direction tls_direction(Direction direction) const { return swapped_ ? other(direction) : direction; }
  event::StreamGap tls_gap(Direction direction, std::uint64_t position, const SearchHole& hole) const;

  LayerHost* host_;
  TlsLayer* outer_ = nullptr;
  std::uint32_t depth_ = 0;
  bool swapped_below_ = false;  // inside a layer whose client is not who was taken for it
  bool swapped_ = false;        // who sent the ClientHello is not who was taken for the client
  bool nothing_inside_ = false;
  const tcp::ConnectionInfo* below_;
  std::unique_ptr<TlsSearch> search_;  // null: it is over
  std::unique_ptr<ClearTalk> talk_;    // the outermost layer's, where anything is said in clear
  std::array<Lane, 2> lanes_;
  PacketRef begin_;  // the first packet that said anything of it, number 0: none did
  PacketRef first_;  // of its first byte
  std::optional<tls::Connection> tls_;
  std::unique_ptr<app::Parser> parser_;
  std::unique_ptr<TlsLayer> inner_;
  Boxed<TlsSearch::Rest> inner_at_rest_;            // instead of it, as long as nothing inside looks like TLS
  std::array<std::uint64_t, 2> plaintext_bytes_{};  // by TLS direction
  std::array<Boxed<PacketRef>, 2> plaintext_ended_;  // before there was a parser
};

}  // namespace tlspeel::pipeline
