// The cipher suites as plain facts, one row each: every suite that IANA names, and those that never got there
// but stand in captures (export suites of 56 bits, the FIPS suites of Netscape, the drafts of ChaCha20).
// Protocol code asks a row, never a suite's number. Source: iana.org/assignments/tls-parameters; SSL 2.0
// suites: RFC 6101 appendix E. Pure functions over a sorted constexpr table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls {

// What decides the structure of ServerKeyExchange and ClientKeyExchange. Certificates' algorithms (DSS or
// RSA) make no difference there.
enum class KeyExchange : std::uint8_t {
  unknown,
  null,
  rsa,
  rsa_export,  // RSA with a temporary key of 512 or 1024 bits in ServerKeyExchange
  dh,          // static, from the certificate
  dhe,
  dh_anon,
  ecdh,  // static
  ecdhe,
  ecdh_anon,
  psk,
  rsa_psk,
  dhe_psk,
  ecdhe_psk,
  srp,
  krb5,
  gost,
  eccpwd,
  fortezza,
  tls13,  // negotiated by extensions, not by the suite
};
std::string_view key_exchange_name(
    KeyExchange key_exchange);  // "RSA", "RSA_EXPORT", "ECDHE_PSK", "DH_anon"; unknown: ""
// (EC)DHE, also anonymous or with a pre-shared key: the server makes its value for the connection. Not
// RSA_EXPORT, where it may.
bool is_ephemeral(KeyExchange key_exchange);

// The hash of the PRF in TLS 1.2 and of HKDF in TLS 1.3; TLS 1.1 and older have MD5 and SHA-1 whatever the
// suite says.
enum class PrfHash : std::uint8_t { sha256, sha384, sha512, sm3, streebog };

struct CipherSuite {
  std::uint16_t id = 0;
  std::string_view name;  // IANA's
  KeyExchange key_exchange = KeyExchange::unknown;
  crypto::BulkId bulk = crypto::BulkId::unknown;  // unknown: no algorithm of crypto
  crypto::HashId mac = crypto::HashId::none;  // none: AEAD, or a MAC that is not a hash of crypto (GOST, SM3)
  PrfHash prf = PrfHash::sha256;
  bool tls13 = false;
};

// nullptr: not in the table. Signalling values and GREASE are not suites.
const CipherSuite* find_cipher_suite(std::uint16_t id);

// The name of anything that may stand in a list of suites: suites, TLS_EMPTY_RENEGOTIATION_INFO_SCSV,
// TLS_FALLBACK_SCSV, GREASE, and the three-byte values of SSL 2.0 (0x010080: "SSL2_RC4_128_WITH_MD5").
event::CodePoint cipher_suite_name(std::uint32_t value);

std::span<const CipherSuite> cipher_suites();  // sorted by id

}  // namespace tlspeel::tls
