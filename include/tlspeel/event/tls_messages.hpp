// What TLS said, as plain values: one struct per handshake message (RFC 8446 section 4, RFC 5246 section 7.4,
// RFC 6101 section 5.6), plus alerts, ChangeCipherSpec and heartbeats. Filled by tls, rendered by output.
// Values own their bytes; no behaviour.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/fingerprints.hpp"

namespace tlspeel::event {

// A number from an IANA registry. name is static text; empty where the registry (or the GREASE pattern) has
// none: shown as hex.
struct CodePoint {
  std::uint32_t value = 0;
  std::string_view name;

  friend bool operator==(const CodePoint& a, const CodePoint& b) { return a.value == b.value; }
};
using CodePoints = std::vector<CodePoint>;

// ---- extensions
// -------------------------------------------------------------------------------------------------------------------

struct KeyShare {
  CodePoint group;
  Bytes key_exchange;
};
struct PskIdentity {
  Bytes identity;
  std::uint32_t obfuscated_ticket_age = 0;
};

struct EmptyBody {};   // extension_data has length 0
struct OpaqueBody {};  // not decoded or not decodable: Extension::data is all there is (Extension::problem
                       // says why, if malformed)
struct CodePointList {
  CodePoints values;  // groups, signature schemes, versions, point formats, psk modes, certificate types,
                      // compression algorithms...
};
struct TextList {
  std::vector<std::string>
      values;  // server names, ALPN protocols: raw bytes as the peer sent them, not yet safe for a terminal
};
struct NumberValue {
  std::uint64_t value = 0;
  std::string_view unit;  // static text, may be empty: "bytes"
};
struct KeyShareList {
  std::vector<KeyShare> values;
};
struct PskOffer {
  std::vector<PskIdentity> identities;
  std::vector<Bytes> binders;
};
using ExtensionBody =
    std::variant<OpaqueBody, EmptyBody, CodePointList, TextList, NumberValue, KeyShareList, PskOffer>;

struct Extension {
  CodePoint type;
  Bytes data;  // extension_data as it was on the wire
  ExtensionBody body;
  std::string_view problem;  // static text; empty unless the body was malformed
};
using Extensions = std::vector<Extension>;

inline const Extension* find_extension(const Extensions& list, std::uint32_t type) {
  for (const Extension& extension : list) {
    if (extension.type.value == type) return &extension;
  }
  return nullptr;
}

// ---- certificates
// -----------------------------------------------------------------------------------------------------------------

// A certificate for display, or what came instead of one: a raw public key (RFC 7250), which is nothing but
// the SubjectPublicKeyInfo. Text fields are peer-controlled UTF-8 or Latin-1, not yet safe for a terminal.
struct CertificateInfo {
  Bytes der;
  bool parsed = false;          // false: problem says why, the other fields are empty
  bool raw_public_key = false;  // true: only der, the public key and sha256_hex are there
  std::string problem;
  std::string subject;  // RFC 4514: "CN=www.example.com,O=Example"
  std::string issuer;
  std::string serial_hex;
  std::vector<std::string> subject_alt_names;  // "DNS:www.example.com", "IP:192.0.2.7"
  std::string not_before;                      // ISO 8601 UTC: "2026-01-01T00:00:00Z"
  std::string not_after;
  std::string public_key;                 // "RSA 2048", "EC P-256", "Ed25519"
  std::string public_key_hex;             // SubjectPublicKeyInfo's key: RSA modulus, EC point, raw key
  std::uint32_t rsa_public_exponent = 0;  // 0: not RSA or beyond 32 bits
  std::string signature_algorithm;        // "sha256WithRSAEncryption"
  std::string sha256_hex;                 // fingerprint of the DER
};

// ---- handshake messages
// -----------------------------------------------------------------------------------------------------------

struct HelloRequest {};

struct ClientHello {
  CodePoint version;  // legacy_version
  Bytes random;       // 32 bytes; for an SSLv2-compatible hello the challenge, left-padded with zeros
  Bytes session_id;
  CodePoints cipher_suites;
  CodePoints compression_methods;
  Extensions extensions;
  bool sslv2 = false;         // RFC 5246 appendix E.2: suites of SSL 2.0 have three-byte values
  CodePoint highest_version;  // of supported_versions (GREASE left out), otherwise version
  std::shared_ptr<const ClientFingerprints> fingerprints;  // null unless asked for, and where sslv2
};

struct ServerHello {
  CodePoint version;  // legacy_version
  Bytes random;
  Bytes session_id;
  CodePoint cipher_suite;
  CodePoint compression_method;
  Extensions extensions;
  bool hello_retry_request = false;                        // RFC 8446 section 4.1.3: by its random
  CodePoint selected_version;                              // of supported_versions, otherwise version
  std::shared_ptr<const ServerFingerprints> fingerprints;  // null unless asked for
};

struct NewSessionTicket {
  std::uint32_t lifetime_seconds = 0;
  std::optional<std::uint32_t> age_add;  // TLS 1.3
  Bytes nonce;                           // TLS 1.3
  Bytes ticket;
  Extensions extensions;  // TLS 1.3
};

struct EndOfEarlyData {};
struct EncryptedExtensions {
  Extensions extensions;
};

struct CertificateEntry {
  CertificateInfo certificate;
  Extensions extensions;  // TLS 1.3
};
struct Certificate {
  Bytes request_context;                // TLS 1.3
  std::vector<CertificateEntry> chain;  // the sender's own first; may be empty
};

struct ServerKeyExchange {
  std::string_view key_exchange;  // static text: "ECDHE", "DHE", "PSK", "RSA_EXPORT", "SRP"; empty: suite
                                  // unknown, only raw is filled
  std::optional<CodePoint> named_group;
  Bytes public_key;  // EC point, DH public value, RSA_EXPORT modulus
  Bytes dh_prime, dh_generator;
  Bytes psk_identity_hint;
  std::optional<CodePoint> signature_algorithm;  // TLS 1.2
  Bytes signature;
  Bytes raw;
};

struct CertificateRequest {
  CodePoints certificate_types;
  CodePoints signature_algorithms;
  std::vector<std::string> authorities;  // RFC 4514 names
  Bytes request_context;                 // TLS 1.3
  Extensions extensions;                 // TLS 1.3
};

struct ServerHelloDone {};

struct CertificateVerify {
  std::optional<CodePoint> algorithm;  // TLS 1.2 and 1.3
  Bytes signature;
};

enum class PremasterState : std::uint8_t { not_tried, recovered, wrong_key, no_key };

struct ClientKeyExchange {
  std::string_view key_exchange;  // static text: "RSA", "ECDHE", "DHE", "PSK", "RSA_PSK"...; empty: unknown
  Bytes encrypted_premaster_secret;  // RSA: EncryptedPreMasterSecret without its length prefix
  Bytes public_key;                  // (EC)DHE
  Bytes psk_identity;
  PremasterState premaster = PremasterState::not_tried;
  Bytes raw;
};

struct Finished {
  Bytes verify_data;             // 36 bytes in SSL 3.0, 12 in TLS 1.0 to 1.2, hash size in TLS 1.3
  std::optional<bool> verified;  // nullopt: could not be computed (say why in note)
  std::string_view note;         // static text
};

struct CertificateUrl {
  CodePoint chain_type;
  std::vector<std::string> urls;
};
struct CertificateStatus {
  CodePoint status_type;
  Bytes response;  // DER OCSPResponse; for ocsp_multi the list as it was
};
struct SupplementalData {
  CodePoints types;
};
struct KeyUpdate {
  CodePoint request;
};
struct CompressedCertificate {
  CodePoint algorithm;
  std::uint32_t uncompressed_length = 0;
  Bytes compressed;
  std::optional<Certificate> certificate;  // what was compressed; nullopt: problem says why
  std::string_view problem;                // static text
};
struct NextProtocol {
  std::string protocol;
};
// A handshake type with no structure known here (or one whose body was malformed: problem).
struct OtherHandshake {
  Bytes body;
  std::string problem;
};

using HandshakeBody =
    std::variant<OtherHandshake, HelloRequest, ClientHello, ServerHello, NewSessionTicket, EndOfEarlyData,
                 EncryptedExtensions, Certificate, ServerKeyExchange, CertificateRequest, ServerHelloDone,
                 CertificateVerify, ClientKeyExchange, Finished, CertificateUrl, CertificateStatus,
                 SupplementalData, KeyUpdate, CompressedCertificate, NextProtocol>;

struct Handshake {
  CodePoint type;            // HandshakeType: name is the RFC's "client_hello"
  std::uint32_t length = 0;  // of the body, bytes
  HandshakeBody body;
};

// ---- the other content types
// --------------------------------------------------------------------------------------------------------

struct ChangeCipherSpec {};
struct Alert {
  CodePoint level;
  CodePoint description;
};
struct Heartbeat {
  CodePoint type;
  std::uint32_t payload_length = 0;  // as claimed
  std::uint32_t actual_length = 0;   // bytes of the record after type and length
};
// Records that stay closed; consecutive ones are counted together.
struct EncryptedRecords {
  CodePoint content_type;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

// TLS 1.3: what the client sent before the handshake was done (RFC 8446 section 2.3), told when it ended.
struct EarlyData {
  bool accepted = false;  // false: the server ignored it; it is shown nowhere else, as clients send it again
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

using TlsBody = std::variant<Handshake, ChangeCipherSpec, Alert, Heartbeat, EncryptedRecords, EarlyData>;

}  // namespace tlspeel::event
