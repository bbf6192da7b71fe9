#include "tls_search.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/tls/record.hpp"

namespace tlspeel::pipeline {

TlsSearch::TlsSearch(SearchSink& sink, bool start_captured, bool late_records, Spare& spare)
    : sink_(&sink), spare_(&spare), late_records_(late_records) {
  for (Lane& each : lanes_) each.start_captured = start_captured;
}

void TlsSearch::push(Direction direction, PacketRef at, ByteView bytes) {
  if (bytes.empty()) return;
  Lane& to = lane(direction);
  const std::uint64_t begin = std::exchange(to.size, to.size + bytes.size());
  if (given_up_) return sink_->clear_bytes(direction, at, bytes);
  if (to.phase == Phase::tls) return sink_->tls_bytes(direction, at, bytes);
  to.heard = true;
  borrow(to);
  append(to.buffer, bytes);
  pieces_.push_back({PieceKind::bytes, direction, at, begin, to.size, begin + to.missing, {}});
  look(at);
  deliver();
}

void TlsSearch::hole(Direction direction, PacketRef at, const SearchHole& hole) {
  Lane& to = lane(direction);
  const std::uint64_t position = to.size + to.missing;
  to.missing += hole.length;
  if (given_up_) return sink_->clear_hole(direction, at, position, hole);
  if (to.phase == Phase::tls) return sink_->tls_hole(direction, at, position, hole);
  const bool opening = to.phase == Phase::opening;
  if ((opening && late_records_) || candidate_ || found_) remember_hole(to, at, position, hole);
  if (opening && late_records_) {
    // What is behind the hole may begin anywhere in a record.
    drop_pieces(direction);
    to.start_captured = false;
  } else if (opening) {
    to.phase = Phase::clear;
  }
  if (candidate_ && candidate_->from == direction) {
    candidate_->cut = true;
  } else if (candidate_) {
    candidate_->answer = to.size;
  } else if (!found_) {
    cut_hello(direction, to.missing - hole.length);
  }
  to.waiting.clear();
  to.searched = to.size;
  if (to.phase == Phase::clear && !candidate_ && !found_) to.decided = to.size;
  pieces_.push_back({PieceKind::hole, direction, at, to.size, to.size, position, hole});
  deliver();
}

// The first of several is told: it is where the hello was.
void TlsSearch::remember_hole(Lane& in, PacketRef at, std::uint64_t position, const SearchHole& hole) {
  if (!in.hole) in.hole = HelloHole{hole, 0, position, at};
  in.hole->place = in.size;
}

// A hole in what is a hello by all that is there. `missing`: in holes before it.
void TlsSearch::cut_hello(Direction direction, std::uint64_t missing) {
  const Lane& from = lane(direction);
  if (from.waiting.empty() || !from.waiting.front().likely) return;
  const Waiting cut = from.waiting.front();
  make_candidate(direction, cut, from.size, tls::Detection::Start::client_hello);
  candidate_->missing = missing;
  candidate_->cut = true;
}

void TlsSearch::end(Direction direction, PacketRef at) {
  Lane& to = lane(direction);
  if (given_up_) return sink_->clear_end(direction, at);
  if (to.phase == Phase::tls) return sink_->tls_end(direction, at);
  borrow(to);
  pieces_.push_back({PieceKind::end, direction, at, to.size, to.size, to.size + to.missing, {}});
  deliver();
}

void TlsSearch::finish(PacketRef at) {
  if (given_up_) return;
  if (candidate_ && counts_without_answer()) commit(std::nullopt, at);
  if (!found_) return give_up();
  for (const Direction each : {Direction::client, Direction::server}) {
    Lane& open = lane(each);
    if (open.phase == Phase::opening && open.delivered < open.size)
      start(each, {tls::Detection::Verdict::tls, tls::Detection::Start::middle, 0}, open.delivered,
            open.missing);
    open.decided = open.size;
  }
  deliver();
}

// `missing`: bytes in holes before that place.
void TlsSearch::start(Direction direction, const tls::Detection& detection, std::uint64_t place,
                      std::uint64_t missing) {
  Lane& from = lane(direction);
  from.phase = Phase::tls;
  from.tls_begin = place;
  from.leave_out = detection.offset != 0;
  from.waiting.clear();
  const bool behind_hole =
      from.hole && from.hole->place <= place && detection.start != tls::Detection::Start::client_hello;
  SearchSink::Start& to_tell = from.start.emplace();
  to_tell.detection = detection;
  to_tell.position = place + missing;
  if (!behind_hole) return;
  to_tell.behind_hole = from.hole->missing;
  to_tell.hole_position = from.hole->position;
  to_tell.hole_at = from.hole->at;
}

void TlsSearch::give_up() {
  candidate_.reset();
  for (Lane& each : lanes_) {
    each.phase = Phase::clear;
    each.waiting.clear();
    each.decided = each.size;
  }
  deliver();
  given_up_ = true;
  give_back();
}

// A search that has nothing to hold, as is nearly always the case between two pushes, has no memory for it.
void TlsSearch::borrow(Lane& lane) {
  if (lane.buffer.capacity() == 0) lane.buffer = spare_->buffers_.take();
  if (pieces_.capacity() != 0 || spare_->pieces_.empty()) return;
  pieces_ = std::move(spare_->pieces_.back());
  spare_->pieces_.pop_back();
}

void TlsSearch::give_back() {
  for (Lane& each : lanes_) {
    if (each.buffer.empty() && each.buffer.capacity() != 0)
      spare_->buffers_.give(std::exchange(each.buffer, {}));
  }
  if (!pieces_.empty() || pieces_.capacity() == 0) return;
  std::vector<Piece> pieces = std::exchange(pieces_, {});
  if (pieces.capacity() <= Spare::kMostPieces && spare_->pieces_.size() < Spare::kMost) {
    spare_->pieces_.push_back(std::move(pieces));
  }
}

// Before TLS is found in the order of their arrival, whatever their direction; afterwards no direction waits
// for the other.
void TlsSearch::deliver() {
  std::array<bool, 2> stuck{};
  std::size_t kept = 0;
  for (Piece& piece : pieces_) {
    bool& is_stuck = stuck[index(piece.direction)];
    const bool in_turn = found_ || kept == 0;
    if (in_turn && !is_stuck) is_stuck = !deliver_piece(piece);
    if (!in_turn || is_stuck) pieces_[kept++] = piece;
  }
  pieces_.resize(kept);
  give_back();
}

// False: not all of it can go out yet.
bool TlsSearch::deliver_piece(Piece& piece) {
  Lane& from = lane(piece.direction);
  const bool tls = from.phase == Phase::tls;
  if (piece.kind == PieceKind::bytes) {
    deliver_bytes(from, piece, tls ? piece.end : std::min(piece.end, from.decided));
    return piece.begin == piece.end;
  }
  if (!tls && piece.begin > from.decided) return false;
  if (piece.kind == PieceKind::end) {
    tls ? sink_->tls_end(piece.direction, piece.at) : sink_->clear_end(piece.direction, piece.at);
  } else if (tls && piece.begin > from.tls_begin) {
    sink_->tls_hole(piece.direction, piece.at, piece.position, piece.hole);
  } else {
    sink_->clear_hole(piece.direction, piece.at, piece.position, piece.hole);
  }
  return true;
}

void TlsSearch::deliver_bytes(Lane& from, Piece& piece, std::uint64_t up_to) {
  if (up_to <= piece.begin) return;
  const ByteView bytes = view(from, piece.begin).first(static_cast<std::size_t>(up_to - piece.begin));
  std::size_t clear = bytes.size();
  if (from.phase == Phase::tls) {
    clear = static_cast<std::size_t>(std::clamp(from.tls_begin, piece.begin, up_to) - piece.begin);
  }
  if (clear != 0 && !from.leave_out) sink_->clear_bytes(piece.direction, piece.at, bytes.first(clear));
  if (clear != bytes.size() && from.start) {
    sink_->tls_starts(piece.direction, piece.at, *from.start);
    from.start.reset();
  }
  if (clear != bytes.size()) sink_->tls_bytes(piece.direction, piece.at, bytes.subspan(clear));
  from.buffer.erase(from.buffer.begin(), from.buffer.begin() + static_cast<std::ptrdiff_t>(bytes.size()));
  from.delivered = piece.begin = up_to;
}

std::optional<TlsSearch::Rest> TlsSearch::rest() const {
  if (found_ || given_up_ || candidate_ || !pieces_.empty()) return std::nullopt;
  Rest out;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const Lane& from = lanes_[i];
    const bool all_out = from.delivered == from.size && from.decided == from.size &&
                         from.searched == from.size && from.looked_at == from.size;
    if (from.phase != Phase::clear || !all_out || !from.waiting.empty() || from.hole) return std::nullopt;
    out.lanes[i] = {from.size, from.missing, from.heard};
  }
  return out;
}

