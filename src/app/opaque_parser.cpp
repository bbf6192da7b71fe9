#include "opaque_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "tlspeel/app/spoken_protocol.hpp"
#include "tlspeel/http/text_look.hpp"

namespace tlspeel::app {
namespace {

constexpr unsigned kNamedBy = 4;  // turns

}  // namespace

void OpaqueParser::push(Direction direction, PacketRef at, ByteView bytes) {
  if (bytes.empty()) return;
  if (turn_.direction != direction) emit_turn(at);
  if (turn_.size == 0) {
    turn_.direction = direction;
    turn_.first = at;
  }
  turn_.size += bytes.size();
  const auto room = static_cast<std::size_t>(options_.max_body - turn_.shown.size());
  append(turn_.shown, bytes.first(std::min(room, bytes.size())));
}

void OpaqueParser::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  if (turn_.direction != direction) emit_turn(at);
  turn_.direction = direction;
  if (turn_.holes.size() < event::kMaxHoles) {
    turn_.holes.push_back({turn_.size, hole});
  } else {
    emit_turn(at);
    turn_.direction = direction;
    turn_.holes.push_back({0, hole});
  }
}

void OpaqueParser::emit_turn(PacketRef at) {
  // Holes alone are what the layers below say.
  if (turn_.size == 0) {
    turn_.holes.clear();
    return;
  }
  const bool cut = turn_.shown.size() < turn_.size;
  turn_.text = !turn_.shown.empty() && http::looks_like_text(turn_.shown, turn_.holes, cut);
  // Greetings come first, or behind them what answers one.
  if (protocol_.empty() && turns_ < kNamedBy) protocol_ = spoken_protocol(turn_.shown);
  turns_ = std::min(turns_ + 1, kNamedBy);
  turn_.protocol = protocol_;
  sink_.emit(at, event::Event(std::exchange(turn_, {})));
}

}  // namespace tlspeel::app
