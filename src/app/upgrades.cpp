#include "upgrades.hpp"

#include <utility>

namespace tlspeel::app {

void Upgrades::emit(PacketRef at, event::Event event) {
  const auto* const message = std::get_if<event::HttpMessage>(&event);
  if (message != nullptr && !websocket_ && websocket::is_opening(*message))
    websocket_ = std::make_unique<websocket::WebSocketConnection>(*message, max_shown_, *this, opaque_);
  if (at.number > latest_.number) latest_ = at;
  sink_.emit(latest_, std::move(event));
}

void Upgrades::push(Direction direction, PacketRef at, ByteView bytes) {
  if (is_websocket(direction)) return websocket_->push(direction, at, bytes);
  opaque_before_.at(index(direction)) = true;
  opaque_.push(direction, at, bytes);
}

void Upgrades::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  if (is_websocket(direction)) return websocket_->gap(direction, at, hole);
  opaque_before_.at(index(direction)) = true;
  opaque_.gap(direction, at, hole);
}

void Upgrades::end(Direction direction, PacketRef at) {
  if (is_websocket(direction)) return websocket_->end(direction, at);
  opaque_.end(direction, at);
}

void Upgrades::finish(PacketRef at) {
  if (websocket_) websocket_->finish(at);
  opaque_.finish(at);
}

}  // namespace tlspeel::app
