// Hands events on, with the packet at hand. Problems up to a bound: a connection that is wrong throughout
// would have one for every frame. One thread.
#pragma once

#include <string>
#include <utility>

#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/http/body.hpp"

namespace tlspeel::http2 {

class Emitter final : public http::PieceTaker {
 public:
  explicit Emitter(event::EventSink& sink) : sink_(sink) {}

  // The packet that completes what comes next. What waited behind a hole has an earlier one of its own.
  void now(PacketRef at) { now_ = at; }
  PacketRef now() const { return now_; }

  void emit(event::Event&& event) { sink_.emit(now_, std::move(event)); }

  void take_piece(event::BodyPiece piece) override { emit(std::move(piece)); }

  void problem(Direction direction, std::string text) {
    if (problems_ > kMostProblems) return;
    if (++problems_ > kMostProblems)
      text = "there are further problems in this connection, which are not told";
    emit(event::Problem{direction, "http", std::move(text)});
  }

 private:
  // Whoever reads them has seen after a few dozens what is wrong.
  static constexpr int kMostProblems = 64;

  event::EventSink& sink_;
  PacketRef now_;
  int problems_ = 0;
};

}  // namespace tlspeel::http2
