// What --explain needs to know of one handshake, collected from its events.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

// How the premaster secret comes about, as far as the story differs.
enum class Exchange : std::uint8_t { unknown, rsa, ephemeral, fixed_dh, psk, other, tls13 };

// In the order in which they follow each other. SSL 3.0 to TLS 1.2 have all but `extensions`, TLS 1.3 all but
// `keys`: there the keys are agreed in the hellos.
enum class Step : std::uint8_t { agree, extensions, authenticate, keys, verify };

struct StoryFacts {
  event::CodePoint version;
  event::CodePoint cipher_suite;
  Exchange exchange = Exchange::unknown;
  Bytes client_random, server_random;
  bool server_hello = false;
  bool certificate = false;  // of the server
  bool client_certificate_asked_for = false;
  bool resumed = false;  // SSL 3.0 to TLS 1.2
  bool ticket_offered = false;
  bool premaster_recovered = false;  // from what the client sent
  bool finished_closed = false;      // Finished travelled in records that were not opened
  bool records_closed = false;       // of the handshake
  std::optional<bool> verified_client, verified_server;
  bool extended_master_secret = false;

  // TLS 1.3.
  std::string group;  // of the server's key share; empty: none
  bool psk = false;   // the server took a pre-shared key
  bool hello_retry = false;
  bool encrypted_extensions = false;
  bool early_data_offered = false;
  std::optional<bool> early_data_accepted;
  bool ticket_given = false;

  // Of KeysEstablished.
  bool keys = false;
  std::string opened_with;
  std::string_view bulk_cipher, mac, prf;
  std::shared_ptr<const event::RevealedSecrets> secrets;
  std::vector<event::SecretsRecovered> recovered;

  bool tls13() const { return exchange == Exchange::tls13; }
  bool suite_has(std::string_view part) const {
    return cipher_suite.name.find(part) != std::string_view::npos;
  }
};

}  // namespace tlspeel::output
