// Records of TLS 1.3: which secret opens them, early data, key updates.
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/crypto/error.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "connection_state.hpp"

namespace tlspeel::tls {
namespace {

// RFC 9850 section 2.
constexpr std::array<std::array<std::string_view, kEpochs>, 2> kLogLabels = {{
    {"CLIENT_EARLY_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0"},
    {"", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"},
}};

}  // namespace

// The secrets are decided: from here on the direction's records are opened as far as they are known.
void Connection::State::start_tls13(Direction direction) {
  Side& from = side(direction);
  const Tls13Secrets& secrets = *handshake().tls13_secrets();
  const bool early =
      direction == Direction::client && handshake().facts().early_data != EarlyDataFate::not_offered;
  from.tls13 = std::make_unique<Tls13Reader>(early ? Epoch::early : Epoch::handshake);
  // EncryptedExtensions tells whether early data was taken, if it can be read. Otherwise the client's next
  // records do: see hold_early_data.
  if (early && handshake().facts().early_data == EarlyDataFate::unknown &&
      !secrets.handshake[index(Direction::server)].empty()) {
    from.tls13->will_come(Epoch::early);
  }
  for (const Epoch epoch : {Epoch::early, Epoch::handshake, Epoch::application}) {
    if (!from.tls13->to_come(epoch)) from.tls13->give(epoch, keys_of(direction, epoch));
  }
  if (secrets.application_to_come()) from.tls13->will_come(Epoch::application);
  from.protection = Protection::open;
}

std::vector<Tls13Reader::Key> Connection::State::keys_of(Direction direction, Epoch epoch) const {
  const Tls13Secrets& secrets = *handshake().tls13_secrets();
  std::vector<Tls13Reader::Key> keys;
  const auto add = [&](const CipherSuite& suite, const SecretBytes& secret) {
    Tls13Parameters parameters = secrets.parameters;
    parameters.suite = &suite;
    parameters.hash = hkdf_hash(suite);
    keys.push_back({parameters, secret.clone()});
  };
  const SecretBytes& handshake = secrets.handshake[index(direction)];
  const SecretBytes& application = secrets.application[index(direction)];
  if (epoch == Epoch::early && direction == Direction::client && !secrets.early.empty()) {
    for (const CipherSuite* suite : secrets.early_suites) add(*suite, secrets.early);
  }
  if (epoch == Epoch::handshake && !handshake.empty()) add(*secrets.parameters.suite, handshake);
  if (epoch == Epoch::application && !application.empty()) add(*secrets.parameters.suite, application);
  return keys;
}

void Connection::State::open_tls13_record(Direction direction, const Record& record) {
  // ChangeCipherSpec for middleboxes, and alerts of who could not agree on keys (RFC 8446 section 5).
  Side& from = side(direction);
  if (record.header.type != kApplicationData) {
    // Nobody authenticated it: behind the first protected record of the handshake only ChangeCipherSpec may
    // come, which changes nothing.
    const bool late = from.opened != 0 && from.tls13->current() != Epoch::early;
    if (late && record.header.type != kChangeCipherSpec) {
      problem(direction, "tls record", "a record in clear behind protected ones, which nobody may send",
              record.at);
    } else {
      take_content(direction, record.header, record.fragment, record.at, false);
    }
    return;
  }
  const Tls13Reader::Opened opened = open_tls13_in_turn(from, record);
  switch (opened.outcome) {
    case Tls13Reader::Outcome::opened:
      take_inner(direction, record, opened);
      return;
    case Tls13Reader::Outcome::waiting:
      from.protection = Protection::waiting;
      keep_waiting(direction, record);
      return;
    case Tls13Reader::Outcome::failed:
      if (leave_refused_early_data(direction, record.at)) {
        open_tls13_record(direction, record);
        return;
      }
      count_closed(direction, record);
      record_failed(direction, opened.error, record.at, opened.proven);
      return;
    case Tls13Reader::Outcome::missing:
      say_closed(direction,
                 explain_missing(handshake().facts(), *handshake().tls13_secrets(), direction,
                                 from.tls13->current(), *environment_),
                 record.at);
      count_closed(direction, record);
      return;
  }
}

Tls13Reader::Opened Connection::State::open_tls13_in_turn(Side& from, const Record& record) {
  Tls13Reader& reader = *from.tls13;
  Bytes& out = environment_->scratch;
  if (Tls13Opener* const opener = reader.proven_opener()) {
    const auto taken = opener->ahead().take(reader.next_sequence(), record.header, record.fragment, out);
    if (taken) return reader.opened_elsewhere({taken->type, ByteView(out).first(taken->size)});
  }
  const Tls13Reader::Opened opened = reader.open(record.header, record.fragment, out);
  RecordsAhead* const ahead = environment_->records_ahead;
  if (ahead == nullptr || opened.outcome != Tls13Reader::Outcome::opened) return opened;
  if (Tls13Opener* const opener = reader.proven_opener()) {
    opener->ahead().missed(*ahead, record.fragment.size(),
                           {reader.next_sequence(), from.framer.behind_record()},
                           [&] { return opener->make_ahead_opener(); });
  }
  return opened;
}

void Connection::State::take_inner(Direction direction, const Record& record,
                                   const Tls13Reader::Opened& opened) {
  Side& from = side(direction);
  const InnerPlaintext inner = opened.inner;
  const Epoch epoch = from.tls13->current();
  ++from.opened;
  from.last_header = record.header;
  from.last_content = inner.content.size();
  if (opened.first && !from.secrets_told[static_cast<std::size_t>(epoch)]) {
    from.secrets_told[static_cast<std::size_t>(epoch)] = true;
    const Tls13Secrets& secrets = *handshake().tls13_secrets();
    const SecretBytes& secret = epoch == Epoch::early       ? secrets.early
                                : epoch == Epoch::handshake ? secrets.handshake[index(direction)]
                                                            : secrets.application[index(direction)];
    emit_recovered({kLogLabels[index(direction)][static_cast<std::size_t>(epoch)],
                    handshake().facts().client->random, secret.clone()},
                   record.at);
  }
  if (epoch != Epoch::early) {
    // EndOfEarlyData would have come first.
    if (direction == Direction::client && !from.tls13->to_come(Epoch::early)) {
      settle_early_data(EarlyDataFate::refused);
    }
    end_early_data(direction, record.at);
  }
  if (epoch == Epoch::early && take_early_data(direction, record, inner)) return;
  if (inner.content.size() > kMaxPlaintext) {
    problem(direction, "tls record",
            fmt::format("a record holds {} bytes, more than the 2^14 that TLS allows",
                        grouped(inner.content.size())),
            record.at);
  }
  RecordHeader header = record.header;
  header.type = inner.type;
  take_content(direction, header, inner.content, record.at, true);
}

// True: the record is done with. A server that refuses early data ignores it, and clients send it again.
bool Connection::State::take_early_data(Direction direction, const Record& record,
                                        const InnerPlaintext& inner) {
  if (inner.type != kApplicationData) {
    if (inner.type == kHandshake) {
      settle_early_data(EarlyDataFate::accepted);  // by EndOfEarlyData
      end_early_data(direction, record.at);
    }
    return false;
  }
  EarlyRecords& early = *side(direction).early;
  ++early.records;
  early.bytes += inner.content.size();
  if (handshake().facts().early_data == EarlyDataFate::unknown) {
    hold_early_data(direction, record, inner);
    return true;
  }
  return handshake().facts().early_data != EarlyDataFate::accepted;
}

// Where EncryptedExtensions cannot be read, the client's next step tells: EndOfEarlyData is under the key of
// the early data and is sent only if the server took it (RFC 8446 section 4.5); a client that was refused
// goes on under the next key.
void Connection::State::hold_early_data(Direction direction, const Record& record,
                                        const InnerPlaintext& inner) {
  EarlyRecords& early = *side(direction).early;
  RecordHeader header = record.header;
  header.type = inner.type;
  early.held_bytes += inner.content.size() + sizeof(WaitingRecord);
  early.held.push_back({header, to_bytes(inner.content), false, record.at, record.offset});
  // Servers allow some 16 KiB (RFC 8446 section 4.2.10); a client that sends so much more was not refused.
  if (early.held_bytes > kMaxWaiting) settle_early_data(EarlyDataFate::accepted);
}

void Connection::State::settle_early_data(EarlyDataFate fate) {
  handshake().assume_early_data(fate);
  if (!side(Direction::client).early.made()) return;
  EarlyRecords& early = *side(Direction::client).early;
  early.held_bytes = 0;
  const std::vector<WaitingRecord> held = std::exchange(early.held, {});
  if (handshake().facts().early_data != EarlyDataFate::accepted) return;
  for (const WaitingRecord& each : held) {
    take_content(Direction::client, each.header, each.fragment, each.at, true);
  }
}

// A record that is not under the key of early data, behind early data that was not taken and where the next
// key is not known: it is under that one.
bool Connection::State::leave_refused_early_data(Direction direction, PacketRef at) {
  Tls13Reader& reader = *side(direction).tls13;
  if (reader.current() != Epoch::early || reader.has(Epoch::handshake) ||
      handshake().facts().early_data == EarlyDataFate::accepted) {
    return false;
  }
  settle_early_data(EarlyDataFate::refused);
  end_early_data(direction, at);
  reader.enter(Epoch::handshake);
  return true;
}

void Connection::State::end_early_data(Direction direction, PacketRef at) {
  if (!side(direction).early.made()) return;
  EarlyRecords& early = *side(direction).early;
  if (early.records == 0 || std::exchange(early.told, true)) return;
  const bool accepted = handshake().facts().early_data == EarlyDataFate::accepted;
  emit_message(direction, {kApplicationData, kTls12, 0},
               event::EarlyData{accepted, early.records, early.bytes}, true, at);
}

// Messages after which the next record is under another key (RFC 8446 sections 4.5, 4.4.4, 4.6.3).
void Connection::State::follow_tls13_message(Direction direction, const event::Handshake& message,
                                             PacketRef at) {
  Side& from = side(direction);
  if (!from.tls13) return;
  const bool finished = std::holds_alternative<event::Finished>(message.body);
  const bool changes = finished || std::holds_alternative<event::EndOfEarlyData>(message.body) ||
                       std::holds_alternative<event::KeyUpdate>(message.body);
  if (!changes) return;
  // RFC 8446 section 5.1: such a message ends its record.
  if (from.in_handshake_message()) {
    problem(direction, "tls handshake", "handshake bytes follow in the record that ends a key's use", at);
    from.assembler.reset();
  }
  if (finished) {
    // The one after authentication later in the connection changes nothing: enter() only goes forward.
    from.tls13->enter(Epoch::application);
  } else if (std::holds_alternative<event::EndOfEarlyData>(message.body)) {
    from.tls13->enter(Epoch::handshake);
  } else {
    std::vector<Tls13Reader::Key> keys = keys_of(direction, Epoch::application);
    if (!keys.empty()) from.tls13->update(std::move(keys.front()));
  }
}

// What was to come has come, or is known not to come. True: something changed.
bool Connection::State::settle_tls13(Direction direction) {
  Side& from = side(direction);
  if (!from.tls13) return false;
  bool changed = false;
  if (from.tls13->to_come(Epoch::early) && handshake().facts().early_data != EarlyDataFate::unknown) {
    from.tls13->give(Epoch::early, keys_of(direction, Epoch::early));
    changed = true;
  }
  if (from.tls13->to_come(Epoch::application) && !handshake().tls13_secrets()->application_to_come()) {
    from.tls13->give(Epoch::application, keys_of(direction, Epoch::application));
    changed = true;
  }
  return changed;
}

// Nothing that is still to come can tell: what waits is tried with what there is.
void Connection::State::give_up_tls13() {
  if (handshake().tls13_secrets() == nullptr) return;
  settle_early_data(EarlyDataFate::accepted);
  handshake().give_up_application_secrets();
}

}  // namespace tlspeel::tls
