#include "tlspeel/http/http1.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "exchanges.hpp"
#include "side.hpp"

namespace tlspeel::http {
namespace {

Exchanges::Method method_of(const event::HttpMessage& request) {
  if (request.method == "HEAD") return Exchanges::Method::head;
  if (request.method == "CONNECT") return Exchanges::Method::connect;
  return Exchanges::Method::other;
}

}  // namespace

class Http1Connection::Impl final : public SideOwner, private PieceTaker {
 public:
  Impl(const BodyOptions& bodies, event::EventSink& sink, Remainder& remainder)
      : sink_(sink),
        sides_{Side(Direction::client, bodies.max_shown, bodies.pieces ? this : nullptr, *this, remainder),
               Side(Direction::server, bodies.max_shown, bodies.pieces ? this : nullptr, *this, remainder)} {}

  void push(Direction direction, PacketRef at, ByteView bytes) {
    if (bytes.empty()) return;
    now_ = at;
    if (direction == Direction::client) tell_answer_lost();
    side(direction).push(at, bytes);
  }

  void gap(Direction direction, PacketRef at, const event::Hole& hole) {
    now_ = at;
    side(direction).gap(at, hole);
  }

  void end(Direction direction, PacketRef at) {
    now_ = at;
    tell_answer_lost();
    side(direction).end(at, true);
    if (direction != Direction::server) return;
    exchanges_.responses_ended();
    side(Direction::client).answer_lost(at);
  }

  void finish(PacketRef at) {
    now_ = at;
    tell_answer_lost();
    side(Direction::client).finish(at);
    side(Direction::server).finish(at);
    request_is_told();
  }

  void request_begins(event::HttpMessage& message) override {
    side(Direction::server).other_side_goes_on();
    message.exchange = exchanges_.request(method_of(message), message.first.number);
    request_under_way_ = message.exchange;
    if (exchanges_.overflowed()) {
      problem(Direction::client,
              fmt::format("more than {} requests wait for a response; from here on responses are not paired",
                          grouped(Exchanges::kMaxWaiting)));
    }
  }

  RequestFacts response_begins(event::HttpMessage& message) override {
    // RFC 9110 section 15.2: 101 is the last response in HTTP; every other 1xx comes before the final one.
    message.interim = message.status / 100 == 1 && message.status != 101;
    tell_answer_lost();
    if (!message.interim) side(Direction::client).other_side_goes_on();
    const Exchanges::Answered answered = exchanges_.response(message.interim, message.first.number);
    message.exchange = answered.exchange;
    if (message.note.empty()) message.note = answered.note;
    const bool connect = answered.method == Exchanges::Method::connect;
    connect_refused_ = connect && !message.interim && message.status / 100 != 2;
    return {answered.method == Exchanges::Method::head, connect};
  }

  void message_ends(event::HttpMessage&& message) override {
    const bool response = !message.request;
    // What was switched to has to know of the response that did it.
    const bool to_this = response && request_under_way_ != 0 && message.exchange == request_under_way_;
    const bool early = to_this && message.status != 101;
    const unsigned status = message.status;
    if (early && early_.size() < kMostEarly) {
      early_.push_back(std::move(message));
    } else {
      sink_.emit(now_, event::Event(std::move(message)));
    }
    if (!response) {
      request_is_told();
      side(Direction::server).request_came(now_);
    }
    if (response && std::exchange(connect_refused_, false)) side(Direction::client).connect_refused(now_);
    if (to_this) side(Direction::client).answered(status, now_);
  }

  void protocol_switched() override { side(Direction::client).switch_protocol(now_); }

  bool message_may_begin(Direction direction) const override {
    return direction == Direction::client || exchanges_.response_may_come();
  }

  void problem(Direction direction, std::string text) override {
    sink_.emit(now_, event::Problem{direction, "http", std::move(text)});
  }

  void messages_lost(Direction direction, bool may_resume) override {
    if (direction == Direction::server) answer_lost_ = true;
    if (direction == Direction::client) {
      exchanges_.requests_lost();
    } else if (may_resume) {
      exchanges_.responses_lost();
    } else {
      exchanges_.responses_ended();
    }
  }

 private:
  // Responses that came while their request was under way: 100 and other interim ones, and a final one that
  // did not wait for all of the body (413, 401). A server sends one or two; what a hostile one sends beyond
  // these goes out as it comes.
  static constexpr std::size_t kMostEarly = 16;

  void take_piece(event::BodyPiece piece) override { sink_.emit(now_, std::move(piece)); }

  void request_is_told() {
    request_under_way_ = 0;
    for (event::HttpMessage& message : std::exchange(early_, {}))
      sink_.emit(now_, event::Event(std::move(message)));
  }

  // When one side goes on: not in the midst of what the server's side shows as it is, and before what comes
  // next is paired.
  void tell_answer_lost() {
    if (std::exchange(answer_lost_, false)) side(Direction::client).answer_lost(now_);
  }

  Side& side(Direction direction) { return direction == Direction::client ? sides_.front() : sides_.back(); }

  event::EventSink& sink_;
  Exchanges exchanges_;
  std::uint32_t request_under_way_ = 0;      // its exchange; 0: none
  std::vector<event::HttpMessage> early_{};  // for the end of that request
  PacketRef now_;
  bool connect_refused_ = false;
  bool answer_lost_ = false;
  std::array<Side, 2> sides_;
};

Http1Connection::Http1Connection(const BodyOptions& bodies, event::EventSink& sink, Remainder& remainder)
    : impl_(std::make_unique<Impl>(bodies, sink, remainder)) {}
Http1Connection::~Http1Connection() = default;

void Http1Connection::push(Direction direction, PacketRef at, ByteView bytes) {
  impl_->push(direction, at, bytes);
}
void Http1Connection::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  impl_->gap(direction, at, hole);
}
void Http1Connection::end(Direction direction, PacketRef at) {
  impl_->end(direction, at);
}
void Http1Connection::finish(PacketRef at) {
  impl_->finish(at);
}

}  // namespace tlspeel::http
