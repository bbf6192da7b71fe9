// Where the master secret of a handshake of SSL 3.0 to TLS 1.2 can come from, among the given secrets.
// Sources of premaster secrets: RSA private keys (RFC 5246 section 8.1.1), private halves of (EC)DH values
// that the handshake shows (section 8.1.2, RFC 8422 section 5.10), pre-shared keys (RFC 4279, RFC 5489),
// lines RSA and PMS_CLIENT_RANDOM of key logs. Sources of master secrets: the other lines of key logs,
// sessions of the capture, session tickets. Each is a function of its arguments and of the session cache's
// past; errors of the crypto library are thrown as crypto::CryptoError. Empty lists and nullopt: nothing
// fits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/tls/connection.hpp"

#include "handshake_facts.hpp"
#include "key_finder.hpp"

namespace tlspeel::tls {

// A session whose master secret is known.
struct KnownSession {
  Candidate secret;
  Bytes id{};  // or ticket, under which the capture has it; empty: it came in its ticket
};

// CLIENT_RANDOM; RSA Session-ID for the id that the server gave.
std::optional<Candidate> logged_master(const HandshakeFacts& facts, const Environment& environment);
// Of a resumed handshake: the connection that began it, or its ticket.
std::optional<KnownSession> resumed_session(const HandshakeFacts& facts, const Environment& environment);
// The others of the capture that had the same id or ticket before now, the newest first.
std::vector<Candidate> other_sessions(ByteView id, const SecretBytes& known_master,
                                      const Environment& environment);
// The server's new ticket holds the master secret of this very handshake (RFC 5077 section 4).
std::optional<KnownSession> session_in_ticket(const secrets::Store& store, ByteView ticket);

struct Premaster {
  SecretBytes secret;
  std::string opened_with;
  std::vector<std::string> secrets_used;
};
inline constexpr std::size_t kMaxCandidates = 256;  // each costs a handshake one PRF and one trial
// All that the messages seen so far allow, the likeliest first; at most one more than kMaxCandidates, which
// tells that there are others.
std::vector<Premaster> find_premasters(const HandshakeFacts& facts, const Environment& environment);

}  // namespace tlspeel::tls
