// What one handshake has told so far, as far as finding keys depends on it. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/tls_messages.hpp"

#include "key_schedule.hpp"

namespace tlspeel::tls {

struct ClientHelloFacts {
  std::uint16_t version =
      0;  // legacy_version: what the premaster secret starts with (RFC 5246 section 7.4.7.1)
  Bytes random;
  Bytes session_id;
  Bytes ticket;  // RFC 5077
  bool extended_master_secret = false;
  bool truncated_hmac = false;
};

struct ServerHelloFacts {
  std::uint16_t version = 0;  // negotiated
  event::CodePoint version_name;
  event::CodePoint suite_name;
  const CipherSuite* suite = nullptr;  // null: not in the registry
  Bytes random;
  Bytes session_id;
  std::uint32_t compression = 0;
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
  bool truncated_hmac = false;
  bool ticket_follows = false;  // SessionTicket extension: NewSessionTicket will come (RFC 5077 section 3.2)
  bool tls13 = false;
};

struct HandshakeFacts {
  std::optional<ClientHelloFacts> client;
  std::optional<ServerHelloFacts> server;
  bool certificate_seen = false;
  Bytes certificate_spki_sha256;    // of the server; empty: not seen or not readable
  std::string certificate_summary;  // "CN=www.example.com, RSA 2048": for explanations
  bool server_key_exchange_seen = false;
  Bytes server_public;  // (EC)DHE, of ServerKeyExchange: point, raw value or number
  Bytes dh_prime;       // DHE
  bool server_hello_done_seen = false;
  bool client_key_exchange_seen = false;
  Bytes encrypted_premaster;       // RSA
  Bytes client_public;             // (EC)DH(E)
  Bytes psk_identity;              // of ClientKeyExchange
  Bytes client_key_exchange_body;  // where it was captured before the ServerHello, which tells how to read it
  Bytes new_ticket;                // NewSessionTicket of this handshake
  bool server_changed_cipher = false;
  bool messages_lost = false;  // bytes of the handshake are not in the capture

  // RFC 5246 section 7.3, figure 2: the server goes on with ChangeCipherSpec right after its ServerHello.
  bool resumed() const {
    return server && server_changed_cipher && !certificate_seen && !server_hello_done_seen &&
           !client_key_exchange_seen;
  }
};

}  // namespace tlspeel::tls
