#include "key_finder.hpp"

#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

using event::ClosedCause;

// Before TLS 1.3: which of the client's messages are missing, and what for.
NoKeys client_not_captured(const HandshakeFacts& facts, const std::string& tried) {
  constexpr std::string_view kSeen = "only what the server sent was captured";
  constexpr std::string_view kBoth = "capture both directions of the connection";
  const bool rsa = facts.server->suite != nullptr && facts.server->suite->key_exchange == KeyExchange::rsa &&
                   !facts.resumed();
  if (!tried.empty()) {
    const std::string_view exchange = rsa ? ", not the ClientKeyExchange with the premaster secret" : "";
    return no_keys(ClosedCause::one_direction_missing, fmt::format("{}{}; {}", kSeen, exchange, tried),
                   fmt::format("{}, or {}", kGiveThisLog, kBoth));
  }
  const std::string_view rest = rsa ? "and the ClientKeyExchange, with the premaster secret, were not"
                                : facts.resumed() ? "was not"
                                                  : "and the ClientKeyExchange were not";
  return no_keys(ClosedCause::one_direction_missing,
                 fmt::format("{}; the ClientHello, with the client's random, {}", kSeen, rest),
                 fmt::format("{}, or {}", kGiveLog, kBoth));
}

NoKeys direction_missing(const HandshakeFacts& facts, bool client_seen, const std::string& tried) {
  if (!client_seen && facts.server && !facts.server->tls13) return client_not_captured(facts, tried);
  return no_keys(ClosedCause::one_direction_missing,
                 client_seen ? "only what the client sent was captured; the ServerHello, with the server's "
                               "random, was not captured"
                             : "only what the server sent was captured; keys depend on what both sides said",
                 "capture both directions of the connection");
}

}  // namespace

std::optional<NoKeys> cipher_obstacle(const ServerHelloFacts& server) {
  if (!server.tls13 && (server.version < kSsl3 || server.version > kTls12)) {
    return no_keys(ClosedCause::unsupported_cipher,
                   fmt::format("protocol version 0x{:04x} is not one of SSL 3.0 to TLS 1.3", server.version),
                   "for new captures, let the server choose one of these");
  }
  if (server.suite == nullptr) {
    return no_keys(ClosedCause::unknown_cipher_suite,
                   fmt::format("cipher suite 0x{:04x} is in no registry known here", server.suite_name.value),
                   "for new captures, let the server choose a suite that IANA lists");
  }
  constexpr std::uint32_t kDeflate = 1;  // IANA "TLS Compression Method Identifiers"
  if (server.compression > kDeflate) {
    return no_keys(
        ClosedCause::unsupported_compression,
        fmt::format("records are compressed with method {}, which is not undone here", server.compression),
        "for new captures, switch compression off in the server or the client");
  }
  if (server.tls13 != server.suite->tls13 ||
      (server.tls13 && hkdf_hash(*server.suite) == crypto::HashId::none)) {
    return no_keys(ClosedCause::unsupported_cipher,
                   fmt::format("{} is no cipher suite that can be opened in {}", server.suite->name,
                               server.version_name.name),
                   "for new captures, let the server choose another suite");
  }
  const crypto::BulkId bulk = server.suite->bulk;
  if (!crypto::bulk_available(bulk)) {
    return no_keys(ClosedCause::unsupported_cipher,
                   fmt::format("the OpenSSL of this machine cannot decrypt {}", server.suite->name),
                   "run tlspeel with an OpenSSL that has this cipher");
  }
  return std::nullopt;
}

std::optional<Decision> find_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                  Environment& environment) {
  if (!facts.server) return std::nullopt;
  if (auto obstacle = cipher_obstacle(*facts.server)) return *std::move(obstacle);
  if (!facts.client) return std::nullopt;
  return facts.server->tls13 ? find_tls13_secrets(facts, transcript, environment)
                             : find_tls12_keys(facts, transcript, environment);
}

NoKeys bytes_missing(std::string_view depends, const std::optional<MissingBytes>& missing) {
  std::string explanation(depends);
  if (!explanation.empty()) explanation += ", and ";
  explanation += missing ? describe(*missing) : "bytes of it are missing from the capture";
  if (missing && missing->gap.cut_packet != 0) {
    return {ClosedCause::cut_by_snap_length, std::move(explanation),
            "capture whole packets (tcpdump -s 0 cures it)"};
  }
  return {ClosedCause::bytes_lost, std::move(explanation),
          "capture again without loss (tcpdump -B enlarges its buffer)"};
}

NoKeys explain_undecided(const HandshakeFacts& facts, bool client_seen, bool server_seen,
                         const std::optional<MissingBytes>& missing, const std::string& tried) {
  if (!client_seen || !server_seen) return direction_missing(facts, client_seen, tried);
  if (missing && !tried.empty()) return bytes_missing(tried, missing);
  if (missing) return bytes_missing("the keys depend on the handshake", missing);
  if (!facts.client || !facts.server) {
    const std::string_view which = facts.client   ? "the ServerHello was"
                                   : facts.server ? "the ClientHello was"
                                                  : "the hellos were";
    return no_keys(ClosedCause::handshake_not_captured,
                   fmt::format("{} not captured, on which the keys depend{}{}", which,
                               tried.empty() ? "" : ", and ", tried),
                   "start the capture before the connection begins");
  }
  return no_keys(ClosedCause::handshake_incomplete, "the connection ended before keys were agreed", "");
}

}  // namespace tlspeel::tls
