// Makes the OpenSSL contexts of the three cipher classes.
#pragma once

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/bulk_table.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {

enum class CipherDirection : int { decrypt = 0, encrypt = 1 };
inline constexpr int kSameDirection = -1;  // for EVP_CipherInit_ex: as the context was made

// Throws CryptoError when the cipher is not of `kind`, not available, or the key has not key_size bytes.
void check_key(BulkId id, BulkKind kind, ByteView key);

// Keyed, without padding, with AEAD sizes set (12-byte nonce, tag_size), still without a nonce.
// Throws as check_key().
CipherCtxPtr make_cipher_context(BulkId id, BulkKind kind, ByteView key, CipherDirection direction);

// OpenSSL counts in int; a record never comes near that, and what does is refused.
bool fits_int(std::size_t size);
int as_int(std::size_t size);

}  // namespace tlspeel::crypto
