#include "tls13_keys.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/crypto/mac.hpp"
#include "tlspeel/tls/record.hpp"

#include "key_finder.hpp"
#include "remembered_session.hpp"

namespace tlspeel::tls {
namespace {

using event::ClosedCause;
using secrets::KeyLogLabel;
using Point = Transcript::Tls13Point;

struct Psk {
  SecretBytes key;
  std::uint16_t suite = 0;  // 0: not bound to one
  std::string opened_with;
  std::vector<std::string> secrets_used;
};

// The (EC)DHE secret.
struct Shared {
  SecretBytes secret;
  std::string label;
};

Tls13Secrets begin(const HandshakeFacts& facts);
std::optional<Tls13Secrets> from_key_log(const HandshakeFacts& facts, const Environment& environment);
std::optional<Psk> find_psk(const HandshakeFacts& facts, const Transcript& transcript,
                            Environment& environment, std::size_t identity);
std::optional<Shared> find_shared(const HandshakeFacts& facts, const secrets::Store& store);
void add_early_secret(Tls13Secrets& secrets, const HandshakeFacts& facts, const Transcript& transcript,
                      const Psk& psk);
void add_secret_used(Tls13Secrets& secrets, const std::string& label);
NoKeys explain(const HandshakeFacts& facts, const Environment& environment);
Bytes hash_at(const Transcript& transcript, Point point, crypto::HashId hash);

}  // namespace

// RFC 8446 section 7.1, from the top: PSK, (EC)DHE, and the transcript up to ServerHello.
std::optional<Decision> find_tls13_secrets(const HandshakeFacts& facts, const Transcript& transcript,
                                           Environment& environment) {
  if (auto logged = from_key_log(facts, environment)) return Decision(*std::move(logged));
  const ServerHelloFacts& server = *facts.server;
  Tls13Secrets secrets = begin(facts);
  // Without its messages the schedule cannot begin; a second ClientHello may still come.
  if (!transcript.tls13(Point::server_hello, secrets.parameters.hash)) {
    if (transcript.valid()) return std::nullopt;
    return explain(facts, environment);
  }
  const bool early_possible = facts.early_data != EarlyDataFate::not_offered;
  std::optional<Psk> psk;
  // Early data is under the first identity (RFC 8446 section 4.2.10).
  if (server.selected_psk || early_possible) {
    psk = find_psk(facts, transcript, environment, server.selected_psk.value_or(0));
  }
  if (psk && early_possible && server.selected_psk.value_or(0) == 0) {
    add_early_secret(secrets, facts, transcript, *psk);
  }
  std::optional<Shared> shared;
  if (server.key_share) shared = find_shared(facts, *environment.store);
  const bool open = (psk || !server.selected_psk) && (shared || !server.key_share) &&
                    (server.selected_psk || server.key_share) && secrets.parameters.draft == 0;
  if (!open && secrets.early.empty()) return explain(facts, environment);
  if (psk && (server.selected_psk || !secrets.early.empty())) {
    secrets.opened_with = psk->opened_with;
    secrets.secrets_used = psk->secrets_used;
  }
  if (!open) return Decision(std::move(secrets));

  if (shared) {
    add_secret_used(secrets, shared->label);
  }
  const Tls13Parameters& parameters = secrets.parameters;
  const bool with_psk = psk && server.selected_psk;
  const SecretBytes early = early_secret(parameters, with_psk ? psk->key.view() : ByteView());
  secrets.handshake_secret =
      handshake_secret(parameters, early.view(), shared ? shared->secret.view() : ByteView());
  const Bytes hash = hash_at(transcript, Point::server_hello, parameters.hash);
  const ByteView secret = secrets.handshake_secret.view();
  secrets.handshake[index(Direction::client)] = derive_secret(parameters, secret, "c hs traffic", hash);
  secrets.handshake[index(Direction::server)] = derive_secret(parameters, secret, "s hs traffic", hash);
  return Decision(std::move(secrets));
}

bool derive_application_secrets(Tls13Secrets& secrets, const Transcript& transcript) {
  if (secrets.handshake_secret.empty()) return true;
  const Tls13Parameters& parameters = secrets.parameters;
  const SecretBytes handshake = std::exchange(secrets.handshake_secret, {});
  const auto messages = transcript.tls13(Point::server_finished, parameters.hash);
  if (!messages) return false;
  const Bytes hash = crypto::hash(parameters.hash, {*messages});
  secrets.master = master_secret(parameters, handshake.view());
  const ByteView master = secrets.master.view();
  secrets.application[index(Direction::client)] = derive_secret(parameters, master, "c ap traffic", hash);
  secrets.application[index(Direction::server)] = derive_secret(parameters, master, "s ap traffic", hash);
  return true;
}

NoKeys explain_missing(const HandshakeFacts& facts, const Tls13Secrets& secrets, Direction direction,
                       Epoch epoch, const Environment& environment) {
  static constexpr std::array<std::string_view, kEpochs> kNames = {
      "CLIENT_EARLY_TRAFFIC_SECRET", "HANDSHAKE_TRAFFIC_SECRET", "TRAFFIC_SECRET_0"};
  static constexpr std::array<std::string_view, kEpochs> kWhat = {"early data of the client stays closed",
                                                                  "handshake messages of the {} stay closed",
                                                                  "application data of the {} stays closed"};
  const auto which = static_cast<std::size_t>(epoch);
  const std::string_view sender = direction == Direction::client ? "CLIENT_" : "SERVER_";
  if (!environment.store->logged_any(facts.client->random, environment.current_packet)) {
    // Only its early data could be opened, or messages of the handshake are missing.
    if (facts.messages_lost && secrets.handshake_known()) {
      return bytes_missing("the secrets of the application data depend on all messages of the handshake",
                           facts.missing);
    }
    return explain(facts, environment);
  }
  const std::string_view who = direction == Direction::client ? "client" : "server";
  return no_keys(ClosedCause::key_log_incomplete,
                 fmt::format("the key log has no {}{} for this connection, so {}",
                             epoch == Epoch::early ? std::string_view() : sender, kNames[which],
                             fmt::format(fmt::runtime(kWhat[which]), who)),
                 "give a key log with all secrets of the connection");
}

namespace {

// The same key may have made the session that is resumed.
void add_secret_used(Tls13Secrets& secrets, const std::string& label) {
  if (std::ranges::find(secrets.secrets_used, label) != secrets.secrets_used.end()) return;
  secrets.opened_with += (secrets.opened_with.empty() ? "" : " and ") + label;
  secrets.secrets_used.push_back(label);
}

// IANA "TLS Supported Groups": 0x0100 to 0x01ff are finite fields (RFC 7919).
std::string_view key_exchange_of(const ServerHelloFacts& server) {
  if (!server.key_share) return "PSK";
  const std::uint32_t group = server.key_share->group.value;
  const bool finite_field = group >> 8 == 1;
  const bool hybrid = server.key_share->group.name.find("MLKEM") != std::string_view::npos ||
                      server.key_share->group.name.find("Kyber") != std::string_view::npos;
  if (server.selected_psk)
    return finite_field ? "PSK with DHE" : hybrid ? "PSK with ECDHE and ML-KEM" : "PSK with ECDHE";
  return finite_field ? "DHE" : hybrid ? "ECDHE and ML-KEM" : "ECDHE";
}

Tls13Secrets begin(const HandshakeFacts& facts) {
  Tls13Secrets secrets;
  secrets.parameters = tls13_parameters(*facts.server->suite, facts.server->version);
  secrets.key_exchange = key_exchange_of(*facts.server);
  return secrets;
}

// Accepted early data is under the suite of the connection; refused early data may be under any that the
// client offers (RFC 8446 section 4.2.11: the hash is the PSK's).
std::vector<const CipherSuite*> early_suites(const HandshakeFacts& facts, std::size_t secret_size,
                                             std::uint16_t likeliest) {
  std::vector<const CipherSuite*> suites;
  const auto add = [&](std::uint16_t id) {
    const CipherSuite* suite = find_cipher_suite(id);
    if (suite == nullptr || !suite->tls13 || !crypto::bulk_available(suite->bulk)) return;
    if (crypto::hash_size(hkdf_hash(*suite)) != secret_size) return;
    if (std::ranges::find(suites, suite) == suites.end()) suites.push_back(suite);
  };
  add(likeliest);
  add(facts.server->suite->id);
  for (const std::uint16_t id : facts.client->suites) add(id);
  return suites;
}

std::optional<Tls13Secrets> from_key_log(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  if (!store.logged_any(facts.client->random, environment.current_packet)) return std::nullopt;
  Tls13Secrets secrets = begin(facts);
  const std::size_t size = crypto::hash_size(secrets.parameters.hash);
  const auto take = [&](KeyLogLabel label, bool any_size) {
    auto logged = store.logged(label, facts.client->random, environment.current_packet);
    if (!logged || (!any_size && logged->secret.size() != size)) return SecretBytes();
    if (secrets.opened_with.empty()) secrets.opened_with = logged->label;
    if (std::ranges::find(secrets.secrets_used, logged->label) == secrets.secrets_used.end()) {
      secrets.secrets_used.push_back(logged->label);
    }
    return std::move(logged->secret);
  };
  constexpr std::size_t kClient = index(Direction::client);
  constexpr std::size_t kServer = index(Direction::server);
  secrets.handshake[kClient] = take(KeyLogLabel::client_handshake_traffic_secret, false);
  secrets.handshake[kServer] = take(KeyLogLabel::server_handshake_traffic_secret, false);
  secrets.application[kClient] = take(KeyLogLabel::client_traffic_secret_0, false);
  secrets.application[kServer] = take(KeyLogLabel::server_traffic_secret_0, false);
  if (facts.early_data != EarlyDataFate::not_offered) {
    secrets.early = take(KeyLogLabel::client_early_traffic_secret, true);
    secrets.early_suites = early_suites(facts, secrets.early.size(), facts.server->suite->id);
  }
  if (secrets.secrets_used.empty()) return std::nullopt;
  return secrets;
}

Bytes hash_at(const Transcript& transcript, Point point, crypto::HashId hash) {
  return crypto::hash(hash, {transcript.tls13(point, hash).value_or(Bytes())});
}

// RFC 8446 section 4.2.11.2: the last ClientHello is hashed without its list of binders, which ends it.
bool binder_verifies(const HandshakeFacts& facts, const Transcript& transcript, ByteView psk,
                     std::size_t identity) {
  const event::PskOffer& offer = facts.client->psk;
  if (identity >= offer.binders.size()) return false;
  const Bytes& binder = offer.binders[identity];
  Tls13Parameters parameters;
  for (const crypto::HashId hash : {crypto::HashId::sha256, crypto::HashId::sha384}) {
    if (crypto::hash_size(hash) == binder.size()) parameters.hash = hash;
  }
  if (parameters.hash == crypto::HashId::none) return false;
  std::size_t binders_size = 2;
  for (const Bytes& each : offer.binders) binders_size += 1 + each.size();
  const auto messages = transcript.tls13(Point::client_hellos, parameters.hash);
  if (!messages || messages->size() < binders_size) return false;
  const Bytes hash =
      crypto::hash(parameters.hash, {ByteView(*messages).first(messages->size() - binders_size)});
  const SecretBytes early = early_secret(parameters, psk);
  const Bytes empty_hash = crypto::hash(parameters.hash, {});
  for (const std::string_view label : {"res binder", "ext binder"}) {
    const SecretBytes key = derive_secret(parameters, early.view(), label, empty_hash);
    if (crypto::equal(finished_verify_data(parameters, key.view(), hash), binder)) return true;
  }
  return false;
}

std::optional<Psk> find_psk(const HandshakeFacts& facts, const Transcript& transcript,
                            Environment& environment, std::size_t identity) {
  if (identity >= facts.client->psk.identities.size()) return std::nullopt;
  const Bytes& name = facts.client->psk.identities[identity].identity;
  const auto session = remembered_session(environment, name);
  if (session != nullptr && session->version == kTls13) {
    return Psk{session->master.clone(), session->cipher_suite, session->opened_with, session->secrets_used};
  }
  if (auto ticket = environment.store->ticket_keys().open(name); ticket && ticket->version == kTls13) {
    std::string label = std::move(ticket->label);
    return Psk{std::move(ticket->secret), ticket->cipher_suite, label, {label}};
  }
  for (const secrets::Psk* psk : environment.store->psks().of(name)) {
    if (!binder_verifies(facts, transcript, psk->key.view(), identity)) continue;
    return Psk{psk->key.clone(), 0, psk->label, {psk->label}};
  }
  return std::nullopt;
}

void add_early_secret(Tls13Secrets& secrets, const HandshakeFacts& facts, const Transcript& transcript,
                      const Psk& psk) {
  std::size_t size = crypto::hash_size(secrets.parameters.hash);
  if (!facts.client->psk.binders.empty()) size = facts.client->psk.binders.front().size();
  Tls13Parameters parameters = secrets.parameters;
  for (const crypto::HashId hash : {crypto::HashId::sha256, crypto::HashId::sha384}) {
    if (crypto::hash_size(hash) == size) parameters.hash = hash;
  }
  const SecretBytes early = early_secret(parameters, psk.key.view());
  const Bytes hash = hash_at(transcript, Point::first_client_hello, parameters.hash);
  secrets.early = derive_secret(parameters, early.view(), "c e traffic", hash);
  secrets.early_suites = early_suites(facts, secrets.early.size(), psk.suite);
}

std::optional<Shared> find_shared(const HandshakeFacts& facts, const secrets::Store& store) {
  const event::KeyShare& server = *facts.server->key_share;
  const auto client = std::ranges::find_if(
      facts.client->key_shares, [&](const event::KeyShare& share) { return share.group == server.group; });
  if (client == facts.client->key_shares.end()) return std::nullopt;
  const auto agree = [&](const Bytes& own, const Bytes& peer) -> std::optional<Shared> {
    const auto match = store.key_of_public(own);
    if (!match) return std::nullopt;
    auto secret = match->key->agree(peer);
    if (!secret) return std::nullopt;
    return Shared{*std::move(secret), match->label};
  };
  if (auto shared = agree(server.key_exchange, client->key_exchange)) return shared;
  return agree(client->key_exchange, server.key_exchange);
}

// An identity that is text; a ticket is none.
std::string selected_identity(const HandshakeFacts& facts) {
  const auto& identities = facts.client->psk.identities;
  const std::size_t selected = facts.server->selected_psk.value_or(0);
  if (selected >= identities.size()) return "";
  const ByteView identity = identities[selected].identity;
  return is_plain_text(identity) ? fmt::format(" (identity {})", shown_identity(identity)) : "";
}

NoKeys explain(const HandshakeFacts& facts, const Environment& environment) {
  const ServerHelloFacts& server = *facts.server;
  const secrets::Store& store = *environment.store;
  if (store.has_key_log(environment.current_packet)) {
    return not_in_key_log(facts, kGiveThisLog);
  }
  if (server.selected_psk && !server.key_share && !store.ticket_keys().empty() &&
      store.psks().all().empty()) {
    return no_keys(ClosedCause::ticket_key_not_given,
                   "the session's ticket does not open with any of the given ticket keys",
                   "give the ticket key that the server used at the time (--ticket-key), or a key log "
                   "(--keylog)");
  }
  if (server.selected_psk && !server.key_share) {
    return no_keys(ClosedCause::psk_not_given,
                   fmt::format("{} with a pre-shared key that was not given{}", server.version_name.name,
                               selected_identity(facts)),
                   "give the pre-shared key (--psk, --psk-file), the server's ticket key (--ticket-key) or a "
                   "key log (--keylog)");
  }
  return no_keys(
      ClosedCause::tls13_needs_keylog,
      fmt::format("ephemeral key exchange of {}: {}", server.version_name.name,
                  server.selected_psk
                      ? "neither the server's private key nor that of the session or its ticket opens it"
                      : "the server's private key cannot open it"),
      kGiveLog);
}

}  // namespace
}  // namespace tlspeel::tls
