#include "tlspeel/tls/connection.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/tls/registry/registry.hpp"

#include "clear_record.hpp"
#include "connection_state.hpp"

namespace tlspeel::tls {

Connection::Connection(Environment& environment, event::EventSink& events, PlaintextSink& plaintext)
    : state_(std::make_unique<State>(environment, events, plaintext)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

void Connection::begin(Direction direction, Detection::Start start) {
  state_->begin(direction, start);
}
void Connection::push(Direction direction, PacketRef at, ByteView bytes) {
  state_->push(direction, at, bytes);
}
void Connection::begin_after_gap(PacketRef at, const event::StreamGap& gap) {
  state_->begin_after_gap(at, gap);
}
void Connection::gap(PacketRef at, const event::StreamGap& gap) {
  state_->gap(at, gap);
}
void Connection::end(Direction direction, PacketRef at) {
  state_->end(direction, at);
}
void Connection::finish(PacketRef at) {
  state_->finish(at);
}
const std::string& Connection::alpn() const {
  return state_->alpn();
}
Summary Connection::summary() const {
  return state_->summary();
}

Connection::State::State(Environment& environment, event::EventSink& events, PlaintextSink& plaintext)
    : environment_(&environment),
      events_(&events),
      plaintext_(&plaintext),
      handshake_(std::make_unique<Handshake>(environment)) {
  for (Side& each : sides_) each.framer.share(environment.record_buffers);
}

void Connection::State::begin(Direction direction, Detection::Start start) {
  if (start == Detection::Start::sslv2_client_hello) side(direction).framer.expect_sslv2_hello();
  if (start == Detection::Start::middle) {
    side(direction).protection = Protection::closed;
    Side& opposite = side(other(direction));
    if (!opposite.seen) opposite.protection = Protection::closed;
    handshake().lose_messages(std::nullopt);
    if (begun_late_) return;
    handshake().decide({event::ClosedCause::handshake_not_captured,
                        "the capture begins after the handshake, on which the keys depend",
                        "start the capture before the connection begins"});
  }
}

void Connection::State::begin_after_gap(PacketRef at, const event::StreamGap& gap) {
  if (!missing_) missing_ = MissingBytes{gap, at};
  side(gap.direction).protection = Protection::closed;
  handshake().lose_messages(missing_);
  // Where a key log may make up for the ClientHello, both sides wait, so that they are told in their order.
  if (begun_late_ || client_hello_may_be_found()) return;
  handshake().decide(bytes_missing("the keys depend on the hellos", missing_));
}

void Connection::State::push(Direction direction, PacketRef at, ByteView bytes) {
  Side& from = side(direction);
  from.seen = true;
  const std::uint64_t begin = std::exchange(from.position, from.position + bytes.size());
  if (from.framing_lost) return lose_bytes(direction, begin, bytes.size());
  if (from.recovery) {
    from.recovery->search.push(bytes, at);
    from.trials.earn(bytes.size());
    return search_records(direction);
  }
  from.framer.push(bytes, at);
  take_records(direction);
  rest();
}

void Connection::State::take_records(Direction direction) {
  Side& from = side(direction);
  Record record;
  while (!from.framing_lost) {
    switch (from.framer.next(record)) {
      case RecordFramer::Outcome::need_more:
        return;
      case RecordFramer::Outcome::malformed:
        lose_framing(direction, record.at,
                     {event::ClosedCause::malformed,
                      fmt::format("{} at offset {} of the stream", from.framer.error().what,
                                  from.framer.error().offset),
                      ""});
        return;
      case RecordFramer::Outcome::record:
        ++from.records;
        if (record.sslv2_hello) {
          take_sslv2_hello(record);
        } else {
          take_record(direction, record);
        }
        break;
    }
  }
}

void Connection::State::take_record(Direction direction, const Record& record) {
  const RecordHeader& header = record.header;
  switch (side(direction).protection) {
    case Protection::clear:
      // Application data is never sent in clear: in TLS 1.3 this is an encrypted record of any type (RFC 8446
      // section 5.2), maybe captured before the ServerHello that decides.
      if (header.type != kApplicationData) {
        take_content(direction, header, record.fragment, record.at, false);
      } else if (handshake().decided()) {
        if (!try_late(direction, record)) count_closed(direction, record);
      } else {
        keep_waiting(direction, record);
      }
      return;
    case Protection::waiting:
      // A second ClientHello behind early data that was refused.
      if (handshake().retry_requested() && header.type == kHandshake && !handshake().decided()) {
        take_content(direction, header, record.fragment, record.at, false);
      } else {
        keep_waiting(direction, record);
      }
      return;
    case Protection::open:
      if (side(direction).tls13) {
        open_tls13_record(direction, record);
      } else {
        open_record(direction, record);
      }
      return;
    case Protection::closed:
      if (is_still_clear(direction, record)) {
        if (header.type == kHandshake) say_where_late();
        take_content(direction, header, record.fragment, record.at, false);
      } else if (!try_late(direction, record)) {
        if (!handshake().decided()) give_up_deciding(record.at);
        if (begun_late_ && handshake().found() != nullptr) {
          say_closed(direction, bytes_missing("the number of its record is not known", missing_), record.at);
        }
        count_closed(direction, record);
      }
      return;
    case Protection::lost:
      count_closed(direction, record);
      return;
  }
}

// Where the beginning is missing a side may still be in its handshake; and in TLS 1.3 ChangeCipherSpec means
// nothing.
bool Connection::State::is_still_clear(Direction direction, const Record& record) const {
  if (is_change_cipher_spec(record)) return true;
  return !side(direction).changed_cipher && is_surely_clear(direction, record);
}

void Connection::State::keep_waiting(Direction direction, const Record& record) {
  Side& from = side(direction);
  // Records may be empty: what remembering one costs counts, too.
  const std::size_t cost = record.fragment.size() + sizeof(WaitingRecord);
  if (from.waiting_bytes() + cost > kMaxWaiting) {
    give_up_deciding(record.at);
    take_record(direction, record);
    return;
  }
  from.waiting->bytes += cost;
  from.waiting->records.push_back(
      {record.header, to_bytes(record.fragment), false, record.at, record.offset});
}

// It has a number among the records (RFC 5246 section 6.1), and its end may be the next one's IV.
void Connection::State::keep_cut_waiting(Direction direction, const RecordHeader& cut,
                                         const RecordSearch::Candidate& behind) {
  Side& from = side(direction);
  const PacketRef at = behind.record.at;
  const std::size_t cost = behind.before.size() + sizeof(WaitingRecord);
  WaitingRecord kept{cut, to_bytes(behind.before), true, at, 0};
  if (from.waiting_bytes() + cost > kMaxWaiting) {
    give_up_deciding(at);
    return take_cut(direction, kept);
  }
  from.waiting->bytes += cost;
  from.waiting->records.push_back(std::move(kept));
}

void Connection::State::take_cut(Direction direction, const WaitingRecord& cut) {
  Side& from = side(direction);
  if (from.protection != Protection::open) return;
  if (from.tls13) return from.tls13->pass(cut.header.type == kApplicationData ? 1 : 0);
  ++from.sequence;
  from.cut_before = CutRecord{cut.header.length, cut.fragment};
  if (from.inflater) from.inflater->lose();
}

void Connection::State::record_failed(Direction direction, const ParseError& error, PacketRef at,
                                      bool keys_proven) {
  constexpr std::uint64_t kFailuresSaid = 4;  // a wrong key or damage repeats itself in every record
  Side& from = side(direction);
  const bool untried = !keys_proven && handshake().found() != nullptr && handshake().found()->cut;
  const auto cause = keys_proven ? event::ClosedCause::damaged
                     : untried   ? event::ClosedCause::limit_reached
                                 : event::ClosedCause::decryption_failed;
  if (untried) {
    say_closed(
        direction,
        {cause,
         "none of the first secrets that may be the one opens it, and the others are too many to be tried",
         "give each pre-shared key with its identity (--psk IDENTITY:HEX)"},
        at);
  } else if (!keys_proven) {
    say_closed(direction,
               {cause, fmt::format("the first record under these keys does not open: {}", error.what),
                "give the secret of this very connection (its key log, or the key that the server had then)"},
               at);
  } else if (++from.unopened->failures == 1) {
    say_closed(direction,
               {cause,
                fmt::format("record {} does not verify although records before it did: {}", from.records,
                            error.what),
                "capture at another place, where the bytes are those that were sent"},
               at);
  } else if (from.unopened->failures <= kFailuresSaid) {
    problem(direction, "tls record",
            fmt::format("record {} was left out: {}{}", from.records, error.what,
                        from.unopened->failures == kFailuresSaid ? " (further ones are only counted)" : ""),
            at);
  }
  if (!cause_) cause_ = cause;
  // Where nothing has come yet there is nothing to go on from.
  if (keys_proven || from.application_bytes != 0) plaintext_->on_plaintext_gap(direction, at, {});
}

void Connection::State::gap(PacketRef at, const event::StreamGap& gap) {
  const MissingBytes missing{gap, at};
  if (!missing_) missing_ = missing;
  Side& from = side(gap.direction);
  from.seen = true;
  // Where a direction began in the middle, its first byte need not be the stream's.
  from.origin = gap.offset - from.position;
  from.position += gap.length;
  if (from.framing_lost) return;
  from.hole = missing;
  if (from.recovery) {
    from.recovery->search.end();
    search_records(gap.direction);
  }
  if (from.framing_lost) return;
  if (from.recovery) {
    go_on_behind(gap.direction);
  } else {
    begin_recovery(gap.direction, at);
  }
}

// What follows in this direction cannot be cut into records; the other direction goes on as long as it has
// its keys.
void Connection::State::lose_framing(Direction direction, PacketRef at, const NoKeys& reason) {
  Side& from = side(direction);
  from.unopened->lost_bytes += from.framer.buffered();
  from.unopened->bytes.add(from.framer.offset(), from.framer.buffered());
  from.framing_lost = true;
  if (!handshake().complete()) handshake().lose_messages(missing_);
  say_closed(direction, reason, at);
  // What waits was captured whole, and opens when the other direction has told the rest.
  if (from.protection != Protection::waiting) stop_at_lost_framing(direction, at);
}

void Connection::State::stop_at_lost_framing(Direction direction, PacketRef at) {
  Side& from = side(direction);
  const bool told_plaintext = from.protection == Protection::open;
  from.protection = Protection::lost;
  if (told_plaintext) plaintext_->on_plaintext_gap(direction, at, {});
}

// Nothing that is still to come can help: what waits for keys stays closed.
void Connection::State::give_up_deciding(PacketRef at) {
  if (!handshake_) return;  // it was put away
  const bool found = !handshake().decided() && find_client_hello_for_waiting();
  if (!handshake().decided()) {
    handshake().decide(explain_undecided(handshake().facts(), side(Direction::client).seen,
                                         side(Direction::server).seen, missing_,
                                         lost_client_hello_.outcome()));
  }
  give_up_tls13();
  if (found) release_in_turn(at);
  after_handshake_step(at);
}

void Connection::State::end(Direction direction, PacketRef at) {
  end_recovery(direction, at);
  Side& from = side(direction);
  // What waits comes before the end.
  if (from.protection == Protection::waiting && from.waiting.made()) {
    from.stream_end = at;
  } else {
    end_plaintext(direction, at);
  }
}

}  // namespace tlspeel::tls
