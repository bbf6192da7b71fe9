// What comes behind a response of HTTP/1 that switches to another protocol: WebSocket is read as such,
// everything else goes on as opaque turns. Stands between HTTP and the sink to see such a response. One
// thread.
#pragma once

#include <array>
#include <memory>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/http/remainder.hpp"
#include "tlspeel/websocket/websocket.hpp"

#include "opaque_remainder.hpp"

namespace tlspeel::app {

class Upgrades final : public http::Remainder, public event::EventSink {
 public:
  Upgrades(const Options& options, event::EventSink& sink)
      : max_shown_(options.max_body), sink_(sink), opaque_(options, *this) {}

  // What waited behind a hole comes with its own packet, and is complete with the one at hand.
  void emit(PacketRef at, event::Event event) override;

  void push(Direction direction, PacketRef at, ByteView bytes) override;
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void end(Direction direction, PacketRef at) override;
  void turn_over(Direction direction, PacketRef at) override { opaque_.turn_over(direction, at); }
  void finish(PacketRef at);

 private:
  bool is_websocket(Direction direction) const { return websocket_ && !opaque_before_.at(index(direction)); }

  std::uint64_t max_shown_;
  event::EventSink& sink_;
  PacketRef latest_;
  OpaqueRemainder opaque_;
  std::unique_ptr<websocket::WebSocketConnection> websocket_;
  // Bytes of this direction came before the response: where its frames begin nobody knows.
  std::array<bool, 2> opaque_before_{};
};

}  // namespace tlspeel::app
