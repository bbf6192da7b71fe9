// HTTP/2 as seen by a bystander (RFC 9113): both directions of one connection in, HttpMessage events out, in
// order of completion, with the requests and responses of a stream paired by exchange number; HttpGoaway
// where a side says so, and HttpFrame. Incremental over any split of the bytes. A direction that is not
// HTTP/2 goes to Remainder. Memory is bounded: header blocks and their tables, streams, kept bodies. No
// exceptions for bad input. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/http/body.hpp"
#include "tlspeel/http/remainder.hpp"
#include "tlspeel/http2/tunnels.hpp"

namespace tlspeel::http2 {

// RFC 7540 section 3.2: HTTP/1.1 switched to it, and stream 1 is the answer to the request that asked for
// that.
struct Upgraded {
  std::uint32_t exchange = 0;  // of that request
  bool head = false;           // its method was HEAD
};

struct Options {
  http::BodyOptions bodies;
  bool frames = false;                 // HttpFrame events are wanted
  std::optional<Upgraded> upgraded{};  // nullopt: the connection begins with HTTP/2
};

class Http2Connection {
 public:
  // sink, remainder and tunnels (null: there are none) must outlive this object.
  Http2Connection(const Options& options, event::EventSink& sink, http::Remainder& remainder,
                  Tunnels* tunnels = nullptr);
  ~Http2Connection();
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  void push(Direction direction, PacketRef at, ByteView bytes);
  // A hole inside one frame keeps its place. Behind any other one a frame is read when one surely begins, and
  // fields that refer to what was lost are named as unknown.
  void gap(Direction direction, PacketRef at, const event::Hole& hole);
  void end(Direction direction, PacketRef at);
  // Ends both directions; messages that are under way are told as far as they came.
  void finish(PacketRef at);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tlspeel::http2
