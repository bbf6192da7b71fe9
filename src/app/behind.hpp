// A connection of some protocol behind an interface that has the same verbs: app::Parser, http2::Tunnel. One
// thread.
#pragma once

#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/hole.hpp"

namespace tlspeel::app {

template <class Interface, class Connection>
class Behind final : public Interface {
 public:
  template <class... Arguments>
  explicit Behind(Arguments&&... arguments) : connection_(std::forward<Arguments>(arguments)...) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override {
    connection_.push(direction, at, bytes);
  }
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override {
    connection_.gap(direction, at, hole);
  }
  void end(Direction direction, PacketRef at) override { connection_.end(direction, at); }
  void finish(PacketRef at) override { connection_.finish(at); }

 private:
  Connection connection_;
};

}  // namespace tlspeel::app
