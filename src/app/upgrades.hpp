// What comes behind a response of HTTP/1 that switches to another protocol: WebSocket and HTTP/2 (h2c) are
// read as such, everything else goes on as opaque turns. Stands between HTTP and the sink to see such a
// response. One thread.
#pragma once

#include <array>
#include <memory>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/http/remainder.hpp"

#include "opaque_remainder.hpp"

namespace tlspeel::app {

class Upgrades final : public http::Remainder, public event::EventSink {
 public:
  Upgrades(const Options& options, event::EventSink& sink)
      : options_(options), sink_(sink), opaque_(options, *this) {}

  // What waited behind a hole comes with its own packet, and is complete with the one at hand.
  void emit(PacketRef at, event::Event&& event) override;

  void push(Direction direction, PacketRef at, ByteView bytes) override;
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void end(Direction direction, PacketRef at) override;
  void turn_over(Direction direction, PacketRef at) override { opaque_.turn_over(direction, at); }
  void finish(PacketRef at);

 private:
  void look(event::HttpMessage& message);
  bool is_read(Direction direction) const { return next_ && !opaque_before_.at(index(direction)); }

  Options options_;
  event::EventSink& sink_;
  PacketRef latest_;
  OpaqueRemainder opaque_;
  bool head_ = false;             // the latest request's method is HEAD
  std::unique_ptr<Parser> next_;  // of the protocol that was switched to; null: none, or an unknown one
  // Bytes of this direction came before the response: where its frames begin nobody knows.
  std::array<bool, 2> opaque_before_{};
};

}  // namespace tlspeel::app
