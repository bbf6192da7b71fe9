// Where the bytes of a connection go that are not HTTP, or no longer. Implementations are single threaded.
#pragma once

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/hole.hpp"

namespace tlspeel::http {

// Takes the bytes that are not HTTP. Views are borrowed for the call only.
class Remainder {
 public:
  virtual ~Remainder() = default;
  virtual void push(Direction direction, PacketRef at, ByteView bytes) = 0;
  virtual void gap(Direction direction, PacketRef at, const event::Hole& hole) = 0;
  virtual void end(Direction direction, PacketRef at) = 0;
  // What was pushed for this direction so far is one piece: the other side spoke, or HTTP goes on here.
  virtual void turn_over(Direction direction, PacketRef at) = 0;
};

}  // namespace tlspeel::http
