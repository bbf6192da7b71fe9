// Which of the given secrets open a TLS 1.3 connection: the traffic secrets of a key log, or the key schedule
// where its inputs are known (the server's or the client's (EC)DHE private key; a PSK that the user gave,
// that stands in a ticket, or that an earlier connection of the capture made). A PSK is proven by its binder
// (RFC 8446 section 4.2.11.2). Functions of their arguments and of the session cache's past; they throw
// crypto::CryptoError when the crypto library fails.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/secret_bytes.hpp"

#include "tls13_reader.hpp"
#include "tls13_schedule.hpp"
#include "transcript.hpp"

namespace tlspeel::tls {

struct Tls13Secrets {
  Tls13Parameters parameters;
  // By Direction; empty: not known.
  std::array<SecretBytes, 2> handshake;
  std::array<SecretBytes, 2> application;  // of the current generation
  SecretBytes early;                       // the client's
  // The suites that early data may be under, with their hash; the first one is the likeliest.
  std::vector<const CipherSuite*> early_suites;
  SecretBytes handshake_secret;   // of the key schedule, until the application secrets are derived; otherwise
                                  // empty
  SecretBytes master;             // of the key schedule
  std::string_view key_exchange;  // static text, as event::KeysEstablished
  std::string opened_with;        // for display
  std::vector<std::string> secrets_used;

  // Server's Finished will give the application secrets.
  bool application_to_come() const { return !handshake_secret.empty(); }
  bool handshake_known() const { return !handshake[0].empty() || !handshake[1].empty(); }
};

// After server's Finished (RFC 8446 section 7.1); nothing happens where they do not come from the schedule.
// False: the messages before it are not all there.
bool derive_application_secrets(Tls13Secrets& secrets, const Transcript& transcript);

}  // namespace tlspeel::tls
