// spki_sha256_of(). RSA keys are encoded here: OpenSSL 3 looks among all its encoders for each key, which
// takes longer than the RSA operation of a connection.
#include <initializer_list>

#include <openssl/core_names.h>

#include "tlspeel/crypto/digest.hpp"

#include "crypto/openssl_ptr.hpp"
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

// ---- DER (X.690)

enum class Tag : std::uint8_t { integer = 0x02, bit_string = 0x03, sequence = 0x30 };

void append_length(Bytes& out, std::size_t size) {  // section 8.1.3
  constexpr int kBitsOfSize = 32;                   // no number of a key comes near it
  if (size < 0x80) return out.push_back(static_cast<std::uint8_t>(size));
  int bits = kBitsOfSize;
  while (size >> (bits - 8) == 0) bits -= 8;
  out.push_back(static_cast<std::uint8_t>(0x80 | bits / 8));
  for (; bits > 0; bits -= 8) out.push_back(static_cast<std::uint8_t>(size >> (bits - 8) & 0xff));
}

Bytes element(Tag tag, std::initializer_list<ByteView> content) {
  std::size_t size = 0;
  for (const ByteView part : content) size += part.size();
  Bytes out;
  out.reserve(size + 6);
  out.push_back(static_cast<std::uint8_t>(tag));
  append_length(out, size);
  for (const ByteView part : content) out.insert(out.end(), part.begin(), part.end());
  return out;
}

// Empty: the key does not tell this number.
Bytes integer(const EVP_PKEY* key, const char* name) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &found) != 1) return {};
  const BignumPtr number(found);
  // Positive: a zero byte in front where the first bit is set (section 8.3).
  Bytes value(static_cast<std::size_t>(BN_num_bits(number.get())) / 8 + 1);
  if (BN_bn2binpad(number.get(), value.data(), static_cast<int>(value.size())) < 0) return {};
  return element(Tag::integer, {value});
}

// RFC 3279 section 2.3.1. Empty: it cannot be encoded.
Bytes rsa_spki(const EVP_PKEY* key) {
  // SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }
  static constexpr std::uint8_t kAlgorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                                0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
  static constexpr std::uint8_t kNoUnusedBits[] = {0};
  const ErrorQueueScope errors;
  const Bytes modulus = integer(key, OSSL_PKEY_PARAM_RSA_N);
  const Bytes exponent = integer(key, OSSL_PKEY_PARAM_RSA_E);
  if (modulus.empty() || exponent.empty()) return {};
  const Bytes numbers = element(Tag::sequence, {modulus, exponent});
  return element(Tag::sequence, {kAlgorithm, element(Tag::bit_string, {kNoUnusedBits, numbers})});
}

Bytes spki(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    if (Bytes encoded = rsa_spki(key); !encoded.empty()) return encoded;
  }
  const int size = i2d_PUBKEY(key, nullptr);
  if (size <= 0) return {};
  Bytes encoded(static_cast<std::size_t>(size));
  unsigned char* p = encoded.data();
  return i2d_PUBKEY(key, &p) == size ? encoded : Bytes();
}

}  // namespace

Bytes spki_sha256_of(const EVP_PKEY* key) {
  const Bytes encoded = spki(key);
  return encoded.empty() ? Bytes() : hash(HashId::sha256, {encoded});
}

}  // namespace tlspeel::crypto
