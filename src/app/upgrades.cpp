#include "upgrades.hpp"

#include <utility>

#include "tlspeel/http/upgrade.hpp"
#include "tlspeel/http2/http2.hpp"
#include "tlspeel/websocket/websocket.hpp"

#include "behind.hpp"

namespace tlspeel::app {

void Upgrades::emit(PacketRef at, event::Event&& event) {
  auto* const message = std::get_if<event::HttpMessage>(&event);
  if (message != nullptr && !next_) look(*message);
  if (at.number > latest_.number) latest_ = at;
  sink_.emit(latest_, std::move(event));
}

void Upgrades::look(event::HttpMessage& message) {
  if (message.request) {
    head_ = message.method == "HEAD";
  } else if (websocket::is_opening(message)) {
    next_ = std::make_unique<Behind<Parser, websocket::WebSocketConnection>>(message, options_.max_body,
                                                                             *this, opaque_);
  } else if (http::switches_to(message, "h2c")) {
    // RFC 7540 section 3.2, which RFC 9113 leaves out; some servers still take it.
    const http2::Options options{{options_.max_body, options_.body_pieces},
                                 options_.http2_frames,
                                 http2::Upgraded{message.exchange, head_}};
    next_ = std::make_unique<Behind<Parser, http2::Http2Connection>>(options, *this, opaque_);
    message.interim = true;  // the request is answered in stream 1
  }
}

void Upgrades::push(Direction direction, PacketRef at, ByteView bytes) {
  if (is_read(direction)) return next_->push(direction, at, bytes);
  opaque_before_.at(index(direction)) = true;
  opaque_.push(direction, at, bytes);
}

void Upgrades::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  if (is_read(direction)) return next_->gap(direction, at, hole);
  opaque_before_.at(index(direction)) = true;
  opaque_.gap(direction, at, hole);
}

void Upgrades::end(Direction direction, PacketRef at) {
  if (is_read(direction)) return next_->end(direction, at);
  opaque_.end(direction, at);
}

void Upgrades::finish(PacketRef at) {
  if (next_) next_->finish(at);
  opaque_.finish(at);
}

}  // namespace tlspeel::app
