// The key schedule of TLS 1.3 (RFC 8446 section 7) and what its drafts 18 to 28 did differently: labels began
// with "TLS 1.3, " before draft 20, and key updates had a label of their own. Secrets have the size of the
// suite's hash: 32 or 48 bytes. Transcript hashes are the caller's. Pure functions; errors of the crypto
// library are thrown as crypto::CryptoError.
#pragma once

#include <cstdint>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/tls/cipher_suites.hpp"

#include "key_schedule.hpp"

namespace tlspeel::tls {

struct Tls13Parameters {
  const CipherSuite* suite = nullptr;
  crypto::HashId hash = crypto::HashId::none;
  unsigned draft = 0;  // 18 to 28; 0: RFC 8446
};

// The hash of HKDF and of the transcript; none: one that crypto has not (SM3).
crypto::HashId hkdf_hash(const CipherSuite& suite);
// selected_version: 0x0304, or 0x7f12 and up for drafts.
Tls13Parameters tls13_parameters(const CipherSuite& suite, std::uint16_t selected_version);

// RFC 8446 section 7.1, from top to bottom. psk empty: there is none; shared empty: no (EC)DHE.
SecretBytes early_secret(const Tls13Parameters& parameters, ByteView psk);
SecretBytes handshake_secret(const Tls13Parameters& parameters, ByteView early_secret, ByteView shared);
SecretBytes master_secret(const Tls13Parameters& parameters, ByteView handshake_secret);
// label as the RFC has it: "c hs traffic".
SecretBytes derive_secret(const Tls13Parameters& parameters, ByteView secret, std::string_view label,
                          ByteView transcript_hash);

// Section 7.2: of the next generation, after KeyUpdate.
SecretBytes next_traffic_secret(const Tls13Parameters& parameters, ByteView traffic_secret);
// Section 7.3: key and IV for records; no MAC key.
DirectionKeys traffic_keys(const Tls13Parameters& parameters, ByteView traffic_secret);
// Section 4.4.4: verify_data of the sender whose handshake traffic secret this is. Also a PSK binder
// (section 4.2.11.2), with the binder key.
Bytes finished_verify_data(const Tls13Parameters& parameters, ByteView base_key, ByteView transcript_hash);
// Section 4.6.1.
SecretBytes resumption_psk(const Tls13Parameters& parameters, ByteView resumption_master_secret,
                           ByteView ticket_nonce);

}  // namespace tlspeel::tls
