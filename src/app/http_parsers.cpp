#include <memory>

#include "tlspeel/http/http1.hpp"
#include "tlspeel/http2/http2.hpp"

#include "opaque_remainder.hpp"
#include "registry.hpp"
#include "upgrades.hpp"
#include "websocket_streams.hpp"

namespace tlspeel::app {
namespace {

// A connection, and where goes what is not HTTP in it.
struct Http1 {
  Http1(const Options& options, event::EventSink& sink)
      : rest(options, sink), connection({options.max_body, options.body_pieces}, rest, rest) {}

  Upgrades rest;
  http::Http1Connection connection;
};

struct Http2 {
  Http2(const Options& options, event::EventSink& sink)
      : rest(options, sink),
        web_sockets(options.max_body, sink, rest),
        connection({{options.max_body, options.body_pieces}, options.http2_frames}, sink, rest,
                   &web_sockets) {}

  OpaqueRemainder rest;
  WebSocketStreams web_sockets;
  http2::Http2Connection connection;
};

template <class Http>
class HttpParser final : public Parser {
 public:
  HttpParser(const Options& options, event::EventSink& sink) : http_(options, sink) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override {
    http_.connection.push(direction, at, bytes);
  }
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override {
    http_.connection.gap(direction, at, hole);
  }
  void end(Direction direction, PacketRef at) override { http_.connection.end(direction, at); }
  void finish(PacketRef at) override {
    http_.connection.finish(at);
    http_.rest.finish(at);
  }

 private:
  Http http_;
};

}  // namespace

std::unique_ptr<Parser> make_http1_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<HttpParser<Http1>>(options, sink);
}

std::unique_ptr<Parser> make_http2_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<HttpParser<Http2>>(options, sink);
}

}  // namespace tlspeel::app
