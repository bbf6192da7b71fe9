// The process-wide OpenSSL of this project: a library context of its own (so that neither openssl.cnf nor the
// program around the library changes what can be opened), with the default provider and, once something asks
// for it and if installed, the legacy one. Every algorithm is fetched once, at first use; fetched objects are
// constant and live as long as the process. Thread safe.
#pragma once

#include <openssl/types.h>

#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/crypto/digest.hpp"

namespace tlspeel::crypto::library {

// Throws CryptoError if OpenSSL cannot even be started.
OSSL_LIB_CTX* context();
// The same, for what OpenSSL itself looks for an algorithm in: old key files are encrypted with RC2 or DES.
OSSL_LIB_CTX* context_with_legacy();
bool has_digest(HashId id);
// Throws CryptoError if there is none.
const EVP_MD* digest(HashId id);
// nullptr if there is none.
const EVP_CIPHER* cipher(BulkId id);
// nullptr if there is none.
EVP_MAC* poly1305();

}  // namespace tlspeel::crypto::library
