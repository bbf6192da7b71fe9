// WebSocket as seen by a bystander (RFC 6455): both directions of a connection that switched to it in,
// WebSocketMessage events out, in order of completion. permessage-deflate (RFC 7692) is undone. Incremental
// over any split of the bytes. A hole inside the payload of a frame keeps its place; behind any other one
// nobody knows where frames begin, and the direction goes to Remainder, as one that is malformed does. Memory
// is bounded: what is shown of a message, and the window of compression. No exceptions for bad input. One
// thread.
#pragma once

#include <cstdint>
#include <memory>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/http/remainder.hpp"

namespace tlspeel::websocket {

// The response to a request switches to WebSocket (RFC 6455 section 4.2.2).
bool is_opening(const event::HttpMessage& response);

class WebSocketConnection {
 public:
  // opening: that response, or one of HTTP/2 (RFC 8441). max_shown: bytes of each message that are kept for
  // showing. sink and remainder must outlive this object.
  WebSocketConnection(const event::HttpMessage& opening, std::uint64_t max_shown, event::EventSink& sink,
                      http::Remainder& remainder);
  ~WebSocketConnection();
  WebSocketConnection(const WebSocketConnection&) = delete;
  WebSocketConnection& operator=(const WebSocketConnection&) = delete;

  void push(Direction direction, PacketRef at, ByteView bytes);
  void gap(Direction direction, PacketRef at, const event::Hole& hole);
  void end(Direction direction, PacketRef at);
  // Ends both directions.
  void finish(PacketRef at);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tlspeel::websocket
