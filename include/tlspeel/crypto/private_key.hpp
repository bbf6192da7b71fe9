// A private key and the one thing that it does here: opening RSA-encrypted premaster secrets (RFC 5246
// section 7.4.7.1). Movable; constant after loading and thread safe: concurrent decrypt_premaster calls run
// in parallel. Loading errors are one sentence that begins with `label`. RSA moduli of 512 to 16384 bits.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::crypto {

inline constexpr std::size_t kMinRsaBits = 512;
inline constexpr std::size_t kMaxRsaBits = 16384;
inline constexpr std::size_t kPremasterSize = 48;
// Larger files are not key files: an RSA 16384 key in PEM is about 13 kB, a bundle with its chain rarely 100
// kB.
inline constexpr std::size_t kMaxKeyFileSize = std::size_t{4} * 1024 * 1024;

class PrivateKey {
 public:
  // Every RSA key of a key file, at least one: PEM (PKCS#1, PKCS#8; other blocks are passed over), DER
  // (PKCS#1, PKCS#8) or PKCS#12 without a password. Encrypted keys, keys that are not RSA, certificates and
  // public keys are errors that say so.
  static Result<std::vector<PrivateKey>> from_file_bytes(ByteView file, std::string_view label);

  ~PrivateKey();
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;

  std::string description() const;  // "RSA 2048", "EC P-256"
  bool is_rsa() const;
  std::size_t rsa_modulus_size() const;  // bytes; 0 if not RSA
  const Bytes& spki_sha256() const;      // compares with certificate_spki_sha256

  // RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.2). nullopt: the sizes differ, the padding is wrong or the message
  // is not 48 bytes: the key is another one. The version in the first two bytes is not judged here.
  std::optional<SecretBytes> decrypt_premaster(ByteView encrypted) const;

  struct State;  // private to the implementation

 private:
  explicit PrivateKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::crypto
