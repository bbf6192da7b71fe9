#include "websocket_streams.hpp"

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/websocket/websocket.hpp"

namespace tlspeel::app {
namespace {

class WebSocketStream final : public http2::Tunnel {
 public:
  WebSocketStream(const event::HttpMessage& opening, std::uint64_t max_shown, event::EventSink& sink,
                  http::Remainder& remainder)
      : connection_(opening, max_shown, sink, remainder) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override {
    connection_.push(direction, at, bytes);
  }
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override {
    connection_.gap(direction, at, hole);
  }
  void end(Direction direction, PacketRef at) override { connection_.end(direction, at); }
  void finish(PacketRef at) override { connection_.finish(at); }

 private:
  websocket::WebSocketConnection connection_;
};

}  // namespace

std::unique_ptr<http2::Tunnel> WebSocketStreams::open(std::string_view protocol,
                                                      const event::HttpMessage& response) {
  if (!equals_ignoring_case(protocol, "websocket")) return nullptr;
  return std::make_unique<WebSocketStream>(response, max_shown_, sink_, remainder_);
}

}  // namespace tlspeel::app
