#include <algorithm>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/hello_fit.hpp"
#include "tlspeel/tls/record.hpp"

#include "tls_search.hpp"

namespace tlspeel::pipeline {
namespace {

using tls::Detection;
using tls::HelloFit;
using Verdict = tls::Detection::Verdict;
using Start = tls::Detection::Start;

// A direction that was captured late is searched again with every segment; tiny segments must not make that
// quadratic.
constexpr unsigned kMaxDetectionAttempts = 64;
// Places where a hello may begin, at the same time. In text there are none, in binary data one is rare.
constexpr std::size_t kMaxPlaces = 32;
// What is held costs more than its bytes.
constexpr std::size_t kMaxPieces = 4096;

}  // namespace

void TlsSearch::look(PacketRef at) {
  for (;;) {
    if (candidate_ && candidate_stands(at)) return;
    if (candidate_) refute();
    for (const Direction each : {Direction::client, Direction::server}) {
      if (!candidate_ && !given_up_) look_at(each, at);
    }
    if (!candidate_) return;
  }
}

void TlsSearch::look_at(Direction direction, PacketRef at) {
  Lane& from = lane(direction);
  if (from.phase == Phase::tls || from.looked_at == from.size) return;
  from.looked_at = from.size;
  if (found_) return look_after_found(direction);
  if (from.phase == Phase::opening) look_at_opening(direction, at);
  if (from.phase != Phase::clear || found_) return;
  look_for_hello(direction);
  if (candidate_) return;
  if (from.size > kMaxClear) return give_up();
  // What a few undecided bytes of the other direction keep from going out is bounded.
  Lane& opposite = lane(other(direction));
  if (from.size - from.delivered > kMaxHeld || pieces_.size() > kMaxPieces) {
    opposite.phase = Phase::clear;
    opposite.waiting.clear();
    opposite.searched = opposite.decided = opposite.looked_at = opposite.size;
  }
}

void TlsSearch::look_at_opening(Direction direction, PacketRef at) {
  Lane& from = lane(direction);
  const ByteView bytes = view(from, from.delivered);
  Detection detection = tls::detect(bytes, from.start_captured);
  if (detection.verdict == Verdict::need_more && ++from.attempts >= kMaxDetectionAttempts)
    detection.verdict = Verdict::not_tls;
  // A hello in the middle of what was captured late is where TLS starts, not somewhere within it.
  const bool hello_follows =
      detection.verdict == Verdict::tls && detection.start == Start::middle &&
      tls::fit_client_hello(bytes.subspan(detection.offset)).verdict != HelloFit::Verdict::no;
  if (detection.verdict == Verdict::not_tls || hello_follows) {
    from.phase = Phase::clear;
    from.searched = from.delivered;
    from.hole.reset();
  } else if (detection.verdict == Verdict::tls) {
    found_at_start(direction, detection, at);
  }
}

void TlsSearch::found_at_start(Direction direction, const Detection& detection, PacketRef at) {
  Direction client = Direction::client;
  if (detection.start == Start::client_hello || detection.start == Start::sslv2_client_hello)
    client = direction;
  if (detection.start == Start::server_hello) client = other(direction);
  found_ = true;
  sink_->tls_found(client, at, at);
  start(direction, detection, lane(direction).delivered + detection.offset, lane(direction).missing);
  if (lane(other(direction)).heard) start_late(other(direction));
}

// The other direction's bytes came first and did not tell; now they have to be TLS.
void TlsSearch::start_late(Direction direction) {
  Lane& from = lane(direction);
  if (from.phase != Phase::opening) return;
  if (from.start_captured) {
    start(direction, {Verdict::tls, Start::before_hello, 0}, from.delivered, from.missing);
    return;
  }
  const Detection detection = tls::detect(view(from, from.delivered), false);
  if (detection.verdict == Verdict::tls)
    start(direction, detection, from.delivered + detection.offset, from.missing);
}

// One direction speaks TLS; this one does not yet.
void TlsSearch::look_after_found(Direction direction) {
  Lane& from = lane(direction);
  if (from.phase == Phase::clear) {
    // Whoever says so much in clear will not answer any more.
    if (from.searched > kMaxClear) from.searched = from.size;
    const std::optional<Answer> answer = find_answer(direction, from.searched);
    if (answer) {
      start(direction, answer->detection, answer->place, from.missing);
    } else {
      const bool behind_hole = from.hole && from.hole->place >= from.delivered &&
                               from.size - from.hole->place < tls::kDetectionWindow;
      from.decided = behind_hole ? from.hole->place : from.searched;
    }
    return;
  }
  if (from.start_captured) return start_late(direction);
  const Detection detection = tls::detect(view(from, from.delivered), false);
  if (detection.verdict == Verdict::tls) {
    start(direction, detection, from.delivered + detection.offset, from.missing);
  } else if (detection.verdict == Verdict::not_tls || ++from.attempts >= kMaxDetectionAttempts) {
    start(direction, {Verdict::tls, Start::middle, 0}, from.delivered, from.missing);
  }
}

void TlsSearch::look_for_hello(Direction direction) {
  Lane& from = lane(direction);
  if (look_again(direction)) return;
  // As text: what looks for a character looks at 32 bytes at once.
  const std::string_view bytes = as_text(view(from, from.searched));
  constexpr auto kFirstByte = static_cast<char>(tls::kHandshake);
  for (std::size_t at = bytes.find(kFirstByte); at != std::string_view::npos;
       at = bytes.find(kFirstByte, at + 1)) {
    if (try_place(direction, {from.searched + at, 0, false})) return;
  }
  from.searched = from.size;
  from.decided = from.waiting.empty() ? from.size : from.waiting.front().place;
}

// The places that wait for these bytes. True: one of them is a candidate now.
bool TlsSearch::look_again(Direction direction) {
  Lane& from = lane(direction);
  if (std::ranges::none_of(from.waiting, [&](const Waiting& each) { return each.needed <= from.size; }))
    return false;
  const std::vector<Waiting> waiting = std::exchange(from.waiting, {});
  return std::ranges::any_of(waiting, [&](const Waiting& each) {
    if (each.needed <= from.size) return try_place(direction, each);
    from.waiting.push_back(each);
    return false;
  });
}

// True: it is a candidate.
bool TlsSearch::try_place(Direction direction, Waiting where) {
  Lane& from = lane(direction);
  const ByteView bytes = view(from, where.place);
  HelloFit fit = tls::fit_client_hello(bytes);
  Start start = Start::client_hello;
  // A client that was not captured has its hello nowhere; its server is believed at the start of a segment.
  if (fit.verdict == HelloFit::Verdict::no && !lane(other(direction)).heard) {
    fit = tls::fit_answer(bytes);
    start = Start::server_hello;
    if (fit.verdict != HelloFit::Verdict::no && !first_in_segment(direction, where.place)) fit = {};
  }
  if (fit.verdict == HelloFit::Verdict::no) return false;
  if (fit.verdict == HelloFit::Verdict::whole) {
    make_candidate(direction, where, where.place + fit.size, start);
    return true;
  }
  where.needed = where.place + fit.size;
  where.likely = fit.likely && first_in_segment(direction, where.place);
  if (from.waiting.size() < kMaxPlaces) from.waiting.push_back(where);
  return false;
}

void TlsSearch::make_candidate(Direction direction, const Waiting& where, std::uint64_t end, Start start) {
  Lane& from = lane(direction);
  const std::uint64_t heard = lane(other(direction)).size;
  candidate_ =
      Candidate{direction, start, where.place, from.missing, end, first_in_segment(direction, where.place),
                false,     heard, heard};
  from.waiting.clear();
  from.decided = where.place;
}

bool TlsSearch::first_in_segment(Direction direction, std::uint64_t place) const {
  return std::ranges::any_of(pieces_, [&](const Piece& piece) {
    return piece.kind == PieceKind::bytes && piece.direction == direction && piece.begin == place;
  });
}

PacketRef TlsSearch::packet_at(Direction direction, std::uint64_t place) const {
  const auto found = std::ranges::find_if(pieces_, [&](const Piece& piece) {
    return piece.kind == PieceKind::bytes && piece.direction == direction && place < piece.end;
  });
  return found == pieces_.end() ? PacketRef{} : found->at;
}

// False: it was none. Afterwards TLS is found, or the candidate waits.
bool TlsSearch::candidate_stands(PacketRef at) {
  if (found_) return true;
  if (!records_follow()) return false;
  const Direction opposite = other(candidate_->from);
  const std::optional<Answer> answer = find_answer(opposite, candidate_->answer);
  if (answer) {
    commit(answer, at);
    return true;
  }
  const Lane& from = lane(candidate_->from);
  const bool too_much = from.size - candidate_->place > kMaxHeld || pieces_.size() > kMaxPieces;
  if (too_much && candidate_->first_in_segment && !lane(opposite).heard) {
    commit(std::nullopt, at);
    return true;
  }
  const std::size_t may_be_said =
      lane(opposite).hole ? kMaxBeforeAnswer + tls::kDetectionWindow : kMaxBeforeAnswer;
  return !too_much && candidate_->answer <= candidate_->heard_before + may_be_said;
}

// What comes behind a hello are records; a file that holds one goes on in its own way.
bool TlsSearch::records_follow() {
  const Lane& from = lane(candidate_->from);
  while (!candidate_->cut && candidate_->next_record < from.size) {
    Reader r(view(from, candidate_->next_record));
    const std::uint8_t type = r.u8();
    if (type < tls::kChangeCipherSpec || type > tls::kHeartbeat) return false;
    const tls::RecordHeader header{type, r.u16(), r.u16()};
    if (!r.ok()) return true;
    if (!tls::plausible(header)) return false;
    candidate_->next_record += tls::kRecordHeaderSize + header.length;
  }
  return true;
}

// `from`: where it is looked for next time.
std::optional<TlsSearch::Answer> TlsSearch::find_answer(Direction direction, std::uint64_t& from) {
  const Lane& answering = lane(direction);
  for (; from < answering.size; ++from) {
    const ByteView bytes = view(answering, from);
    if (bytes.front() != tls::kHandshake && bytes.front() != tls::kAlert) continue;
    const HelloFit fit = tls::fit_answer(bytes);
    if (fit.verdict == HelloFit::Verdict::need_more) break;
    // An alert is seven bytes: it has to stand for itself.
    if (fit.verdict == HelloFit::Verdict::whole &&
        (!fit.alert || first_in_segment(direction, from) || bytes.size() == fit.size))
      return Answer{{Verdict::tls, fit.alert ? Start::before_hello : Start::server_hello, 0}, from};
  }
  if (!answering.hole || answering.hole->place < answering.delivered) return std::nullopt;
  // The answer was in the hole, and records follow.
  const ByteView behind = view(answering, answering.hole->place);
  Detection detection = tls::detect(behind.first(std::min(behind.size(), tls::kDetectionWindow)), false);
  if (detection.verdict != Verdict::tls) return std::nullopt;
  return Answer{detection, answering.hole->place + detection.offset};
}

void TlsSearch::refute() {
  Lane& from = lane(candidate_->from);
  from.searched = candidate_->place + 1;
  Lane& opposite = lane(other(candidate_->from));
  opposite.waiting.clear();
  if (opposite.phase == Phase::clear) opposite.searched = opposite.decided;
  for (Lane& each : lanes_) {
    each.hole.reset();
    each.looked_at = each.delivered;
  }
  candidate_.reset();
}

// Without an answer: the other direction was not captured, or has nothing to say.
void TlsSearch::commit(const std::optional<Answer>& answer, PacketRef at) {
  const Candidate hello = *candidate_;
  const Direction opposite = other(hello.from);
  Lane& answering = lane(opposite);
  const PacketRef hello_at = packet_at(hello.from, hello.place);
  candidate_.reset();
  if (answering.phase == Phase::opening && (answer || answering.start_captured)) {
    answering.phase = Phase::clear;
    answering.decided = hello.heard_before;
  }
  deliver();
  found_ = true;
  sink_->tls_found(hello.start == Start::server_hello ? opposite : hello.from, hello_at, at);
  start(hello.from, {Verdict::tls, hello.start, 0}, hello.place, hello.missing);
  answering.searched = hello.answer;
  if (answer) {
    answering.decided = answer->place;
    start(opposite, answer->detection, answer->place, answering.missing);
  }
}

// At the end of the connection. Nobody said anything in clear behind it, and nothing but records follows.
bool TlsSearch::counts_without_answer() const {
  const Lane& opposite = lane(other(candidate_->from));
  return candidate_->first_in_segment && !candidate_->cut && opposite.size == candidate_->heard_before;
}

}  // namespace tlspeel::pipeline
