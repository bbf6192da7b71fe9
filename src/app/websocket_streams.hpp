// Streams of HTTP/2 that an extended CONNECT has opened for WebSocket (RFC 8441). One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tlspeel/event/event.hpp"
#include "tlspeel/http/remainder.hpp"
#include "tlspeel/http2/tunnels.hpp"

namespace tlspeel::app {

class WebSocketStreams final : public http2::Tunnels {
 public:
  // What is no frame in them goes to remainder; it and sink must outlive this object and its streams.
  WebSocketStreams(std::uint64_t max_shown, event::EventSink& sink, http::Remainder& remainder)
      : max_shown_(max_shown), sink_(sink), remainder_(remainder) {}

  std::unique_ptr<http2::Tunnel> open(std::string_view protocol, const event::HttpMessage& response) override;

 private:
  std::uint64_t max_shown_;
  event::EventSink& sink_;
  http::Remainder& remainder_;
};

}  // namespace tlspeel::app
