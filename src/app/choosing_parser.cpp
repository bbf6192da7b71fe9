#include "choosing_parser.hpp"

#include <algorithm>
#include <utility>

namespace tlspeel::app {
namespace {

// No row needs more than a long request line to decide.
constexpr std::size_t kMaxUndecided = 16384;
// Pieces, gaps and ends that are kept before the choice: the same bound for what costs more than its bytes.
constexpr std::size_t kMaxPieces = 1024;

struct Choice {
  const Protocol* protocol = nullptr;  // null: none
  bool open = false;                   // more bytes may tell
  bool in_sight = false;               // one is it, unless a row further up turns out to be
};

// In a connection that begins late: rows that know themselves by their middle. Their waiting keeps nobody
// else from being the one.
Choice choice_in_the_middle(Direction direction, ByteView bytes) {
  Choice choice;
  for (const Protocol& protocol : protocols()) {
    const Verdict verdict =
        protocol.goes_on_in == nullptr || bytes.empty() ? Verdict::no : protocol.goes_on_in(direction, bytes);
    if (verdict == Verdict::yes) choice.protocol = &protocol;
    if (verdict == Verdict::yes) break;
    choice.open = choice.open || verdict == Verdict::need_more;
  }
  return choice;
}

Choice choice_of(Direction direction, ByteView first) {
  Choice choice;
  for (const Protocol& protocol : protocols()) {
    switch (protocol.looks_like(direction, first)) {
      case Verdict::yes:
        // A row further up that still waits for bytes may turn out to be the one.
        if (choice.open) {
          choice.in_sight = true;
        } else {
          choice.protocol = &protocol;
        }
        return choice;
      case Verdict::need_more:
        choice.open = true;
        break;
      case Verdict::no:
        break;
    }
  }
  return choice;
}

}  // namespace

void ChoosingParser::push(Direction direction, PacketRef at, ByteView bytes) {
  if (chosen_) return chosen_->push(direction, at, bytes);
  if (bytes.empty()) return;
  // Nearly always the first bytes tell.
  if (!undecided_.made() && bytes.size() <= kMaxUndecided) {
    const Choice choice = choice_of(direction, bytes);
    if (choice.protocol != nullptr) {
      choose(choice.protocol->make(options_, sink_), at);
      return chosen_->push(direction, at, bytes);
    }
  }
  Bytes& first = undecided_->first_bytes.at(index(direction));
  const std::size_t room = kMaxUndecided - first.size();
  const ByteView looked_at = bytes.first(std::min(room, bytes.size()));
  append(first, looked_at);
  keep(direction, at, looked_at);
  look(direction, at);
  if (chosen_) chosen_->push(direction, at, bytes.subspan(looked_at.size()));
}

void ChoosingParser::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  if (chosen_) return chosen_->gap(direction, at, hole);
  undecided_->held.push_back({Kind::gap, direction, at, {}, hole});
  // The bytes behind a hole are not the continuation of those before it, so what was undecided stays
  // undecided.
  if (!undecided_->first_bytes.at(index(direction)).empty()) choose(make_opaque_parser(options_, sink_), at);
}

void ChoosingParser::end(Direction direction, PacketRef at) {
  if (chosen_) return chosen_->end(direction, at);
  undecided_->held.push_back({Kind::end, direction, at, {}, {}});
}

void ChoosingParser::finish(PacketRef at) {
  if (!chosen_) choose(make_opaque_parser(options_, sink_), at);
  chosen_->finish(at);
}

void ChoosingParser::LaterSink::emit(PacketRef at, event::Event&& event) {
  sink_.emit(at.number < not_before.number ? not_before : at, std::move(event));
}

void ChoosingParser::keep(Direction direction, PacketRef at, ByteView bytes) {
  const bool same_piece = !undecided_->held.empty() && undecided_->held.back().kind == Kind::bytes &&
                          undecided_->held.back().direction == direction && undecided_->held.back().at == at;
  if (!same_piece) undecided_->held.push_back({Kind::bytes, direction, at, {}, {}});
  append(undecided_->held.back().bytes, bytes);
}

// Bytes are missing before the first that came.
bool ChoosingParser::begins_late() const {
  return std::ranges::any_of(undecided_->held, [](const Held& held) { return held.kind == Kind::gap; });
}

void ChoosingParser::look(Direction direction, PacketRef at) {
  const ByteView first = undecided_->first_bytes.at(index(direction));
  Choice choice = choice_of(direction, first);
  if (choice.protocol == nullptr && begins_late()) {
    const Choice middle = choice_in_the_middle(direction, first);
    const Direction there = other(direction);
    choice.protocol = middle.protocol;
    choice.open = choice.open || middle.open ||
                  choice_in_the_middle(there, undecided_->first_bytes.at(index(there))).open;
  }
  if (choice.protocol != nullptr) return choose(choice.protocol->make(options_, sink_), at);
  if (choice.in_sight) return;
  const bool full = first.size() >= kMaxUndecided || undecided_->held.size() >= kMaxPieces;
  if (!choice.open || full) choose(make_opaque_parser(options_, sink_), at);
}

void ChoosingParser::choose(std::unique_ptr<Parser> parser, PacketRef at) {
  sink_.not_before = at;
  chosen_ = std::move(parser);
  if (!undecided_.made()) return;
  for (const Held& held : std::exchange(undecided_->held, {})) {
    switch (held.kind) {
      case Kind::bytes:
        chosen_->push(held.direction, held.at, held.bytes);
        break;
      case Kind::gap:
        chosen_->gap(held.direction, held.at, held.hole);
        break;
      case Kind::end:
        chosen_->end(held.direction, held.at);
        break;
    }
  }
  undecided_.reset();
}

}  // namespace tlspeel::app
