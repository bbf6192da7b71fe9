#include "tlspeel/websocket/websocket.hpp"

#include <array>

#include "tlspeel/http/upgrade.hpp"

#include "extensions.hpp"
#include "side.hpp"

namespace tlspeel::websocket {

bool is_opening(const event::HttpMessage& response) {
  return http::switches_to(response, "websocket");
}

class WebSocketConnection::Impl {
 public:
  Impl(const event::HttpMessage& opening, std::uint64_t max_shown, event::EventSink& sink,
       http::Remainder& remainder)
      : shared_{extensions_of(opening.fields), opening.exchange, opening.stream, max_shown, sink, remainder},
        sides_{Side(Direction::client, shared_), Side(Direction::server, shared_)} {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Side& side(Direction direction) { return sides_.at(index(direction)); }

 private:
  Shared shared_;
  std::array<Side, 2> sides_;
};

WebSocketConnection::WebSocketConnection(const event::HttpMessage& opening, std::uint64_t max_shown,
                                         event::EventSink& sink, http::Remainder& remainder)
    : impl_(std::make_unique<Impl>(opening, max_shown, sink, remainder)) {}
WebSocketConnection::~WebSocketConnection() = default;

void WebSocketConnection::push(Direction direction, PacketRef at, ByteView bytes) {
  impl_->side(direction).push(at, bytes);
}
void WebSocketConnection::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  impl_->side(direction).gap(at, hole);
}
void WebSocketConnection::end(Direction direction, PacketRef at) {
  impl_->side(direction).end(at);
}
void WebSocketConnection::finish(PacketRef at) {
  impl_->side(Direction::client).end(at);
  impl_->side(Direction::server).end(at);
}

}  // namespace tlspeel::websocket
