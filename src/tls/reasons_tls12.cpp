#include "reasons_tls12.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::tls {
namespace {

using event::ClosedCause;

constexpr std::string_view kGiveLogOrTicketKey =
    "give the key log of the client or server (--keylog; most programs write one where the environment "
    "variable SSLKEYLOGFILE says), or the server's ticket key (--ticket-key)";

bool has_log(const Environment& environment) {
  return environment.store->has_key_log(environment.current_packet);
}

// A certificate's own key opens these: RSA key exchange, and fixed (EC)DH.
NoKeys no_certificate_key(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  if (store.empty(environment.current_packet)) {
    return no_keys(ClosedCause::no_key_given, "no key was given",
                   "give the server's private key (--key server.key)");
  }
  if (!store.has_private_keys() && has_log(environment)) {
    return not_in_key_log(facts,
                          "give the key log that the client or the server wrote during this connection, or "
                          "the server's private key (--key server.key)");
  }
  if (!store.has_private_keys()) {
    return no_keys(
        ClosedCause::no_key_given,
        facts.server->suite->key_exchange == KeyExchange::rsa_psk
            ? "RSA_PSK takes the server's private key beside the pre-shared key, and none was given"
            : "no private key was given, and what was given does not open it",
        "give the server's private key (--key server.key)");
  }
  if (facts.certificate_spki_sha256.empty()) {
    return no_keys(
        ClosedCause::key_of_other_certificate,
        "the server's certificate was not seen, and none of the given keys opens the premaster secret",
        "give the private key of the server's certificate (--key)");
  }
  const auto own = store.key_of_certificate(facts.certificate_spki_sha256);
  if (own) {
    return no_keys(ClosedCause::decryption_failed,
                   fmt::format("{} is the key of the server's certificate, but what the client sent does not "
                               "decrypt with it",
                               own->label),
                   "give the key log of this connection (--keylog), if there is one");
  }
  return no_keys(ClosedCause::key_of_other_certificate,
                 fmt::format("none of the given keys belongs to the server's certificate ({})",
                             facts.certificate_summary),
                 "give the private key of that certificate (--key)");
}

NoKeys ticket_key_missing() {
  return no_keys(
      ClosedCause::ticket_key_not_given,
      "the session's ticket does not open with any of the given ticket keys",
      "give the ticket key that the server used at the time (--ticket-key), or a key log (--keylog)");
}

NoKeys no_ephemeral_key(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  if (has_log(environment)) {
    return not_in_key_log(facts, kGiveThisLog);
  }
  if (!store.ticket_keys().empty() && !facts.new_ticket.empty()) return ticket_key_missing();
  const std::string_view name = key_exchange_name(facts.server->suite->key_exchange);
  const auto own = store.key_of_certificate(facts.certificate_spki_sha256);
  const std::string whose = own ? own->label + " is the key of its certificate, but only signs here and"
                                : "the server's private key";
  return no_keys(
      ClosedCause::ephemeral_key_exchange,
      fmt::format("ephemeral key exchange ({}): {} cannot open it", name, whose),
      facts.server->ticket_follows && store.ticket_keys().empty() ? kGiveLogOrTicketKey : kGiveLog);
}

NoKeys no_psk(const HandshakeFacts& facts, const Environment& environment) {
  if (environment.store->psks().all().empty() && has_log(environment)) {
    return not_in_key_log(facts,
                          "give the pre-shared key (--psk, --psk-file), or the key log that the client or "
                          "the server wrote during this connection");
  }
  return no_keys(
      ClosedCause::psk_not_given,
      fmt::format("the pre-shared key of the identity {} was not given", shown_identity(facts.psk_identity)),
      "give it (--psk IDENTITY:HEX, or --psk-file), or a key log (--keylog)");
}

}  // namespace

bool is_plain_text(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; });
}

std::string shown_identity(ByteView identity) {
  constexpr std::size_t kShown = 64;  // bytes: identities may have 2^16
  const ByteView start = identity.first(std::min(identity.size(), kShown));
  const char* const more = start.size() < identity.size() ? "..." : "";
  return is_plain_text(start) ? fmt::format("\"{}{}\"", as_text(start), more)
                              : fmt::format("0x{}{}", to_hex(start), more);
}

NoKeys not_in_key_log(const HandshakeFacts& facts, std::string_view remedy) {
  constexpr std::size_t kShown = 8;  // bytes: enough to look for in a log
  const ByteView random = facts.client->random;
  return no_keys(ClosedCause::not_in_key_log,
                 fmt::format("no key log names this connection (client random {}...){}",
                             to_hex(random.first(std::min(kShown, random.size()))),
                             facts.client->encrypted_client_hello
                                 ? "; its ClientHello may be the outer one of ECH, which no log names"
                                 : ""),
                 remedy);
}

NoKeys explain_closed(const HandshakeFacts& facts, const Environment& environment) {
  const KeyExchange key_exchange = facts.server->suite->key_exchange;
  if (is_ephemeral(key_exchange)) return no_ephemeral_key(facts, environment);
  switch (key_exchange) {
    case KeyExchange::rsa:
    case KeyExchange::dh:
    case KeyExchange::ecdh:
      return no_certificate_key(facts, environment);
    case KeyExchange::rsa_export:
      return facts.server_key_exchange_seen ? no_ephemeral_key(facts, environment)
                                            : no_certificate_key(facts, environment);
    case KeyExchange::psk:
      return no_psk(facts, environment);
    case KeyExchange::rsa_psk:
      return environment.store->psks().of(facts.psk_identity).empty()
                 ? no_psk(facts, environment)
                 : no_certificate_key(facts, environment);
    default:
      break;
  }
  if (has_log(environment)) {
    return not_in_key_log(facts, kGiveThisLog);
  }
  return no_keys(ClosedCause::psk_or_other_key_exchange,
                 fmt::format("key exchange {} depends on secrets that cannot be given here",
                             key_exchange_name(key_exchange)),
                 kGiveLog);
}

NoKeys explain_closed_resumption(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  const bool by_ticket = !facts.client->ticket.empty();
  if (by_ticket && !store.ticket_keys().empty()) return ticket_key_missing();
  const std::string_view began =
      "the session was resumed, and the connection that began it was not seen before it or stayed closed";
  if (has_log(environment)) {
    return no_keys(
        ClosedCause::resumed_session_unknown, fmt::format("{}; nor does a key log name this one", began),
        "give the key log that the client or the server wrote during this connection, or the capture "
        "from the first connection on");
  }
  return no_keys(ClosedCause::resumed_session_unknown, std::string(began),
                 by_ticket
                     ? "give the capture with the first connection before this one, the server's ticket "
                       "key (--ticket-key) or a key log (--keylog)"
                     : "give the capture with the first connection before this one, or a key log "
                       "(--keylog)");
}

}  // namespace tlspeel::tls
