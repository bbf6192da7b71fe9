#include "opaque_parser.hpp"
#include "registry.hpp"

namespace tlspeel::app {
namespace {

// HTTP/2 is recognised and named; its frames go on as opaque turns.
class Http2Parser final : public Parser {
 public:
  Http2Parser(const Options& options, event::EventSink& sink) : sink_(sink), opaque_(options, sink) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override {
    if (bytes.empty()) return;
    say_once(at);
    opaque_.push(direction, at, bytes);
  }
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override {
    opaque_.gap(direction, at, hole);
  }
  void end(Direction direction, PacketRef at) override { opaque_.end(direction, at); }
  void finish(PacketRef at) override { opaque_.finish(at); }

 private:
  void say_once(PacketRef at) {
    if (said_) return;
    said_ = true;
    sink_.emit(at, event::Problem{std::nullopt, "http",
                                  "HTTP/2 is not dissected; its frames are shown as they are"});
  }

  event::EventSink& sink_;
  OpaqueParser opaque_;
  bool said_ = false;
};

}  // namespace

std::unique_ptr<Parser> make_http2_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<Http2Parser>(options, sink);
}

}  // namespace tlspeel::app
