// Turns what one TLS connection carried into events: HTTP messages where it is HTTP, opaque turns where it is
// not. Bytes come in order per direction, and the directions in the order in which their bytes were opened.
// Views are borrowed for the call only. Every event is emitted with the packet of the call that completed it,
// so their order is that of completion. Memory is bounded per connection. Nothing fails: what cannot be
// parsed becomes a Problem event and is shown as it is. One object belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::app {

struct Options {
  std::uint64_t max_body = 65536;  // bytes of a body or of an opaque turn that are kept for showing
  bool body_pieces = false;        // BodyPiece events are wanted
  bool http2_frames = false;       // HttpFrame events are wanted
};

class Parser {
 public:
  virtual ~Parser() = default;
  virtual void push(Direction direction, PacketRef at, ByteView bytes) = 0;
  // Bytes of this direction that were not captured or could not be opened.
  virtual void gap(Direction direction, PacketRef at, const event::Hole& hole) = 0;
  // close_notify, FIN, or nothing more can come.
  virtual void end(Direction direction, PacketRef at) = 0;
  // The connection is over: flushes everything. The last call.
  virtual void finish(PacketRef at) = 0;
};

// Chooses by the negotiated ALPN protocol (empty: none) or, where no parser knows that, by the first bytes;
// opaque otherwise. options are copied; sink must outlive the parser.
std::unique_ptr<Parser> make_parser(std::string_view alpn, const Options& options, event::EventSink& sink);

}  // namespace tlspeel::app
