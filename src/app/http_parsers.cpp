#include <memory>
#include <type_traits>

#include "tlspeel/http/http1.hpp"
#include "tlspeel/http2/http2.hpp"

#include "opaque_remainder.hpp"
#include "registry.hpp"
#include "upgrades.hpp"

namespace tlspeel::app {
namespace {

event::EventSink& events_of(event::EventSink& sink, OpaqueRemainder& /*remainder*/) {
  return sink;
}
event::EventSink& events_of(event::EventSink& /*sink*/, Upgrades& upgrades) {
  return upgrades;
}

template <class Connection>
auto options_of(const Options& options) {
  const http::BodyOptions bodies{options.max_body, options.body_pieces};
  if constexpr (std::is_same_v<Connection, http2::Http2Connection>) {
    return http2::Options{bodies, options.http2_frames};
  } else {
    return bodies;
  }
}

// Connection: what is not HTTP comes back from it, and goes to Rest.
template <class Connection, class Rest>
class HttpParser final : public Parser {
 public:
  HttpParser(const Options& options, event::EventSink& sink)
      : remainder_(options, sink),
        connection_(options_of<Connection>(options), events_of(sink, remainder_), remainder_) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override {
    connection_.push(direction, at, bytes);
  }
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override {
    connection_.gap(direction, at, hole);
  }
  void end(Direction direction, PacketRef at) override { connection_.end(direction, at); }
  void finish(PacketRef at) override {
    connection_.finish(at);
    remainder_.finish(at);
  }

 private:
  Rest remainder_;
  Connection connection_;
};

}  // namespace

std::unique_ptr<Parser> make_http1_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<HttpParser<http::Http1Connection, Upgrades>>(options, sink);
}

std::unique_ptr<Parser> make_http2_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<HttpParser<http2::Http2Connection, OpaqueRemainder>>(options, sink);
}

}  // namespace tlspeel::app
