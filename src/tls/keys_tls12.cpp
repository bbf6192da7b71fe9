#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/record.hpp"

#include "key_finder.hpp"

namespace tlspeel::tls {
namespace {

using event::ClosedCause;

std::optional<Decision> resumed_keys(const HandshakeFacts& facts, Environment& environment);
std::optional<Decision> rsa_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                 Environment& environment);
std::optional<NoKeys> key_exchange_obstacle(const HandshakeFacts& facts);

}  // namespace

std::optional<Decision> find_tls12_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                        Environment& environment) {
  if (facts.resumed()) return resumed_keys(facts, environment);
  // Whether a session is resumed shows after the ServerHello; until then its key exchange is not judged.
  const bool full = facts.certificate_seen || facts.server_key_exchange_seen ||
                    facts.server_hello_done_seen || facts.client_key_exchange_seen;
  if (!full) return std::nullopt;
  if (auto obstacle = key_exchange_obstacle(facts)) return *std::move(obstacle);
  return rsa_keys(facts, transcript, environment);
}

namespace {

FoundKeys with_key_block(const HandshakeFacts& facts, Parameters parameters, SecretBytes premaster,
                         SecretBytes master, std::vector<std::string> secrets_used, std::string opened_with,
                         bool resumed) {
  KeyBlock keys = key_block(parameters, master.view(), {facts.client->random, facts.server->random});
  return {parameters,      std::move(premaster),   std::move(master),
          std::move(keys), std::move(opened_with), std::move(secrets_used),
          resumed};
}

// RFC 5077 section 3.4: a client that offers a ticket makes up a session id, which the server echoes if it
// takes the ticket.
std::optional<Decision> resumed_keys(const HandshakeFacts& facts, Environment& environment) {
  const ServerHelloFacts& server = *facts.server;
  secrets::SessionCache::SecretPtr session;
  if (environment.sessions != nullptr) {
    if (!facts.client->ticket.empty()) {
      session = environment.sessions->get(environment.current_packet, facts.client->ticket);
    }
    if (session == nullptr && !server.session_id.empty()) {
      session = environment.sessions->get(environment.current_packet, server.session_id);
    }
  }
  if (session == nullptr) {
    return no_keys(
        ClosedCause::resumed_session_unknown,
        "the session was resumed, and the connection that began it is not in the capture or stayed closed",
        "capture from the first connection on, or switch resumption off (Apache httpd: SSLSessionCache none, "
        "SSLSessionTickets off)");
  }
  const Parameters parameters{server.version, server.suite, server.encrypt_then_mac,
                              session->extended_master_secret};
  return with_key_block(facts, parameters, {}, session->master.clone(), session->secrets_used,
                        session->opened_with, true);
}

std::optional<NoKeys> key_exchange_obstacle(const HandshakeFacts& facts) {
  const CipherSuite& suite = *facts.server->suite;
  // RFC 2246 section 7.4.3: with RSA_EXPORT a certificate key that is too long is replaced by a temporary
  // one.
  const bool rsa = suite.key_exchange == KeyExchange::rsa ||
                   (suite.key_exchange == KeyExchange::rsa_export && !facts.server_key_exchange_seen);
  if (rsa) return std::nullopt;
  const std::string_view name = key_exchange_name(suite.key_exchange);
  switch (suite.key_exchange) {
    case KeyExchange::rsa_export:
    case KeyExchange::dhe:
    case KeyExchange::dh_anon:
    case KeyExchange::ecdhe:
    case KeyExchange::ecdh_anon:
      return no_keys(
          ClosedCause::ephemeral_key_exchange,
          fmt::format("ephemeral key exchange ({}): the server's private key cannot open it", name), kUseRsa);
    default:
      return no_keys(ClosedCause::psk_or_other_key_exchange,
                     fmt::format("key exchange {} does not depend on an RSA private key alone", name),
                     kUseRsa);
  }
}

bool version_fits(ByteView premaster, const HandshakeFacts& facts) {
  Reader r(premaster);
  const std::uint16_t version = r.u16();
  // RFC 5246 section 7.4.7.1: the version offered; some old clients put the negotiated one.
  return version == facts.client->version || version == facts.server->version;
}

NoKeys no_matching_key(const HandshakeFacts& facts, const Environment& environment) {
  if (environment.store->empty(environment.current_packet)) {
    return no_keys(ClosedCause::no_key_given, "no key was given",
                   "give the server's private key (--key server.key)");
  }
  if (facts.certificate_spki_sha256.empty()) {
    return no_keys(
        ClosedCause::key_of_other_certificate,
        "the server's certificate was not seen, and none of the given keys opens the premaster secret",
        "give the private key of the server's certificate (--key)");
  }
  return no_keys(ClosedCause::key_of_other_certificate,
                 fmt::format("none of the given keys belongs to the server's certificate ({})",
                             facts.certificate_summary),
                 "give the private key of that certificate (--key)");
}

std::optional<Decision> rsa_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                 Environment& environment) {
  const ServerHelloFacts& server = *facts.server;
  if (environment.store->empty(environment.current_packet)) return no_matching_key(facts, environment);
  if (!facts.client_key_exchange_seen) return std::nullopt;
  Parameters parameters{server.version, server.suite, server.encrypt_then_mac,
                        server.extended_master_secret && facts.client->extended_master_secret};
  std::optional<Bytes> hashed;
  if (parameters.extended_master_secret) {
    hashed = transcript.through_client_key_exchange();
    if (!hashed && transcript.valid()) return std::nullopt;  // the server's flight is still to come
    if (!hashed && facts.messages_lost) {
      return no_keys(
          ClosedCause::bytes_lost,
          "the keys depend on all messages of the handshake (extended master secret), and bytes of "
          "it are missing from the capture",
          kCaptureAll);
    }
    if (!hashed) {
      return no_keys(ClosedCause::limit_reached,
                     "the handshake is longer than what is kept of it for its hash", "");
    }
  }
  const bool certificate_known = !facts.certificate_spki_sha256.empty();
  const auto candidates =
      environment.store->candidates(facts.certificate_spki_sha256, facts.encrypted_premaster.size());
  for (const secrets::Store::Match& match : candidates) {
    std::optional<SecretBytes> premaster = match.key->decrypt_premaster(facts.encrypted_premaster);
    if (!premaster || (!certificate_known && !version_fits(premaster->view(), facts))) continue;
    SecretBytes master =
        hashed ? extended_master_secret(parameters, premaster->view(), *hashed)
               : master_secret(parameters, premaster->view(), {facts.client->random, server.random});
    return with_key_block(facts, parameters, *std::move(premaster), std::move(master), {match.label},
                          match.label, false);
  }
  if (certificate_known && !candidates.empty()) {
    return no_keys(
        ClosedCause::decryption_failed,
        fmt::format("{} is the key of the server's certificate, but the encrypted premaster secret does not "
                    "decrypt with it",
                    candidates.front().label),
        "");
  }
  return no_matching_key(facts, environment);
}

}  // namespace
}  // namespace tlspeel::tls
