// Who reads the content of streams that speak another protocol than HTTP: what an extended CONNECT opens
// (RFC 8441). Implementations are single threaded.
#pragma once

#include <memory>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/hole.hpp"
#include "tlspeel/event/http_message.hpp"

namespace tlspeel::http2 {

// One such stream. Views are borrowed for the call only.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  virtual void push(Direction direction, PacketRef at, ByteView bytes) = 0;
  virtual void gap(Direction direction, PacketRef at, const event::Hole& hole) = 0;
  virtual void end(Direction direction, PacketRef at) = 0;
  // Both directions are over. The last call.
  virtual void finish(PacketRef at) = 0;
};

class Tunnels {
 public:
  virtual ~Tunnels() = default;
  // response accepts a request for this protocol: "websocket". Null: nobody reads it, and it is shown as
  // bodies.
  virtual std::unique_ptr<Tunnel> open(std::string_view protocol, const event::HttpMessage& response) = 0;
};

}  // namespace tlspeel::http2
