#include "key_finder.hpp"

#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

using event::ClosedCause;

// What no secret can help against; known as soon as the ServerHello is.
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

}  // namespace

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
                         const std::optional<MissingBytes>& missing) {
  if (!client_seen || !server_seen) {
    return no_keys(ClosedCause::one_direction_missing,
                   fmt::format("only what the {} sent was captured; keys depend on what both sides said",
                               client_seen ? "client" : "server"),
                   "capture both directions of the connection");
  }
  if (missing) return bytes_missing("the keys depend on the handshake", missing);
  if (!facts.client || !facts.server) {
    return no_keys(ClosedCause::handshake_not_captured,
                   "the hellos were not captured, on which the keys depend",
                   "start the capture before the connection begins");
  }
  return no_keys(ClosedCause::handshake_incomplete, "the connection ended before keys were agreed", "");
}

}  // namespace tlspeel::tls
