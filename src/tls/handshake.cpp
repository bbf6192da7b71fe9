#include "handshake.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/crypto/error.hpp"
#include "tlspeel/crypto/mac.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/record.hpp"

#include "hello_facts.hpp"

namespace tlspeel::tls {
namespace {

// draft-ietf-tls-tls13-18 section 4.2.1.1.
constexpr std::uint32_t kTls13Draft18 = 0x7f12;

using Mark = Transcript::Mark;

}  // namespace

bool is_hello(const event::Handshake& message) {
  return std::holds_alternative<event::ClientHello>(message.body) ||
         std::holds_alternative<event::ServerHello>(message.body);
}

Handshake::Handshake(Environment& environment, const SettledHandshake& settled,
                     const event::CodePoint& version, const event::CodePoint& suite, std::string alpn)
    : environment_(&environment),
      alpn_(std::move(alpn)),
      finished_{true, true},
      verified_(settled.verified),
      settled_(true),
      premaster_known_(settled.premaster_known) {
  facts_.client.emplace();
  ServerHelloFacts& server = facts_.server.emplace();
  server.version = settled.version;
  server.suite = settled.suite;
  server.version_name = version;
  server.suite_name = suite;
  transcript_.invalidate();
}

bool Handshake::may_settle() const {
  if (settled_) return true;
  const FoundKeys* keys = found();
  return keys != nullptr && keys->others.empty() && !keys->cut && keys->parameters.compression == 0 &&
         complete() && facts_.client && facts_.server && !facts_.messages_lost && !retry_requested_ &&
         !transcript_.valid();
}

SettledHandshake Handshake::settled() const {
  const bool premaster_known = settled_ ? premaster_known_ : !found()->secret.premaster.empty();
  return {facts_.server->version, facts_.server->suite, verified_, premaster_known};
}

event::Handshake Handshake::take(Direction sender, const HandshakeMessage& message, bool encrypted) {
  const ServerHelloFacts* const server = facts_.server.get();
  MessageContext context;
  context.direction = sender;
  context.version = server == nullptr ? std::uint16_t{0} : server->version;
  context.suite = server == nullptr ? nullptr : server->suite;
  context.tls13 = tls13();
  context.certificates = &environment_->certificates;
  event::Handshake out = parse_handshake(message.type, message.body, context);
  if (server != nullptr && server->tls13) {
    // RFC 8446 section 2: everything behind the hellos is protected; what is not, anybody may have put there.
    if (encrypted || is_hello(out)) take_tls13(sender, message, out);
    return out;
  }
  auto* finished = std::get_if<event::Finished>(&out.body);
  if (finished != nullptr) {
    transcript_.mark(sender == Direction::client ? Mark::client_finished_start : Mark::server_finished_start);
  }
  // RFC 5246 section 7.4.1.1: HelloRequest is not part of the handshake's hashes.
  if (!std::holds_alternative<event::HelloRequest>(out.body)) transcript_.add(sender, message.whole);
  if (finished != nullptr) {
    check_finished(sender, *finished, encrypted);
    transcript_.mark(sender == Direction::client ? Mark::client_finished_end : Mark::server_finished_end);
    recheck_finished(other(sender));
  } else {
    note(sender, out);
  }
  return out;
}

event::Handshake Handshake::take_sslv2_hello(ByteView message) {
  event::Handshake out = parse_handshake(1, {}, {});
  out.length = static_cast<std::uint32_t>(message.size());
  if (auto hello = parse_sslv2_client_hello(message)) {
    // RFC 5246 appendix E.2: the hashes cover the message without its two-byte length.
    transcript_.add(Direction::client, message);
    note_client_hello(*hello);
    out.body = *std::move(hello);
  } else {
    out.body =
        event::OtherHandshake{to_bytes(message), fmt::format("SSLv2-compatible client_hello: {} at offset {}",
                                                             hello.error().what, hello.error().offset)};
  }
  return out;
}

void Handshake::take_change_cipher_spec(Direction sender) {
  if (sender == Direction::server) facts_.server_changed_cipher = true;
}

void Handshake::decide() {
  if (decision_) return;
  if (facts_.client && facts_.server && ++attempts_ > kMostAttempts) {
    decision_ = no_keys(
        event::ClosedCause::limit_reached,
        fmt::format("the handshake has more than {} messages before its keys are agreed", kMostAttempts),
        kGiveLog);
    return;
  }
  try {
    decision_ = find_keys(facts_, transcript_, *environment_);
  } catch (const crypto::CryptoError& error) {
    decision_ =
        NoKeys{event::ClosedCause::unsupported_cipher, fmt::format("OpenSSL failed: {}", error.what()), ""};
  }
}

void Handshake::adopt(LostClientHello::Found found, const std::optional<MissingBytes>& missing) {
  lose_messages(missing);
  facts_.client = std::move(found.client);
  decision_ = std::move(found.keys);
}

bool Handshake::use_other_keys() {
  FoundKeys* keys = decision_ ? std::get_if<FoundKeys>(&*decision_) : nullptr;
  return keys != nullptr && tls::use_other_keys(*keys, facts_, *environment_);
}

void Handshake::keys_are_proven() {
  if (FoundKeys* keys = decision_ ? std::get_if<FoundKeys>(&*decision_) : nullptr) keys->others.clear();
}

void Handshake::note(Direction sender, event::Handshake& message) {
  if (const auto* client_hello = std::get_if<event::ClientHello>(&message.body)) {
    if (sender == Direction::client) note_client_hello(*client_hello);
  } else if (const auto* server_hello = std::get_if<event::ServerHello>(&message.body)) {
    if (sender == Direction::server) note_server_hello(*server_hello);
  } else if (const auto* certificate = std::get_if<event::Certificate>(&message.body)) {
    note_certificate(sender, *certificate);
  } else if (const auto* server_exchange = std::get_if<event::ServerKeyExchange>(&message.body)) {
    facts_.server_key_exchange_seen = true;
    facts_.server_public = server_exchange->public_key;
    facts_.dh_prime = server_exchange->dh_prime;
  } else if (std::holds_alternative<event::ServerHelloDone>(message.body)) {
    facts_.server_hello_done_seen = true;
    transcript_.mark(Mark::server_hello_done_end);
  } else if (auto* exchange = std::get_if<event::ClientKeyExchange>(&message.body)) {
    note_client_key_exchange(*exchange);
  } else if (const auto* ticket = std::get_if<event::NewSessionTicket>(&message.body)) {
    facts_.new_ticket = ticket->ticket;
  }
}

void Handshake::note_client_hello(const event::ClientHello& hello) {
  if (!facts_.client) {
    transcript_.mark(Mark::first_client_hello_end);
    if (offers_early_data(hello.extensions)) {
      facts_.early_data = early_data_refused_ ? EarlyDataFate::refused : EarlyDataFate::unknown;
    }
  }
  facts_.client = client_hello_facts(hello);
  server_name_ = server_name_of(hello.extensions);
  transcript_.mark(Mark::client_hello_end);
}

void Handshake::note_server_hello(const event::ServerHello& hello) {
  if (hello.hello_retry_request) {
    retry_requested_ = true;
    facts_.retried = true;
    transcript_.mark(Mark::retry_end);
    if (hello.selected_version.value == kTls13Draft18) transcript_.keep_first_client_hello();
    return;
  }
  facts_.server = server_hello_facts(hello);
  transcript_.mark(Mark::server_hello_end);
  // RFC 8446 section 4.2.10: only with the first identity, and never after a HelloRetryRequest.
  const bool refused = retry_requested_ || facts_.server->selected_psk.value_or(1) != 0;
  if (refused) refuse_early_data();
  alpn_ = alpn_of(hello.extensions);
  read_early_client_key_exchange();
}

// A ServerHello captured before the ClientHello cannot know that it has nothing to refuse.
void Handshake::refuse_early_data() {
  early_data_refused_ = true;
  if (facts_.early_data == EarlyDataFate::unknown) facts_.early_data = EarlyDataFate::refused;
}

// The client's answer may be captured before the question.
void Handshake::read_early_client_key_exchange() {
  const CipherSuite* suite = facts_.server->suite;
  if (facts_.client_key_exchange_body.empty() || suite == nullptr) return;
  const auto message =
      parse_client_key_exchange(facts_.client_key_exchange_body, suite->key_exchange, facts_.server->version);
  if (!message) return;
  facts_.encrypted_premaster = message->encrypted_premaster_secret;
  facts_.client_public = message->public_key;
  facts_.psk_identity = message->psk_identity;
}

void Handshake::note_certificate(Direction sender, const event::Certificate& certificate) {
  if (sender != Direction::server) return;
  facts_.certificate_seen = true;
  if (certificate.chain.empty()) return;
  const event::CertificateInfo& leaf = certificate.chain.front().certificate;
  facts_.certificate_spki_sha256 = environment_->certificates.spki_sha256(leaf.der);
  const std::string_view subject = leaf.raw_public_key ? std::string_view("raw public key") : leaf.subject;
  facts_.certificate_summary = leaf.parsed ? fmt::format("{}, {}", subject, leaf.public_key) : "unreadable";
}

void Handshake::note_client_key_exchange(event::ClientKeyExchange& message) {
  facts_.client_key_exchange_seen = true;
  facts_.encrypted_premaster = message.encrypted_premaster_secret;
  facts_.client_public = message.public_key;
  facts_.psk_identity = message.psk_identity;
  if (!facts_.server) facts_.client_key_exchange_body = message.raw;
  transcript_.mark(Mark::client_key_exchange_end);
  decide();
  const bool found_by_it =
      found() != nullptr && !found()->secret.premaster.empty() && found()->others.empty();
  if (found_by_it || premaster_known_) {
    message.premaster = event::PremasterState::recovered;
  } else if (const NoKeys* reason = refused()) {
    const bool wrong = reason->cause == event::ClosedCause::key_of_other_certificate ||
                       reason->cause == event::ClosedCause::decryption_failed;
    if (wrong) message.premaster = event::PremasterState::wrong_key;
    if (reason->cause == event::ClosedCause::no_key_given ||
        reason->cause == event::ClosedCause::not_in_key_log) {
      message.premaster = event::PremasterState::no_key;
    }
  }
}

void Handshake::check_finished(Direction sender, event::Finished& message, bool encrypted) {
  // Each check hashes the whole handshake: 2 MiB, for a message of 16 bytes.
  if (std::exchange(finished_[index(sender)], true)) {
    message.note = "a further one of the same handshake";
    return;
  }
  if (found() == nullptr) {
    message.note = "the master secret is not known";
    return;
  }
  compare_finished(sender, message, expected_finished(sender));
  // Where the hash cannot be had, a record that verified proves the keys as well.
  if (sender == Direction::server && message.verified.value_or(encrypted)) remember_session();
}

// What the sides say was captured in any order; a Finished may wait for one that it covers.
void Handshake::compare_finished(Direction sender, event::Finished& message,
                                 const std::optional<Bytes>& expected) {
  if (expected) {
    message.verified = crypto::equal(*expected, message.verify_data);
    verified_[index(sender)] = *message.verified;
  } else if (transcript_.valid()) {
    message.note = "messages before it were captured behind it";
    (*unchecked_)[index(sender)] = message.verify_data;
  } else {
    message.note = "not all handshake messages before it were captured";
  }
}

void Handshake::recheck_finished(Direction sender) {
  if (!unchecked_.made()) return;
  Bytes& unchecked = (*unchecked_)[index(sender)];
  if (unchecked.empty()) return;
  const auto expected = tls13() ? expected_tls13_finished(sender) : expected_finished(sender);
  if (!expected) return;
  verified_[index(sender)] = crypto::equal(*expected, unchecked);
  unchecked.clear();
}

std::optional<Bytes> Handshake::expected_finished(Direction sender) const {
  const FoundKeys* keys = found();
  if (keys == nullptr) return std::nullopt;
  const auto before = transcript_.before_finished(sender, keys->resumed);
  if (!before) return std::nullopt;
  return verify_data(keys->parameters, keys->secret.master.view(), sender, *before);
}

// Only a session whose keys are proven is worth resuming: anything else would open nothing.
void Handshake::remember_session() {
  if (environment_->sessions == nullptr) return;
  const FoundKeys& keys = *found();
  const auto put = [&](ByteView id) {
    if (id.empty()) return;
    auto secret = std::make_shared<secrets::SessionSecret>();
    secret->master = keys.secret.master.clone();
    secret->extended_master_secret = keys.parameters.extended_master_secret;
    secret->opened_with = keys.secret.opened_with;
    secret->secrets_used = keys.secret.secrets_used;
    secret->version = keys.parameters.version;
    secret->cipher_suite = keys.parameters.suite->id;
    environment_->sessions->put(environment_->current_packet, id, std::move(secret));
  };
  put(facts_.server->session_id);
  put(facts_.new_ticket);
}

}  // namespace tlspeel::tls
