// Data of no known protocol: one OpaqueData for each turn, all bytes of one direction until the other
// direction speaks. A hole keeps its place in the turn. The start of a turn is kept for showing, the rest is
// counted.
#pragma once

#include "tlspeel/app/parser.hpp"

namespace tlspeel::app {

class OpaqueParser final : public Parser {
 public:
  OpaqueParser(const Options& options, event::EventSink& sink) : options_(options), sink_(sink) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override;
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void end(Direction direction, PacketRef at) override { turn_over(direction, at); }
  void finish(PacketRef at) override { emit_turn(at); }
  // What this direction sent so far is a turn.
  void turn_over(Direction direction, PacketRef at) {
    if (turn_.direction == direction) emit_turn(at);
  }

 private:
  void emit_turn(PacketRef at);

  Options options_;
  event::EventSink& sink_;
  unsigned turns_ = 0;  // that were emitted; counted as far as names are looked for
  std::string_view protocol_;
  event::OpaqueData turn_;  // size 0: none, or holes alone
};

}  // namespace tlspeel::app
