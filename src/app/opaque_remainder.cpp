#include "opaque_remainder.hpp"

namespace tlspeel::app {

void OpaqueRemainder::push(Direction direction, PacketRef at, ByteView bytes) {
  opaque().push(direction, at, bytes);
}

void OpaqueRemainder::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  opaque().gap(direction, at, hole);
}

void OpaqueRemainder::end(Direction direction, PacketRef at) {
  if (opaque_) opaque_->end(direction, at);
}

void OpaqueRemainder::finish(PacketRef at) {
  if (opaque_) opaque_->finish(at);
}

OpaqueParser& OpaqueRemainder::opaque() {
  if (!opaque_) opaque_ = std::make_unique<OpaqueParser>(options_, sink_);
  return *opaque_;
}

}  // namespace tlspeel::app