// As look_for_hello() and what is around it: a hello begins with one and the same byte, and text does not
// have it.
bool TlsSearch::stays_at_rest(Rest& rest, Direction direction, ByteView bytes) {
  Rest::Lane& to = rest.lanes[index(direction)];
  if (bytes.size() > kMaxHeld || to.size + bytes.size() > kMaxClear) return false;
  if (as_text(bytes).find(static_cast<char>(tls::kHandshake)) != std::string_view::npos) return false;
  to.size += bytes.size();
  to.heard = true;
  return true;
}

void TlsSearch::go_on(const Rest& rest) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& to = lanes_[i];
    const Rest::Lane& from = rest.lanes[i];
    to.size = to.delivered = to.decided = to.searched = to.looked_at = from.size;
    to.missing = from.missing;
    to.phase = Phase::clear;
    to.heard = from.heard;
  }
}

bool TlsSearch::over() const {
  return found_ && pieces_.empty() && std::ranges::all_of(lanes_, [](const Lane& each) {
           return each.phase == Phase::tls && !each.start;
         });
}

// Bytes before a hole at the start of a direction tell nothing.
void TlsSearch::drop_pieces(Direction direction) {
  std::erase_if(pieces_, [&](const Piece& piece) {
    return piece.direction == direction && piece.kind == PieceKind::bytes;
  });
  Lane& from = lane(direction);
  from.buffer.clear();
  from.delivered = from.decided = from.size;
}

}  // namespace tlspeel::pipeline
