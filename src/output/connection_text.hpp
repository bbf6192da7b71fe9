// The events of one connection become blocks of text: a handshake, an exchange, a turn of opaque data, a few
// lines about trouble. Blocks wait here in the order in which they began until the writer takes them. Single
// threaded.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/event/event.hpp"

#include "output/explain.hpp"
#include "output/lines.hpp"

namespace tlspeel::output {

enum class BlockKind : std::uint8_t { handshake, line, exchange, opaque };

struct Block {
  BlockKind kind = BlockKind::line;
  Lines lines;
  bool complete = true;
  std::uint64_t packet = 0;  // of its first line
};

class ConnectionText {
 public:
  ConnectionText(const TextOptions& options, std::uint64_t number, const event::ConnectionStart& start,
                 PacketRef at);

  void add(PacketRef at,
           const event::Event& event);  // anything but ConnectionStart and the events of the run

  // "#1  192.0.2.7:51234 -> 198.51.100.4:443   TLS 1.2  TLS_RSA_...   opened with server.key" as far as it is
  // known by now.
  std::string heading(bool continued) const;

  // The complete blocks, in the order in which they were completed (Order::time) or began
  // (Order::connection).
  std::list<Block> take_complete();
  // Everything; what is not complete will not become so (at the connection's end, or because memory is
  // short).
  std::list<Block> take_all();
  bool has_waiting() const { return !waiting_.empty(); }
  std::size_t waiting_bytes() const { return waiting_bytes_; }

 private:
  using BlockPosition = std::list<Block>::iterator;

  void on(PacketRef at, const event::TlsMessage& message);
  void on(PacketRef at, const event::KeysEstablished& keys);
  void on(PacketRef at, const event::SecretsRecovered& secrets);
  void on(PacketRef at, const event::Closed& closed);
  void on(PacketRef at, const event::HandshakeEnd& end);
  void on(PacketRef at, const event::StreamGap& gap);
  void on(PacketRef at, const event::Resumed& resumed);
  void on(PacketRef at, const event::Problem& problem);
  void on(PacketRef at, const event::HttpMessage& message);
  void on(PacketRef at, const event::WebSocketMessage& message);
  void on(PacketRef at, const event::HttpGoaway& goaway);
  void on(PacketRef at, const event::HttpFrame& frame);
  void on(PacketRef at, const event::OpaqueData& data);
  void on(PacketRef at, const event::ClearText& text);
  void on(PacketRef at, const event::ConnectionEnd& end);
  // Not of a connection, or of no interest to text.
  void on(PacketRef /*at*/, const event::ConnectionStart& /*start*/) {}
  void on(PacketRef /*at*/, const event::Plaintext& /*data*/) {}
  void on(PacketRef /*at*/, const event::PlaintextGap& /*gap*/) {}
  void on(PacketRef /*at*/, const event::BodyPiece& /*piece*/) {}
  void on(PacketRef /*at*/, const event::LeftOut& /*exchange*/) {}
  void on(PacketRef /*at*/, const event::CaptureProblem& /*problem*/) {}
  void on(PacketRef /*at*/, const event::RunSummary& /*summary*/) {}

  void learn(const event::TlsMessage& message);
  void learn(Direction direction, bool encrypted, const event::Alert& alert);
  std::pair<Ink, std::string> status() const;
  void add_notice(PacketRef at, Ink ink, std::string_view first, std::string_view second = {});
  BlockPosition open_handshake(PacketRef at);
  void end_handshake();
  BlockPosition begin_block(BlockKind kind, PacketRef at);
  void complete(BlockPosition block);
  // Runs append(lines) on a block and keeps the account of waiting bytes.
  template <class Append>
  void append_to(BlockPosition block, Append append);

  const TextOptions* options_;
  std::uint64_t number_;
  std::int64_t start_ns_;
  Endpoint client_, server_;
  std::uint64_t inside_ = 0;  // number of the connection in which it is; 0: none

  std::list<Block> waiting_;
  std::list<Block> ready_;  // Order::time only
  std::size_t waiting_bytes_ = 0;
  std::optional<BlockPosition> handshake_;
  bool handshake_explained_ = false;                            // why it has no end was told in it
  std::unique_ptr<HandshakeStory> story_;                       // --explain, while a handshake is going on
  OnDemand<std::map<std::uint32_t, BlockPosition>> exchanges_;  // that are under way

  // What the heading says.
  std::optional<event::CodePoint> version_, cipher_suite_;
  std::string opened_with_;
  OnDemand<std::string> refusal_;  // "server: handshake_failure", of a fatal alert in the clear
  std::optional<event::ConnectionOutcome> outcome_;
  std::optional<event::ClosedCause> cause_;

  struct Gaps {
    std::uint64_t all = 0;
    std::uint64_t not_told = 0;
    std::uint64_t bytes_not_told = 0;
  };
  OnDemand<Gaps> gaps_;

  // Of the latest ClientHello, until it is answered: to see a session resumed.
  Bytes offered_session_id_;
};

}  // namespace tlspeel::output
