#include "upgrades.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/http2/http2.hpp"
#include "tlspeel/websocket/websocket.hpp"

namespace tlspeel::app {
namespace {

template <class Connection>
class Switched final : public Parser {
 public:
  template <class... Arguments>
  explicit Switched(Arguments&&... arguments) : connection_(std::forward<Arguments>(arguments)...) {}

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

// RFC 7540 section 3.2, which RFC 9113 leaves out; some servers still take it.
bool switches_to_http2(const event::HttpMessage& response) {
  constexpr unsigned kSwitchingProtocols = 101;
  if (response.request || response.status != kSwitchingProtocols) return false;
  return std::ranges::any_of(response.fields, [](const event::HttpField& field) {
    return equals_ignoring_case(field.name, "Upgrade") && equals_ignoring_case(trim(field.value), "h2c");
  });
}

}  // namespace

void Upgrades::emit(PacketRef at, event::Event event) {
  auto* const message = std::get_if<event::HttpMessage>(&event);
  if (message != nullptr && !next_) look(*message);
  if (at.number > latest_.number) latest_ = at;
  sink_.emit(latest_, std::move(event));
}

void Upgrades::look(event::HttpMessage& message) {
  if (message.request) {
    head_ = message.method == "HEAD";
  } else if (websocket::is_opening(message)) {
    next_ = std::make_unique<Switched<websocket::WebSocketConnection>>(message, options_.max_body, *this,
                                                                       opaque_);
  } else if (switches_to_http2(message)) {
    const http2::Options options{{options_.max_body, options_.body_pieces},
                                 options_.http2_frames,
                                 http2::Upgraded{message.exchange, head_}};
    next_ = std::make_unique<Switched<http2::Http2Connection>>(options, *this, opaque_);
    message.interim = true;  // the request is answered in stream 1
  }
}

void Upgrades::push(Direction direction, PacketRef at, ByteView bytes) {
  if (is_read(direction)) return next_->push(direction, at, bytes);
  opaque_before_.at(index(direction)) = true;
  opaque_.push(direction, at, bytes);
}

void Upgrades::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  if (is_read(direction)) return next_->gap(direction, at, hole);
  opaque_before_.at(index(direction)) = true;
  opaque_.gap(direction, at, hole);
}

void Upgrades::end(Direction direction, PacketRef at) {
  if (is_read(direction)) return next_->end(direction, at);
  opaque_.end(direction, at);
}

void Upgrades::finish(PacketRef at) {
  if (next_) next_->finish(at);
  opaque_.finish(at);
}

}  // namespace tlspeel::app
