// What is different in a handshake of TLS 1.3 once its ServerHello is known (RFC 8446 section 4).
#include <utility>

#include "tlspeel/crypto/mac.hpp"
#include "tlspeel/tls/record.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "handshake.hpp"
#include "hello_facts.hpp"

namespace tlspeel::tls {
namespace {

using Mark = Transcript::Mark;
using Point = Transcript::Tls13Point;

// Servers send a few; more before the client's Finished would only make us hold memory.
constexpr std::size_t kMaxEarlyTickets = 8;

}  // namespace

void Handshake::take_tls13(Direction sender, const HandshakeMessage& message, event::Handshake& parsed) {
  auto* finished = std::get_if<event::Finished>(&parsed.body);
  // Of this sender: what comes now stands in no main transcript. Where Finished could not be read, messages
  // that are sent only afterwards tell.
  const bool over = finished_[index(sender)] || std::holds_alternative<event::KeyUpdate>(parsed.body) ||
                    std::holds_alternative<event::NewSessionTicket>(parsed.body);
  if (over) {
    note_after_tls13_handshake(sender, message, parsed);
    return;
  }
  const bool client = sender == Direction::client;
  if (finished != nullptr)
    transcript_.mark(client ? Mark::client_finished_start : Mark::server_finished_start);
  transcript_.add(sender, message.whole);
  if (finished == nullptr) {
    note_tls13(sender, parsed);
    return;
  }
  transcript_.mark(client ? Mark::client_finished_end : Mark::server_finished_end);
  check_tls13_finished(sender, *finished);
  finished_[index(sender)] = true;
  recheck_finished(other(sender));
  // Nothing is derived from a transcript that did not verify: its secrets would open nothing.
  if (!client && own_tls13_secrets() != nullptr)
    derive_application_secrets(*own_tls13_secrets(), transcript_);
  if (complete()) after_tls13_handshake();
}

void Handshake::note_tls13(Direction sender, event::Handshake& parsed) {
  if (const auto* extensions = std::get_if<event::EncryptedExtensions>(&parsed.body)) {
    alpn_ = alpn_of(extensions->extensions);
    if (facts_.early_data == EarlyDataFate::unknown) {
      facts_.early_data =
          offers_early_data(extensions->extensions) ? EarlyDataFate::accepted : EarlyDataFate::refused;
    }
  } else if (tls13_secrets() == nullptr || !is_hello(parsed)) {
    // What the secrets were found for must not change under them.
    note(sender, parsed);
  }
}

void Handshake::check_tls13_finished(Direction sender, event::Finished& message) {
  const Tls13Secrets* secrets = tls13_secrets();
  if (secrets == nullptr || secrets->handshake[index(sender)].empty()) {
    message.note = "the handshake traffic secret is not known";
    return;
  }
  compare_finished(sender, message, expected_tls13_finished(sender));
}

std::optional<Bytes> Handshake::expected_tls13_finished(Direction sender) const {
  const Tls13Secrets* secrets = tls13_secrets();
  if (secrets == nullptr || secrets->handshake[index(sender)].empty()) return std::nullopt;
  const crypto::HashId hash = secrets->parameters.hash;
  const Point point =
      sender == Direction::client ? Point::before_client_finished : Point::before_server_finished;
  const auto messages = transcript_.tls13(point, hash);
  if (!messages) return std::nullopt;
  return finished_verify_data(secrets->parameters, secrets->handshake[index(sender)].view(),
                              crypto::hash(hash, {*messages}));
}

// What later messages depend on, before the transcript is forgotten.
void Handshake::after_tls13_handshake() {
  Tls13Secrets* secrets = own_tls13_secrets();
  if (secrets == nullptr) return;
  const auto messages = transcript_.tls13(Point::client_finished, secrets->parameters.hash);
  if (!messages) return;
  if (facts_.client->post_handshake_auth) {
    main_handshake_.emplace(secrets->parameters.hash);
    main_handshake_->update(*messages);
  }
  if (secrets->master.empty() || !verified_[index(Direction::server)]) return;
  const SecretBytes master = std::exchange(secrets->master, {});
  resumption_master_ = derive_secret(secrets->parameters, master.view(), "res master",
                                     crypto::hash(secrets->parameters.hash, {*messages}));
  for (const Ticket& each : std::exchange(early_tickets_, {})) remember_ticket(each);
}

void Handshake::note_after_tls13_handshake(Direction sender, const HandshakeMessage& message,
                                           event::Handshake& parsed) {
  Tls13Secrets* secrets = own_tls13_secrets();
  if (secrets == nullptr) return;
  if (const auto* ticket = std::get_if<event::NewSessionTicket>(&parsed.body)) {
    if (complete()) {
      remember_ticket({ticket->nonce, ticket->ticket});
    } else if (early_tickets_.size() < kMaxEarlyTickets &&
               secrets->master.size() + secrets->handshake_secret.size() != 0) {
      early_tickets_.push_back({ticket->nonce, ticket->ticket});
    }
  } else if (std::holds_alternative<event::KeyUpdate>(parsed.body)) {
    pass_key_update(sender);
  } else if (main_handshake_) {
    note_authentication(sender, message, parsed);
  }
}

// RFC 8446 sections 4.4 and 4.6.2: the transcript is the main handshake, the request, and the client's
// messages up to the one in question; Finished is under the application traffic secret.
void Handshake::note_authentication(Direction sender, const HandshakeMessage& message,
                                    event::Handshake& parsed) {
  if (sender == Direction::server) {
    if (!std::holds_alternative<event::CertificateRequest>(parsed.body)) return;
    authentication_.emplace(main_handshake_->clone());
    authentication_->update(message.whole);
    return;
  }
  auto* finished = std::get_if<event::Finished>(&parsed.body);
  if (finished == nullptr) {
    if (authentication_) authentication_->update(message.whole);
    return;
  }
  const SecretBytes& base = tls13_secrets()->application[index(Direction::client)];
  if (!authentication_ || base.empty()) {
    finished->note = "the request for authentication was not captured";
    return;
  }
  const Bytes expected =
      finished_verify_data(tls13_secrets()->parameters, base.view(), authentication_->finish());
  finished->verified = crypto::equal(expected, finished->verify_data);
  authentication_.reset();
}

void Handshake::adopt(const LateStart::Found& found, const std::optional<MissingBytes>& missing) {
  lose_messages(missing);
  if (!facts_.client) facts_.client.emplace().random = found.client_random;
  if (!facts_.server) {
    ServerHelloFacts& server = facts_.server.emplace();
    server.version = kTls13;
    server.version_name = registry::protocol_version(kTls13);
    server.suite = found.secrets.parameters.suite;
    server.suite_name = {server.suite->id, server.suite->name};
    server.tls13 = true;
  }
  Tls13Secrets secrets;
  secrets.parameters = found.secrets.parameters;
  for (std::size_t i = 0; i < secrets.application.size(); ++i) {
    secrets.application[i] = found.secrets.application[i].clone();
    secrets.handshake[i] = found.secrets.handshake[i].clone();
  }
  secrets.key_exchange = found.secrets.key_exchange;
  secrets.opened_with = found.secrets.opened_with;
  secrets.secrets_used = found.secrets.secrets_used;
  decision_ = std::move(secrets);
}

void Handshake::shrink_tls13() {
  Tls13Secrets* secrets = own_tls13_secrets();
  if (shrunk_ || secrets == nullptr || !complete() || unchecked_.made()) return;
  shrunk_ = true;
  if (facts_.client) {
    Bytes random = std::move(facts_.client->random);
    facts_.client.emplace().random = std::move(random);
  }
  secrets->handshake = {};
  secrets->early = SecretBytes();
  secrets->early_suites.clear();
}

void Handshake::pass_key_update(Direction sender) {
  Tls13Secrets* secrets = own_tls13_secrets();
  if (secrets == nullptr || secrets->application[index(sender)].empty()) return;
  SecretBytes& current = secrets->application[index(sender)];
  current = next_traffic_secret(secrets->parameters, current.view());
}

void Handshake::give_up_application_secrets() {
  if (Tls13Secrets* secrets = own_tls13_secrets()) secrets->handshake_secret = SecretBytes();
}

void Handshake::assume_early_data(EarlyDataFate fate) {
  if (facts_.early_data == EarlyDataFate::unknown) facts_.early_data = fate;
}

void Handshake::remember_ticket(const Ticket& ticket) {
  if (environment_->sessions == nullptr || resumption_master_.empty() || ticket.ticket.empty()) return;
  const Tls13Secrets& secrets = *tls13_secrets();
  auto remembered = std::make_shared<secrets::SessionSecret>();
  remembered->master = resumption_psk(secrets.parameters, resumption_master_.view(), ticket.nonce);
  remembered->opened_with = secrets.opened_with;
  remembered->secrets_used = secrets.secrets_used;
  remembered->version = kTls13;
  remembered->cipher_suite = secrets.parameters.suite->id;
  environment_->sessions->put(environment_->current_packet, ticket.ticket, std::move(remembered));
}

}  // namespace tlspeel::tls
