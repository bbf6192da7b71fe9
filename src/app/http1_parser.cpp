#include <memory>

#include "tlspeel/http/http1.hpp"

#include "opaque_parser.hpp"
#include "registry.hpp"

namespace tlspeel::app {
namespace {

// What is not (or no longer) HTTP goes on as opaque turns.
// Most connections say nothing but HTTP: what is opaque has a parser when it is there.
class OpaqueRemainder final : public http::Remainder {
 public:
  OpaqueRemainder(const Options& options, event::EventSink& sink) : options_(options), sink_(sink) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override {
    opaque().push(direction, at, bytes);
  }
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override {
    opaque().gap(direction, at, hole);
  }
  void end(Direction direction, PacketRef at) override {
    if (opaque_) opaque_->end(direction, at);
  }
  void turn_over(Direction direction, PacketRef at) override {
    if (opaque_) opaque_->turn_over(direction, at);
  }
  void finish(PacketRef at) {
    if (opaque_) opaque_->finish(at);
  }

 private:
  OpaqueParser& opaque() {
    if (!opaque_) opaque_ = std::make_unique<OpaqueParser>(options_, sink_);
    return *opaque_;
  }

  Options options_;
  event::EventSink& sink_;
  std::unique_ptr<OpaqueParser> opaque_;
};

class Http1Parser final : public Parser {
 public:
  Http1Parser(const Options& options, event::EventSink& sink)
      : remainder_(options, sink), connection_(options.max_body, sink, remainder_) {}

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
  OpaqueRemainder remainder_;
  http::Http1Connection connection_;
};

}  // namespace

std::unique_ptr<Parser> make_http1_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<Http1Parser>(options, sink);
}

}  // namespace tlspeel::app
