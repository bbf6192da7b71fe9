// From one secret to others. TLS 1.0 and 1.1 (RFC 4346 section 5), TLS 1.2 (RFC 5246 section 5), SSL 3.0 (RFC
// 6101 sections 6.1 and 6.2.2), and HKDF as TLS 1.3 uses it (RFC 5869, RFC 8446 section 7.1). Sizes are
// bytes. Stateless and thread safe. Throws CryptoError when OpenSSL has not the hash function.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/digest.hpp"

namespace tlspeel::crypto {

enum class PrfId : std::uint8_t { ssl3, md5_sha1, sha256, sha384 };

// The hash of the handshake transcript that goes with a TLS 1.2 PRF; ssl3 and md5_sha1 use MD5 and SHA-1 side
// by side: none.
HashId prf_hash(PrfId id);

// seed parts are concatenated. SSL 3.0 has no labels: with PrfId::ssl3 the label is ignored.
SecretBytes prf(PrfId id, ByteView secret, std::string_view label, std::initializer_list<ByteView> seed,
                std::size_t size);

// Master secret: random1 is the client's, random2 the server's. Key block: server first, then client.
// size is at most 416 (26 letters of 16 bytes), which no suite comes near; more throws CryptoError.
SecretBytes ssl3_prf(ByteView secret, ByteView random1, ByteView random2, std::size_t size);

SecretBytes hkdf_extract(HashId id, ByteView salt, ByteView input_key_material);
SecretBytes hkdf_expand(HashId id, ByteView pseudorandom_key, ByteView info, std::size_t size);
// label without its "tls13 " prefix.
SecretBytes hkdf_expand_label(HashId id, ByteView secret, std::string_view label, ByteView context,
                              std::size_t size);

}  // namespace tlspeel::crypto
