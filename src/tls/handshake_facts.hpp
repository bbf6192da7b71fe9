// What one handshake has told so far, as far as finding keys depends on it. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/boxed.hpp"
#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/tls_messages.hpp"

#include "key_schedule.hpp"
#include "missing_bytes.hpp"

namespace tlspeel::tls {

// What the server did with early data (RFC 8446 section 4.2.10).
enum class EarlyDataFate : std::uint8_t {
  not_offered,
  unknown,  // EncryptedExtensions is still to come, or cannot be read
  accepted,
  refused,
};

struct ClientHelloFacts {
  std::uint16_t version =
      0;  // legacy_version: what the premaster secret starts with (RFC 5246 section 7.4.7.1)
  Bytes random;
  Bytes session_id;
  Bytes ticket;  // RFC 5077
  bool extended_master_secret = false;
  bool truncated_hmac = false;
  // TLS 1.3
  std::vector<std::uint16_t> suites;  // those offered that the registry knows, in the client's order
  std::vector<event::KeyShare> key_shares;
  event::PskOffer psk;
  bool post_handshake_auth = false;
  bool encrypted_client_hello = false;
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
  std::optional<event::KeyShare> key_share;
  std::optional<std::uint16_t> selected_psk;  // which of the client's identities
};

struct HandshakeFacts {
  Boxed<ClientHelloFacts> client;
  Boxed<ServerHelloFacts> server;
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
  EarlyDataFate early_data = EarlyDataFate::not_offered;
  bool retried = false;        // HelloRetryRequest
  bool messages_lost = false;  // bytes of the handshake are not in the capture, or cannot be cut into records
  Boxed<MissingBytes> missing;  // of them the first, in the former case

  // RFC 5246 section 7.3, figure 2: the server goes on with ChangeCipherSpec right after its ServerHello.
  bool resumed() const {
    return server && server_changed_cipher && !certificate_seen && !server_hello_done_seen &&
           !client_key_exchange_seen;
  }
};

}  // namespace tlspeel::tls
