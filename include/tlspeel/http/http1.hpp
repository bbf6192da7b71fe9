// HTTP/1.0 and 1.1 as seen by a bystander (RFC 9110, RFC 9112): both directions of one connection in,
// HttpMessage events out, in order of completion, but a response not before its request; both have the number
// of their exchange. Incremental over any split of the bytes. Bytes that are not HTTP (a tunnel after
// CONNECT, an upgraded protocol, a direction that is malformed, what stands between a hole and the next
// message) go to Remainder. Memory is bounded: head sizes, kept body bytes, waiting requests. No exceptions
// for bad input. One thread.
#pragma once

#include <cstdint>
#include <memory>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/http/body.hpp"
#include "tlspeel/http/remainder.hpp"

namespace tlspeel::http {

class Http1Connection {
 public:
  // sink and remainder must outlive this object.
  Http1Connection(const BodyOptions& bodies, event::EventSink& sink, Remainder& remainder);
  ~Http1Connection();
  Http1Connection(const Http1Connection&) = delete;
  Http1Connection& operator=(const Http1Connection&) = delete;

  void push(Direction direction, PacketRef at, ByteView bytes);
  // A hole in a body keeps its place; where its length is not exact, the body goes on until a message surely
  // begins (message_search.hpp) or its length says that it is over. Behind a hole elsewhere the direction
  // goes to Remainder until a message surely begins.
  void gap(Direction direction, PacketRef at, const event::Hole& hole);
  void end(Direction direction, PacketRef at);
  // Ends both directions; bodies that last until the connection closes count as cut where end() was not
  // called.
  void finish(PacketRef at);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tlspeel::http
