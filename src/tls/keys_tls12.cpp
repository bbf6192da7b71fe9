#include <algorithm>

#include "tlspeel/crypto/bulk_table.hpp"

#include "key_finder.hpp"
#include "reasons_tls12.hpp"
#include "secrets_tls12.hpp"

namespace tlspeel::tls {
namespace {

using event::ClosedCause;

FoundKeys found_keys(const HandshakeFacts& facts, Parameters parameters, Candidate secret, bool resumed);
std::optional<Decision> full_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                  const Environment& environment);

}  // namespace

std::optional<Decision> find_tls12_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                        Environment& environment) {
  // Whether a session is resumed shows after the ServerHello; until then nothing is judged.
  const bool resumed = facts.resumed();
  const bool full = facts.certificate_seen || facts.server_key_exchange_seen ||
                    facts.server_hello_done_seen || facts.client_key_exchange_seen;
  if (!resumed && !full) return std::nullopt;
  if (auto logged = logged_master(facts, environment)) {
    return keys_of_master(facts, *std::move(logged));
  }
  if (!resumed) return full_keys(facts, transcript, environment);
  auto session = resumed_session(facts, environment);
  if (!session) return explain_closed_resumption(facts, environment);
  Parameters parameters = agreed_parameters(facts);
  parameters.extended_master_secret = session->secret.extended_master_secret;
  FoundKeys keys = found_keys(facts, parameters, std::move(session->secret), true);
  keys.session = std::move(session->id);
  return keys;
}

Parameters agreed_parameters(const HandshakeFacts& facts) {
  const ServerHelloFacts& server = *facts.server;
  Parameters parameters;
  parameters.version = server.version;
  parameters.suite = server.suite;
  parameters.encrypt_then_mac = server.encrypt_then_mac;
  parameters.extended_master_secret = server.extended_master_secret && facts.client->extended_master_secret;
  // RFC 6066 section 7: it has no meaning for suites without HMAC.
  parameters.truncated_hmac =
      server.truncated_hmac && facts.client->truncated_hmac && !crypto::is_aead(server.suite->bulk);
  parameters.compression = static_cast<std::uint8_t>(server.compression);
  return parameters;
}

FoundKeys keys_of_master(const HandshakeFacts& facts, Candidate master) {
  return found_keys(facts, agreed_parameters(facts), std::move(master), facts.resumed());
}

bool use_other_keys(FoundKeys& keys, const HandshakeFacts& facts, const Environment& environment) {
  if (!keys.session.empty()) {
    keys.others = other_sessions(std::exchange(keys.session, {}), keys.secret.master, environment);
  }
  if (keys.others.empty()) return false;
  keys.secret = std::move(keys.others.front());
  keys.others.erase(keys.others.begin());
  if (keys.resumed) keys.parameters.extended_master_secret = keys.secret.extended_master_secret;
  keys.keys =
      key_block(keys.parameters, keys.secret.master.view(), {facts.client->random, facts.server->random});
  return true;
}

