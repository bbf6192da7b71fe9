// The IANA registries of TLS by value: a wire value becomes event::CodePoint{value, name}. Names are static
// text in IANA's spelling (for what IANA never held: the spelling of the document that defined it); values of
// RFC 8701 are named "GREASE"; others have an empty name. Sources: iana.org/assignments/{tls-parameters,
// tls-extensiontype-values, comp-meth-ids, hpke}, RFC 8446, RFC 5246, RFC 6101. Thread rule: pure functions
// over constexpr tables. Cipher suites: tls/cipher_suites.hpp.
#pragma once

#include <cstdint>

#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls::registry {

// Record layer and versions.
event::CodePoint content_type(std::uint32_t value);  // "handshake"
event::CodePoint protocol_version(
    std::uint32_t value);  // "TLS 1.2", "SSL 3.0", "SSL 2.0", "TLS 1.3 (draft 28)", "GREASE"
event::CodePoint alert_level(std::uint32_t value);
event::CodePoint alert_description(std::uint32_t value);
event::CodePoint heartbeat_message_type(std::uint32_t value);

// Handshake messages and their fields.
event::CodePoint handshake_type(std::uint32_t value);  // "client_hello"
event::CodePoint compression_method(std::uint32_t value);
event::CodePoint client_certificate_type(std::uint32_t value);  // in CertificateRequest: "rsa_sign"
event::CodePoint ec_curve_type(std::uint32_t value);
event::CodePoint key_update_request(std::uint32_t value);
event::CodePoint cert_chain_type(std::uint32_t value);          // CertificateURL
event::CodePoint certificate_status_type(std::uint32_t value);  // "ocsp"
event::CodePoint supplemental_data_type(std::uint32_t value);

// Extensions and their fields.
event::CodePoint extension_type(std::uint32_t value);
event::CodePoint supported_group(std::uint32_t value);
// SignatureScheme of TLS 1.3, and for other values the hash and signature pair of TLS 1.2: "SHA224_RSA",
// "SHA1_DSA".
event::CodePoint signature_scheme(std::uint32_t value);
event::CodePoint ec_point_format(std::uint32_t value);
event::CodePoint psk_key_exchange_mode(std::uint32_t value);
event::CodePoint certificate_type(
    std::uint32_t value);  // client_certificate_type, server_certificate_type, cert_type: "RawPublicKey"
event::CodePoint certificate_compression_algorithm(std::uint32_t value);
event::CodePoint heartbeat_mode(std::uint32_t value);
event::CodePoint srtp_protection_profile(std::uint32_t value);
event::CodePoint user_mapping_type(std::uint32_t value);
event::CodePoint authorization_data_format(std::uint32_t value);
event::CodePoint hpke_kem(std::uint32_t value);  // encrypted_client_hello
event::CodePoint hpke_kdf(std::uint32_t value);
event::CodePoint hpke_aead(std::uint32_t value);

// RFC 8701 section 2: 0x0A0A, 0x1A1A, ... 0xFAFA.
constexpr bool is_grease(std::uint32_t value) {
  return value <= 0xffff && (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff);
}

}  // namespace tlspeel::tls::registry
