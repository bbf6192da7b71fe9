#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/crypto/error.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/record.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "connection_state.hpp"

namespace tlspeel::tls {

void Connection::State::take_content(Direction direction, const RecordHeader& header, ByteView content,
                                     PacketRef at, bool encrypted) {
  switch (header.type) {
    case kHandshake:
      take_handshake_bytes(direction, header, content, at, encrypted);
      return;
    case kChangeCipherSpec:
      take_change_cipher_spec(direction, header, content, at, encrypted);
      return;
    case kAlert:
      take_alert(direction, header, content, at, encrypted);
      return;
    case kHeartbeat:
      take_heartbeat(direction, header, content, at, encrypted);
      return;
    case kApplicationData:
      side(direction).application_bytes += content.size();
      // Where messages are missing, a Finished may be among them.
      if (handshake_open_ && (handshake().complete() || handshake().facts().messages_lost)) end_handshake(at);
      if (!content.empty()) plaintext_->on_plaintext(direction, at, content);
      return;
    default:
      problem(direction, "tls record", fmt::format("content type {} is unknown", header.type), at);
  }
}

void Connection::State::take_handshake_bytes(Direction direction, const RecordHeader& header,
                                             ByteView content, PacketRef at, bool encrypted) {
  Side& from = side(direction);
  if (std::exchange(from.assembling_encrypted, encrypted) != encrypted && from.in_handshake_message()) {
    problem(direction, "tls handshake", "a handshake message is partly in clear and partly protected", at);
    from.assembler.reset();
  }
  from.assembler->push(content, at);
  HandshakeMessage message;
  for (;;) {
    switch (from.assembler->next(message)) {
      case HandshakeAssembler::Outcome::need_more:
        return;
      case HandshakeAssembler::Outcome::too_long:
        problem(direction, "tls handshake",
                "a handshake message claims to be longer than 1 MiB; it is skipped with its record", at);
        from.assembler.reset();
        handshake().forget_transcript();
        return;
      case HandshakeAssembler::Outcome::message:
        take_handshake_message(direction, header, message, encrypted);
        break;
    }
  }
}

void Connection::State::take_handshake_message(Direction direction, const RecordHeader& header,
                                               const HandshakeMessage& message, bool encrypted) {
  constexpr std::uint8_t kClientHello = 1;
  constexpr std::uint8_t kServerHello = 2;
  // A further ClientHello begins a renegotiation (RFC 5246 section 7.4.1.2), unless a HelloRetryRequest asked
  // for it.
  // In clear and without a ServerHello it is the answer to a HelloRetryRequest that was captured behind it.
  const bool client_again = direction == Direction::client && message.type == kClientHello &&
                            handshake().has_client_hello() && (encrypted || handshake().facts().server);
  // The server's answer may be captured before the question, or the question not at all.
  const bool server_again = direction == Direction::server && message.type == kServerHello &&
                            handshake().facts().server &&
                            (handshake().complete() || (encrypted && begun_late_));
  // RFC 8446 section 4.1.2: TLS 1.3 has no renegotiation.
  const bool forbidden = side(Direction::client).tls13 || side(Direction::server).tls13;
  if ((client_again || server_again) && forbidden) {
    problem(direction, "tls handshake", "a further hello in a TLS 1.3 connection, which nobody may send",
            message.at);
  } else if ((client_again || server_again) && !handshake().retry_requested()) {
    end_handshake(message.at);
    handshake_ = std::make_unique<Handshake>(*environment_);
    decision_told_ = false;
  }
  event::Handshake body = handshake().take(direction, message, encrypted);
  if (const auto* other = std::get_if<event::OtherHandshake>(&body.body);
      other != nullptr && !other->problem.empty()) {
    problem(direction, "tls handshake", other->problem, message.at);
  }
  const bool finished = std::holds_alternative<event::Finished>(body.body);
  for (const Direction each : {Direction::client, Direction::server}) {
    if (finished) finished_verified_[index(each)] = handshake().finished_verified(each);
  }
  const PacketRef at = message.at;
  if (encrypted) follow_tls13_message(direction, body, at);
  if (environment_->fingerprints) add_fingerprints(direction, body, at);
  emit_message(direction, header, std::move(body), encrypted, at);
  after_handshake_step(at);
  if (finished && handshake().complete()) end_handshake(at);
}

void Connection::State::take_sslv2_hello(const Record& record) {
  emit_message(Direction::client, record.header, handshake().take_sslv2_hello(record.fragment), false,
               record.at);
  after_handshake_step(record.at);
}

void Connection::State::take_change_cipher_spec(Direction direction, const RecordHeader& header,
                                                ByteView content, PacketRef at, bool encrypted) {
  // RFC 5246 section 7.1: a single byte of value 1.
  if (content.size() != 1 || content.front() != 1) {
    problem(
        direction, "tls record",
        fmt::format("a ChangeCipherSpec of {} instead of the one byte 1", counted(content.size(), "byte")),
        at);
  }
  if (side(direction).in_handshake_message()) {
    problem(direction, "tls handshake", "ChangeCipherSpec in the middle of a handshake message", at);
    side(direction).assembler.reset();
  }
  emit_message(direction, header, event::ChangeCipherSpec{}, encrypted, at);
  handshake().take_change_cipher_spec(direction);
  // RFC 8446 appendix D.4: there it changes nothing.
  if (!handshake().tls13()) {
    side(direction).protection = Protection::waiting;
    side(direction).first_behind_change = true;
    side(direction).changed_cipher = true;
  }
  after_handshake_step(at);
}

void Connection::State::take_alert(Direction direction, const RecordHeader& header, ByteView content,
                                   PacketRef at, bool encrypted) {
  constexpr std::uint32_t kCloseNotify = 0;
  const auto alert = parse_alert(content);
  if (!alert) {
    problem(direction, "tls record",
            fmt::format("an alert of {} instead of 2", counted(content.size(), "byte")), at);
    return;
  }
  const bool closes = alert->description.value == kCloseNotify;
  emit_message(direction, header, *alert, encrypted, at);
  if (closes) end_plaintext(direction, at);
}

void Connection::State::take_heartbeat(Direction direction, const RecordHeader& header, ByteView content,
                                       PacketRef at, bool encrypted) {
  const auto heartbeat = parse_heartbeat(content);
  if (!heartbeat) {
    problem(direction, "tls record", fmt::format("malformed heartbeat: {}", heartbeat.error().what), at);
    return;
  }
  emit_message(direction, header, *heartbeat, encrypted, at);
}

void Connection::State::end_plaintext(Direction direction, PacketRef at) {
  if (side(direction).ended) return;
  side(direction).ended = true;
  plaintext_->on_plaintext_end(direction, at);
}

// Every message may be the one that decides about the keys, for the waiting records of both sides.
void Connection::State::after_handshake_step(PacketRef at) {
  const HandshakeFacts& facts = handshake().facts();
  if (facts.server) {
    version_ = facts.server->version_name.value;
    cipher_suite_ = facts.server->suite_name.value;
    alpn_ = handshake().alpn();
  }
  if (server_name_.empty()) server_name_ = handshake().server_name();
  handshake().decide();
  if (!handshake().decided()) return;
  tell_keys(at);
  for (const Direction each : {Direction::client, Direction::server}) {
    // What was released may have begun the next handshake, on which nothing is decided yet.
    if (!handshake().decided()) return;
    Side& from = side(each);
    const bool tls13_begins =
        handshake().tls13_secrets() != nullptr && !from.tls13 &&
        (from.protection == Protection::clear || from.protection == Protection::waiting);
    if (tls13_begins) start_tls13(each);
    const bool settled = settle_tls13(each);
    const bool waits = from.protection == Protection::waiting || from.waiting.made();
    if (tls13_begins || settled || (waits && !from.tls13)) release_waiting(each, at);
  }
}

// The decision is there: the keys change where ChangeCipherSpec stood, and what came after it is worked off.
void Connection::State::release_waiting(Direction direction, PacketRef at) {
  Side& from = side(direction);
  if (from.tls13) {
    from.protection = Protection::open;
  } else if (handshake().tls13()) {
    from.protection = Protection::clear;
  } else if (from.protection == Protection::waiting) {
    from.protection = Protection::closed;
    if (handshake().found() != nullptr || handshake().is_settled()) install_opener(direction, at);
  }
  const std::vector<WaitingRecord> waiting = from.take_waiting();
  for (const WaitingRecord& each : waiting) take_waiting(direction, each);
  if (from.protection == Protection::waiting) return;  // for another change of keys
  if (from.framing_lost) stop_at_lost_framing(direction, at);
  if (from.stream_end) end_plaintext(direction, *from.stream_end);
}

void Connection::State::take_waiting(Direction direction, const WaitingRecord& waiting) {
  if (waiting.cut) return take_cut(direction, waiting);
  Record record;
  record.header = waiting.header;
  record.fragment = waiting.fragment;
  record.at = waiting.at;
  record.offset = waiting.offset;
  take_record(direction, record);
}

void Connection::State::install_opener(Direction direction, PacketRef at) {
  Side& from = side(direction);
  from.sequence = 0;
  from.keys_untried = true;
  from.keys_proven = false;
  if (handshake().is_settled()) {
    from.opener->restart();
    from.protection = Protection::open;
    return;
  }
  const FoundKeys& keys = *handshake().found();
  try {
    from.opener = make_record_opener(keys.parameters, keys.keys[index(direction)]);
  } catch (const crypto::CryptoError& error) {
    say_closed(direction,
               {event::ClosedCause::unsupported_cipher, fmt::format("OpenSSL failed: {}", error.what()), ""},
               at);
  }
  if (environment_->keylog_lines) {
    from.key_log->master_to_tell = {"CLIENT_RANDOM", handshake().facts().client->random,
                                    keys.secret.master.clone()};
  }
  from.inflater.reset();
  if (keys.parameters.compression != 0) from.inflater = std::make_unique<RecordInflater>();
  if (from.opener) from.protection = Protection::open;
}

void Connection::State::end_handshake(PacketRef at) {
  if (!handshake_open_) return;
  handshake_open_ = false;
  const bool both_closed =
      side(Direction::client).closed_handshake && side(Direction::server).closed_handshake;
  const bool complete = handshake().complete() || both_closed;
  if (complete) handshake().forget_transcript();
  events_->emit(at, event::HandshakeEnd{complete, server_name_});
}

}  // namespace tlspeel::tls
