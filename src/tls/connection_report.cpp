#include <algorithm>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/crypto/error.hpp"
#include "tlspeel/tls/cipher_suites.hpp"
#include "tlspeel/tls/fingerprints.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "connection_state.hpp"

namespace tlspeel::tls {
namespace {

// RFC 5246 section 6.3, in its order; parts that the suite does not need are left out.
std::shared_ptr<const event::RevealedSecrets> reveal(const FoundKeys& found) {
  auto out = std::make_shared<event::RevealedSecrets>();
  out->premaster_secret = found.secret.premaster.clone();
  out->master_secret = found.secret.master.clone();
  const auto add = [&](std::string_view name, const SecretBytes& value) {
    if (!value.empty()) out->key_block.emplace_back(name, value.clone());
  };
  const auto& [client, server] = found.keys;
  add("client_write_MAC_key", client.mac_key);
  add("server_write_MAC_key", server.mac_key);
  add("client_write_key", client.key);
  add("server_write_key", server.key);
  add("client_write_IV", client.iv);
  add("server_write_IV", server.iv);
  return out;
}

std::string_view mac_name(const CipherSuite& suite) {
  if (crypto::is_aead(suite.bulk)) return "AEAD";
  switch (suite.mac) {  // as IANA spells them in names of suites
    case crypto::HashId::none:
      return "NULL";
    case crypto::HashId::md5:
      return "MD5";
    case crypto::HashId::sha1:
      return "SHA";
    case crypto::HashId::sha256:
      return "SHA256";
    case crypto::HashId::sha384:
      return "SHA384";
    case crypto::HashId::sha512:
      return "SHA512";
  }
  return "";
}

event::ConnectionOutcome outcome_of(const std::array<Side, 2>& sides) {
  bool opened = false;
  bool closed = false;
  for (const Side& side : sides) {
    opened = opened || side.opened != 0;
    closed = closed || side.framing_lost ||
             (side.unopened.made() && (side.unopened->records != 0 || side.unopened->bytes.bytes() != 0));
  }
  if (opened) return closed ? event::ConnectionOutcome::partly_opened : event::ConnectionOutcome::opened;
  return closed ? event::ConnectionOutcome::closed : event::ConnectionOutcome::no_data;
}

}  // namespace

void Connection::State::finish(PacketRef at) {
  for (const Direction direction : {Direction::client, Direction::server}) end_recovery(direction, at);
  give_up_deciding(at);
  // What waited may have begun a further handshake.
  if (handshake_ && !handshake_->decided()) give_up_deciding(at);
  for (const Direction direction : {Direction::client, Direction::server}) {
    const Side& from = side(direction);
    if (from.framing_lost) {
      if (!from.unopened.made() || from.unopened->lost_bytes == 0) continue;
      problem(direction, "tls record",
              fmt::format("{} could not be cut into records", counted(from.unopened->lost_bytes, "byte")),
              at);
    } else if (from.framer.buffered() != 0) {
      problem(
          direction, "tls record",
          fmt::format("the last record is incomplete: only {} of it {} captured",
                      counted(from.framer.buffered(), "byte"), from.framer.buffered() == 1 ? "was" : "were"),
          at);
    }
  }
  emit_closed_records(at);
  end_handshake(at);
  for (const Direction direction : {Direction::client, Direction::server}) end_plaintext(direction, at);
}

void Connection::State::count_closed(Direction direction, const Record& record) {
  const auto& [header, fragment, at, offset, sslv2] = record;
  constexpr std::uint64_t kSaidOneByOne =
      8;  // handshake and alert records are few; a sender of more wants to flood
  Side& from = side(direction);
  ++from.unopened->records;
  from.unopened->bytes.add(offset, kRecordHeaderSize + fragment.size());
  if (header.type == kHandshake || handshake().tls13()) from.closed_handshake = true;
  if (header.type == kApplicationData) from.changed_cipher = true;
  if (const NoKeys* reason = handshake().refused();
      reason != nullptr && from.protection != Protection::open) {
    say_closed(std::nullopt, *reason, at);
  }
  if (header.type != kApplicationData && from.unopened->said_one_by_one < kSaidOneByOne) {
    ++from.unopened->said_one_by_one;
    // What went before an alert is told before it.
    emit_closed_records(at);
    emit_message(direction, header,
                 event::EncryptedRecords{registry::content_type(header.type), 1, header.length}, true, at);
    return;
  }
  ClosedRecords& sum = from.unopened->untold[header.type];
  ++sum.records;
  sum.bytes += header.length;
  // The handshake is over when application data flows. In TLS 1.3 the server's first records of this type are
  // still its handshake.
  const bool data = header.type == kApplicationData && handshake().facts().server &&
                    (!handshake().tls13() || direction == Direction::client);
  if (data) end_handshake(at);
}

void Connection::State::emit_message(Direction direction, const RecordHeader& header, event::TlsBody body,
                                     bool encrypted, PacketRef at) {
  handshake_open_ = handshake_open_ || std::holds_alternative<event::Handshake>(body);
  events_->emit(at, event::TlsMessage{direction, encrypted, registry::protocol_version(header.version),
                                      std::move(body)});
}

void Connection::State::add_fingerprints(Direction direction, event::Handshake& message, PacketRef at) {
  constexpr std::uint32_t kServerHello = 2;  // drafts of TLS 1.3 had a type of its own for HelloRetryRequest
  auto* client = std::get_if<event::ClientHello>(&message.body);
  auto* server = std::get_if<event::ServerHello>(&message.body);
  try {
    if (client != nullptr) client->fingerprints = fingerprints_of(*client);
    if (server != nullptr && message.type.value == kServerHello)
      server->fingerprints = fingerprints_of(*server);
  } catch (const crypto::CryptoError& error) {
    problem(direction, "tls handshake", fmt::format("a hello has no fingerprints: {}", error.what()), at);
  }
}

// Once for each handshake; where there are several secrets to try, when one is proven.
void Connection::State::tell_keys(PacketRef at) {
  const FoundKeys* found = handshake().found();
  if (decision_told_ || (found != nullptr && !found->others.empty())) return;
  decision_told_ = true;
  if (found != nullptr) emit_keys(at);
  if (handshake().tls13_secrets() != nullptr) emit_tls13_keys(at);
}

void Connection::State::emit_keys(PacketRef at) {
  const FoundKeys& found = *handshake().found();
  const CipherSuite& suite = *found.parameters.suite;
  note_secrets_used(found.secret.opened_with, found.secret.secrets_used);
  event::KeysEstablished keys;
  keys.version = version();
  keys.cipher_suite = cipher_suite();
  keys.opened_with = found.secret.opened_with;
  keys.key_exchange = found.resumed ? "resumed session" : key_exchange_name(suite.key_exchange);
  keys.bulk_cipher = crypto::bulk_info(suite.bulk).name;
  keys.mac = mac_name(suite);
  keys.prf = prf_name(prf_of(found.parameters));
  keys.extended_master_secret = found.parameters.extended_master_secret;
  keys.encrypt_then_mac = found.parameters.encrypt_then_mac;
  if (environment_->reveal_secrets) keys.secrets = reveal(found);
  events_->emit(at, std::move(keys));
}

void Connection::State::emit_tls13_keys(PacketRef at) {
  const Tls13Secrets& found = *handshake().tls13_secrets();
  note_secrets_used(found.opened_with, found.secrets_used);
  event::KeysEstablished keys;
  keys.version = version();
  keys.cipher_suite = cipher_suite();
  keys.opened_with = found.opened_with;
  keys.key_exchange = found.key_exchange;
  keys.bulk_cipher = crypto::bulk_info(found.parameters.suite->bulk).name;
  keys.mac = "AEAD";
  keys.prf = found.parameters.hash == crypto::HashId::sha384 ? "HKDF SHA384" : "HKDF SHA256";
  events_->emit(at, std::move(keys));
}

void Connection::State::note_secrets_used(const std::string& opened_with,
                                          const std::vector<std::string>& labels) {
  // Most connections are opened with the same as the one before.
  std::shared_ptr<const SecretsUsed>& latest = environment_->latest_secrets_used;
  if (!secrets_used_ && latest && latest->opened_with == opened_with && latest->labels == labels) {
    secrets_used_ = latest;
    return;
  }
  SecretsUsed used{opened_with, secrets_used_ ? secrets_used_->labels : std::vector<std::string>()};
  for (const std::string& label : labels) {
    if (std::ranges::find(used.labels, label) == used.labels.end()) used.labels.push_back(label);
  }
  secrets_used_ = latest = std::make_shared<const SecretsUsed>(std::move(used));
}

void Connection::State::emit_recovered(event::KeyLogLine line, PacketRef at) {
  if (!environment_->keylog_lines || line.secret.empty()) return;
  auto lines = std::make_shared<std::vector<event::KeyLogLine>>();
  lines->push_back(std::move(line));
  events_->emit(at, event::SecretsRecovered{std::move(lines)});
}

// Once for each handshake, by whichever direction opens first.
void Connection::State::tell_master_secret(Direction direction, PacketRef at) {
  KeyLogState& own = *side(direction).key_log;
  KeyLogState& opposite = *side(other(direction)).key_log;
  event::KeyLogLine line = std::exchange(own.master_to_tell, {});
  if (opposite.master_to_tell.id == line.id) opposite.master_to_tell = {};
  own.master_told = line.id;
  if (opposite.master_told != line.id) emit_recovered(std::move(line), at);
}

void Connection::State::say_closed(std::optional<Direction> direction, const NoKeys& reason, PacketRef at) {
  if (!cause_) cause_ = reason.cause;
  const int whose = direction ? static_cast<int>(index(*direction)) : 2;
  if (!said_->emplace(whose, reason.cause).second) return;
  events_->emit(at, event::Closed{direction, reason.cause, reason.explanation, reason.remedy});
}

void Connection::State::emit_closed_records(PacketRef at) {
  for (const Direction direction : {Direction::client, Direction::server}) {
    OnDemand<Unopened>& unopened = side(direction).unopened;
    if (!unopened.made()) continue;
    for (const auto& [type, sum] : unopened->untold) {
      event::TlsMessage message{
          direction, true, version(),
          event::EncryptedRecords{registry::content_type(type), sum.records, sum.bytes}};
      events_->emit(at, std::move(message));
    }
    unopened->untold.clear();
  }
}

void Connection::State::problem(std::optional<Direction> direction, std::string_view layer,
                                std::string message, PacketRef at) {
  events_->emit(at, event::Problem{direction, layer, std::move(message)});
}

event::CodePoint Connection::State::version() const {
  return version_ == 0 ? event::CodePoint{} : registry::protocol_version(version_);
}

event::CodePoint Connection::State::cipher_suite() const {
  return version_ == 0 ? event::CodePoint{} : cipher_suite_name(cipher_suite_);
}

Summary Connection::State::summary() const {
  Summary out;
  out.outcome = outcome_of(sides_);
  out.version = version();
  out.cipher_suite = cipher_suite();
  out.server_name = server_name_;
  if (secrets_used_) {
    out.opened_with = secrets_used_->opened_with;
    out.secrets_used = secrets_used_->labels;
  }
  out.cause = cause_;
  out.finished_verified = finished_verified_;
  for (std::size_t d = 0; d < sides_.size(); ++d) {
    out.directions[d].records = sides_[d].records;
    out.directions[d].records_opened = sides_[d].opened;
    out.directions[d].application_bytes = sides_[d].application_bytes;
    if (!sides_[d].unopened.made()) continue;
    const Unopened& unopened = *sides_[d].unopened;
    out.directions[d].records_closed = unopened.records;
    out.directions[d].closed_bytes = unopened.bytes.bytes();
    out.directions[d].closed_ranges = unopened.bytes.ranges();
  }
  return out;
}

}  // namespace tlspeel::tls
