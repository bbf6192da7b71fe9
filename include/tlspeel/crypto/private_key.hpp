// A private key and the two things that it does here: opening RSA-encrypted premaster secrets (RFC 5246
// section 7.4.7.1), and agreeing on a secret with a peer's public value where its public half was sent as the
// server's (static or known ephemeral (EC)DH: RFC 5246 section 8.1.2, RFC 8422 section 5.10, RFC 8446 section
// 7.4). Movable; constant after loading and thread safe: concurrent calls run in parallel (keys in a token:
// one after the other). Loading errors are one sentence that begins with `label`. RSA moduli of 512 to 16384
// bits.
#pragma once

#include <cstddef>
#include <functional>
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

// Passwords for what is encrypted: asked with attempt 0, 1, ... until one fits or it answers nullopt. `what`
// names the file or token for a prompt. Called while loading only, from one thread.
using PasswordSource = std::function<std::optional<SecretBytes>(std::string_view what, unsigned attempt)>;

enum class KeyKind : std::uint8_t {
  rsa,
  ec,
  x25519,
  x448,
  dh,
  signing,  // DSA, Ed25519, Ed448: opens nothing, but is the key of a certificate
};

class PrivateKey {
 public:
  // Every private key of a key file, at least one: PEM (PKCS#1, SEC 1, PKCS#8, encrypted or not; other blocks
  // are passed over), DER (the same) or PKCS#12. `password` may be null. Certificates and public keys alone,
  // and encrypted keys that no password opens, are errors that say so.
  static Result<std::vector<PrivateKey>> from_file_bytes(ByteView file, std::string_view label,
                                                         const PasswordSource& password);
  // Every private key that OpenSSL's store finds at a URI: "pkcs11:token=..." (through its pkcs11 provider or
  // engine; RFC 7512), "file:...". The password is the token's PIN.
  static Result<std::vector<PrivateKey>> from_uri(const std::string& uri, const PasswordSource& password);
  // A scheme and a colon, and no file of that name.
  static bool looks_like_uri(std::string_view path);
  // The part of a URI that may be shown: what follows "?" can hold a PIN (RFC 7512 section 2.4).
  static std::string shown_uri(std::string_view uri);

  ~PrivateKey();
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;

  std::string description() const;  // "RSA 2048", "EC P-256", "X25519"
  KeyKind kind() const;
  bool is_rsa() const { return kind() == KeyKind::rsa; }
  bool in_token() const;                 // which does one thing at a time
  std::size_t rsa_modulus_size() const;  // bytes; 0 if not RSA
  const Bytes& spki_sha256() const;      // compares with certificate_spki_sha256

  // As a peer sends it: EC the uncompressed point (0x04, x, y), X25519 and X448 the raw value, DH the big
  // endian number without leading zeros; otherwise empty.
  const Bytes& public_key() const;
  // The shared secret with a peer's public value in the same form (DH: leading zeros do not matter): EC the x
  // coordinate, X25519 and X448 the raw value, DH the number in as many bytes as the prime has. nullopt: not
  // a key of this kind, or the value is not one of its group.
  std::optional<SecretBytes> agree(ByteView peer_public) const;

  // RSAES-PKCS1-v1_5 (RFC 8017 section 7.2.2). nullopt: the sizes differ, the padding is wrong or the message
  // is not 48 bytes: the key is another one. The version in the first two bytes is not judged here.
  std::optional<SecretBytes> decrypt_premaster(ByteView encrypted) const;

  struct State;  // private to the implementation

 private:
  explicit PrivateKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::crypto
