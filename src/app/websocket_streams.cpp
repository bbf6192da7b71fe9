#include "websocket_streams.hpp"

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/websocket/websocket.hpp"

#include "behind.hpp"

namespace tlspeel::app {

std::unique_ptr<http2::Tunnel> WebSocketStreams::open(std::string_view protocol,
                                                      const event::HttpMessage& response) {
  if (!equals_ignoring_case(protocol, "websocket")) return nullptr;
  return std::make_unique<Behind<http2::Tunnel, websocket::WebSocketConnection>>(response, max_shown_, sink_,
                                                                                 remainder_);
}

}  // namespace tlspeel::app
