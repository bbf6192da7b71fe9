// What a PrivateKey holds, for private_key.cpp and for key_file.cpp, which makes them.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "tlspeel/crypto/private_key.hpp"

#include "crypto/openssl_ptr.hpp"
#include "crypto/rsa_crt.hpp"

namespace tlspeel::crypto {

struct PrivateKey::State {
  PkeyPtr key;
  bool in_token = false;                // behind an engine or a provider of somebody else's
  std::mutex* one_at_a_time = nullptr;  // tokens only: their drivers are not made for threads
  std::string description;
  KeyKind kind = KeyKind::rsa;
  Bytes public_key;
  std::size_t rsa_modulus_size = 0;
  std::unique_ptr<RsaCrt> rsa_crt;  // null: OpenSSL, or the token, does the whole operation
  Bytes spki_sha256;
};

std::unique_ptr<PrivateKey::State> make_key_state(PkeyPtr key);

// SHA-256 of the key's SubjectPublicKeyInfo, encoded anew, so that certificate and key compare equal even if
// the certificate's own encoding is not the canonical one (RSA without its NULL parameters). Empty if it
// cannot be encoded.
Bytes spki_sha256_of(const EVP_PKEY* key);

}  // namespace tlspeel::crypto
