// Which of the given secrets opens this handshake, or why none does and what would. The one place where that
// is decided. Throws crypto::CryptoError when the crypto library fails; otherwise a function of its arguments
// (and of the session cache's past).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tlspeel/event/event.hpp"
#include "tlspeel/tls/connection.hpp"

#include "handshake_facts.hpp"
#include "transcript.hpp"

namespace tlspeel::tls {

struct FoundKeys {
  Parameters parameters;
  SecretBytes premaster;  // empty where a resumed session gave the master secret
  SecretBytes master;
  KeyBlock keys;
  std::string opened_with;
  bool resumed = false;
};

struct NoKeys {
  event::ClosedCause cause = event::ClosedCause::no_key_given;
  std::string explanation;
  std::string remedy;
};

using Decision = std::variant<FoundKeys, NoKeys>;

// What helps where bytes are missing.
inline constexpr std::string_view kCaptureAll =
    "capture again without loss (tcpdump -s 0 keeps whole packets, -B enlarges its buffer)";

// nullopt: a message that decides is still to come.
std::optional<Decision> find_keys(const HandshakeFacts& facts, const Transcript& transcript,
                                  Environment& environment);

// What is to be said when the connection ended and find_keys never decided.
NoKeys explain_undecided(const HandshakeFacts& facts, bool client_seen, bool server_seen, bool bytes_lost);

}  // namespace tlspeel::tls
