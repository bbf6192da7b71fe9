// Which of the given secrets opens this handshake, or why none does and what would. The one place where that
// is decided. Throws crypto::CryptoError when the crypto library fails; otherwise a function of its arguments
// (and of the session cache's past).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tlspeel/event/event.hpp"
#include "tlspeel/tls/connection.hpp"

#include "handshake_facts.hpp"
#include "tls13_keys.hpp"
#include "transcript.hpp"

namespace tlspeel::tls {

// A secret from which a handshake's keys follow, and where it comes from.
struct Candidate {
  SecretBytes premaster;  // empty where only the master secret is known
  SecretBytes master;
  std::string opened_with;                // for display
  std::vector<std::string> secrets_used;  // their labels
  bool extended_master_secret = false;    // of a session: it goes on with what its first handshake agreed on
};

struct FoundKeys {
  Parameters parameters;
  Candidate secret;
  KeyBlock keys;
  bool resumed = false;
  // Where nothing in the handshake tells which one it is (pre-shared keys for any identity, RSA keys without
  // a certificate): to be used when the first record does not verify.
  std::vector<Candidate> others{};
  bool cut = false;  // there were more than kMaxCandidates
  // Under which the session is known that is resumed here; empty: it is not one of the capture, or all that
  // were known under it are among `others` already.
  Bytes session{};
};

struct NoKeys {
  event::ClosedCause cause = event::ClosedCause::no_key_given;
  std::string explanation;
  std::string remedy;
};

using Decision = std::variant<FoundKeys, Tls13Secrets, NoKeys>;

// "DEPENDS, and bytes 1000 to 2447 of the server's stream are missing before packet 17", or without the first
// half; with what helps.
NoKeys bytes_missing(std::string_view depends, const std::optional<MissingBytes>& missing);

// What helps where no private key can.
inline constexpr std::string_view kGiveLog =
    "give the key log of the client or server (--keylog; most programs write one where the environment "
    "variable SSLKEYLOGFILE says)";
// What helps where another one was given.
inline constexpr std::string_view kGiveThisLog =
    "give the key log that the client or the server wrote during this connection";

// Printable ASCII throughout.
bool is_plain_text(ByteView bytes);
// The identity of a pre-shared key for an explanation: in quotes, or in hex; its beginning.
std::string shown_identity(ByteView identity);
NoKeys not_in_key_log(const HandshakeFacts& facts, std::string_view remedy);

inline NoKeys no_keys(event::ClosedCause cause, std::string explanation, std::string_view remedy) {
  return {cause, std::move(explanation), std::string(remedy)};
}

// What no secret can help against; known as soon as the ServerHello is.
std::optional<NoKeys> cipher_obstacle(const ServerHelloFacts& server);

// nullopt: a message that decides is still to come.
std::optional<Decision> find_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                  Environment& environment);

// SSL 3.0 to TLS 1.2; both hellos are there, and the suite is one that can be opened.
std::optional<Decision> find_tls12_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                        Environment& environment);

// Both hellos are there.
Parameters agreed_parameters(const HandshakeFacts& facts);
FoundKeys keys_of_master(const HandshakeFacts& facts, Candidate master);

// Replaces the secret by the next of `others`, or another session of the same id. False: there is none.
bool use_other_keys(FoundKeys& keys, const HandshakeFacts& facts, const Environment& environment);

// TLS 1.3 and its drafts; the same holds.
std::optional<Decision> find_tls13_secrets(const HandshakeFacts& facts, const Transcript& transcript,
                                           Environment& environment);
// Why records of one direction and epoch stay closed although `secrets` were found.
NoKeys explain_missing(const HandshakeFacts& facts, const Tls13Secrets& secrets, Direction direction,
                       Epoch epoch, const Environment& environment);

// What is to be said when the connection ended and find_keys never decided. tried: of LostClientHello.
NoKeys explain_undecided(const HandshakeFacts& facts, bool client_seen, bool server_seen,
                         const std::optional<MissingBytes>& missing, const std::string& tried);

}  // namespace tlspeel::tls
