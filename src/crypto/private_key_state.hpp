// What a PrivateKey holds, for private_key.cpp and for key_file.cpp, which makes them.
#pragma once

#include <string>

#include "tlspeel/crypto/private_key.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {

struct PrivateKey::State {
  PkeyPtr key;
  std::string description;
  KeyKind kind = KeyKind::rsa;
  Bytes public_key;
  std::size_t rsa_modulus_size = 0;
  Bytes spki_sha256;
};

// SHA-256 of the key's SubjectPublicKeyInfo, encoded anew, so that certificate and key compare equal even if
// the certificate's own encoding is not the canonical one (RSA without its NULL parameters). Empty if it
// cannot be encoded.
Bytes spki_sha256_of(const EVP_PKEY* key);

}  // namespace tlspeel::crypto
