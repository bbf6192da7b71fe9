#include "clear_talk.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/app/spoken_protocol.hpp"
#include "tlspeel/http/text_look.hpp"

#include "proxy_header.hpp"

namespace tlspeel::pipeline {

void ClearTalk::push(Direction direction, PacketRef at, ByteView bytes) {
  event::ClearText& turn = turn_of(direction, at);
  std::size_t& kept = kept_[index(direction)];
  const std::size_t room = std::min(kMaxKept - kept, ClearTextBudget::kMax - budget_->used);
  // Only the start of a turn is kept: what is shown has no holes.
  const bool whole_so_far = turn.shown.size() == turn.size;
  const std::size_t size = whole_so_far ? std::min(room, bytes.size()) : 0;
  append(turn.shown, bytes.first(size));
  turn.size += bytes.size();
  kept += size;
  budget_->used += size;
}

event::ClearText& ClearTalk::turn_of(Direction direction, PacketRef at) {
  const auto is_turn = [&](const Entry& entry) {
    const auto* const text = std::get_if<event::ClearText>(&entry.turn);
    return text != nullptr && text->direction == direction;
  };
  if (!turns_.empty() && is_turn(turns_.back())) return std::get<event::ClearText>(turns_.back().turn);
  if (turns_.size() >= kMaxTurns) {
    const auto last = std::find_if(turns_.rbegin(), turns_.rend(), is_turn);
    if (last != turns_.rend()) return std::get<event::ClearText>(last->turn);
  }
  event::ClearText turn;
  turn.direction = direction;
  turn.first = at;
  turns_.push_back({at, std::move(turn)});
  return std::get<event::ClearText>(turns_.back().turn);
}

void ClearTalk::hole(PacketRef at, const event::StreamGap& gap) {
  if (turns_.size() < 2 * kMaxTurns) turns_.push_back({at, gap});
}

void ClearTalk::tell(bool swapped, event::EventSink& sink, PacketRef not_before) {
  if (!told_) protocol_ = app::clear_protocol(said_first(Direction::client), said_first(Direction::server));
  if (!told_) split_proxy_header();
  told_ = true;
  const auto direction = [&](Direction each) { return swapped ? other(each) : each; };
  for (Entry& entry : std::exchange(turns_, {})) {
    const PacketRef at = entry.at.number < not_before.number ? not_before : entry.at;
    if (auto* const gap = std::get_if<event::StreamGap>(&entry.turn)) {
      gap->direction = direction(gap->direction);
      sink.emit(at, *gap);
      continue;
    }
    auto& text = std::get<event::ClearText>(entry.turn);
    text.direction = direction(text.direction);
    if (text.protocol.empty()) text.protocol = protocol_;
    text.text = !text.shown.empty() && http::looks_like_text(text.shown, text.shown.size() < text.size);
    sink.emit(at, std::move(text));
  }
  forget();
}

void ClearTalk::forget() {
  turns_.clear();
  for (std::size_t& kept : kept_) budget_->used -= std::exchange(kept, 0);
}

// The sender of a PROXY header is a proxy; what it puts through follows.
void ClearTalk::split_proxy_header() {
  if (turns_.empty()) return;
  auto* const first = std::get_if<event::ClearText>(&turns_.front().turn);
  if (first == nullptr) return;
  const std::optional<ProxyHeader> header = read_proxy_header(first->shown);
  if (!header) return;
  event::ClearText rest = *first;
  rest.size -= header->size;
  rest.shown.erase(rest.shown.begin(), rest.shown.begin() + static_cast<std::ptrdiff_t>(header->size));
  first->size = header->size;
  first->shown.resize(header->size);
  first->protocol = header->version;
  first->proxied = header->proxied;
  if (rest.size == 0) return;
  const PacketRef at = turns_.front().at;
  turns_.insert(turns_.begin() + 1, {at, std::move(rest)});
}

// The first turn of a direction, without a PROXY header.
ByteView ClearTalk::said_first(Direction direction) const {
  for (const Entry& entry : turns_) {
    const auto* const text = std::get_if<event::ClearText>(&entry.turn);
    if (text == nullptr || text->direction != direction) continue;
    ByteView said = text->shown;
    const std::optional<ProxyHeader> header = read_proxy_header(said);
    if (header) said = said.subspan(header->size);
    if (!said.empty()) return said;
  }
  return {};
}

}  // namespace tlspeel::pipeline