namespace {

FoundKeys found_keys(const HandshakeFacts& facts, Parameters parameters, Candidate secret, bool resumed) {
  KeyBlock keys = key_block(parameters, secret.master.view(), {facts.client->random, facts.server->random});
  return {parameters, std::move(secret), std::move(keys), resumed};
}

// What a premaster secret needs to become a master secret; nullopt: messages that it depends on are to come.
struct Hashed {
  std::optional<Bytes> handshake;  // where RFC 7627 is in use
  std::optional<NoKeys> obstacle;
};
std::optional<Hashed> hash_for(const Parameters& parameters, const HandshakeFacts& facts,
                               const Transcript& transcript) {
  if (!parameters.extended_master_secret) return Hashed();
  Hashed hashed{transcript.through_client_key_exchange(), std::nullopt};
  if (hashed.handshake) return hashed;
  if (transcript.valid()) return std::nullopt;  // the server's flight is still to come
  hashed.obstacle =
      facts.messages_lost
          ? bytes_missing("the keys depend on all messages of the handshake (extended master secret)",
                          facts.missing)
          : no_keys(ClosedCause::limit_reached,
                    "the handshake is longer than what is kept of it for its hash (2 MiB), on which the keys "
                    "depend (extended master secret)",
                    kGiveLog);
  return hashed;
}

std::optional<FoundKeys> from_premasters(std::vector<Premaster> premasters, const Parameters& parameters,
                                         const std::optional<Bytes>& hashed, const HandshakeFacts& facts) {
  if (premasters.empty()) return std::nullopt;
  const bool cut = premasters.size() > kMaxCandidates;
  if (cut) premasters.resize(kMaxCandidates);
  std::vector<Candidate> candidates;
  for (Premaster& each : premasters) {
    SecretBytes master =
        hashed ? extended_master_secret(parameters, each.secret.view(), *hashed)
               : master_secret(parameters, each.secret.view(), {facts.client->random, facts.server->random});
    candidates.push_back({std::move(each.secret), std::move(master), std::move(each.opened_with),
                          std::move(each.secrets_used)});
  }
  FoundKeys keys = found_keys(facts, parameters, std::move(candidates.front()), false);
  keys.others.assign(std::make_move_iterator(candidates.begin() + 1),
                     std::make_move_iterator(candidates.end()));
  keys.cut = cut;
  return keys;
}

// The server's ephemeral value may be captured behind the client's.
bool server_value_to_come(const HandshakeFacts& facts) {
  const KeyExchange key_exchange = facts.server->suite->key_exchange;
  const bool sent = key_exchange == KeyExchange::rsa_export || is_ephemeral(key_exchange);
  return sent && !facts.server_key_exchange_seen && !facts.server_hello_done_seen && !facts.messages_lost;
}

bool ticket_to_come(const HandshakeFacts& facts) {
  return facts.server->ticket_follows && facts.new_ticket.empty() && !facts.server_changed_cipher &&
         !facts.messages_lost;
}

// Whether a secret that was given would do, were all messages there. RSA is not decrypted only to know that.
bool would_open(const HandshakeFacts& facts, const Environment& environment) {
  const KeyExchange key_exchange = facts.server->suite->key_exchange;
  const bool rsa = key_exchange == KeyExchange::rsa || key_exchange == KeyExchange::rsa_export;
  if (!rsa) return !find_premasters(facts, environment).empty();
  return !environment.store->candidates(facts.certificate_spki_sha256, facts.encrypted_premaster.size())
              .empty();
}

std::optional<Decision> full_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                  const Environment& environment) {
  const KeyExchange key_exchange = facts.server->suite->key_exchange;
  // Which pre-shared key is missing stands in ClientKeyExchange.
  const bool judged_by_client = key_exchange == KeyExchange::psk || key_exchange == KeyExchange::rsa_psk;
  if (environment.store->empty(environment.current_packet) && !judged_by_client) {
    return explain_closed(facts, environment);
  }
  if (!facts.client_key_exchange_seen || server_value_to_come(facts)) return std::nullopt;
  const Parameters parameters = agreed_parameters(facts);
  const auto hashed = hash_for(parameters, facts, transcript);
  if (!hashed) return std::nullopt;
  if (!hashed->obstacle) {
    auto keys = from_premasters(find_premasters(facts, environment), parameters, hashed->handshake, facts);
    if (keys) return *std::move(keys);
  }
  if (!environment.store->ticket_keys().empty()) {
    if (ticket_to_come(facts)) return std::nullopt;
    if (auto session = session_in_ticket(*environment.store, facts.new_ticket)) {
      return found_keys(facts, parameters, std::move(session->secret), false);
    }
  }
  if (hashed->obstacle && would_open(facts, environment)) return *hashed->obstacle;
  return explain_closed(facts, environment);
}

}  // namespace
}  // namespace tlspeel::tls
