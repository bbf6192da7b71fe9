// The RSA private operation as the Chinese remainder theorem has it (RFC 8017 section 5.1.2, two primes),
// with the arithmetic of OpenSSL but without two things that its own RSA does around it: blinding, which
// protects a server against those who measure from afar how long its answers take, and a check against
// faults of the machine, whose outcome would reveal the key to those who get it. Nobody measures or gets
// anything here: keys are used at home, on what was captured long ago. An operation takes a tenth less time,
// and most of the time of short connections is this. Immutable: may be used by several threads at once.
#pragma once

#include <memory>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {

class RsaCrt {
 public:
  // nullptr: the key has not two primes, does not tell them (keys in tokens do not), or they do not fit
  // together.
  static std::unique_ptr<RsaCrt> of(const EVP_PKEY* key);

  // The message representative, as long as the modulus. nullopt: the number is not below the modulus.
  std::optional<SecretBytes> decrypt(ByteView encrypted) const;

 private:
  struct Prime {
    BignumPtr prime;
    BignumPtr exponent;  // d mod (prime - 1)
    MontPtr montgomery;
  };

  RsaCrt() = default;
  bool read(const EVP_PKEY* key);
  bool fits_together(const EVP_PKEY* key) const;
  BignumPtr power(const BIGNUM* base, BN_CTX* context) const;

  BignumPtr modulus_;
  Prime p_;
  Prime q_;
  BignumPtr coefficient_;  // q^-1 mod p
};

}  // namespace tlspeel::crypto
