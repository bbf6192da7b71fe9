#include <algorithm>

#include <gmock/gmock.h>

#include "tlspeel/crypto/certificate.hpp"
#include "tlspeel/crypto/private_key.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Bytes key_file(const std::string& name) {
  return read_test_file("vectors/crypto/keys/" + name);
}

std::string refusal(const Bytes& file, const std::string& name) {
  const auto keys = PrivateKey::from_file_bytes(file, name, {});
  return keys ? "accepted" : keys.error().message;
}
std::string refusal(const std::string& name) {
  return refusal(key_file(name), name);
}

struct Accepted {
  const char* file;
  const char* description;
};

TEST(KeyFile, EveryKindOfFileThatHoldsAnRsaKey) {
  const std::vector<Accepted> files = {
      {"rsa512_pkcs8.pem", "RSA 512"},   {"rsa1024_pkcs1.pem", "RSA 1024"},
      {"rsa2048_pkcs8.pem", "RSA 2048"}, {"rsa2048_pkcs8.der", "RSA 2048"},
      {"rsa2048_pkcs1.der", "RSA 2048"}, {"certificate_and_key.pem", "RSA 1024"},
      {"no_password.p12", "RSA 1024"},   {"rsa16384_pkcs8.pem", "RSA 16384"},
  };
  for (const Accepted& accepted : files) {
    const auto keys = PrivateKey::from_file_bytes(key_file(accepted.file), accepted.file, {});
    ASSERT_TRUE(keys) << keys.error().message;
    ASSERT_EQ(keys->size(), 1U);
    EXPECT_EQ(keys->front().description(), accepted.description);
    EXPECT_TRUE(keys->front().is_rsa());
    EXPECT_EQ(keys->front().spki_sha256().size(), 32U);
  }
}

TEST(KeyFile, SeveralKeysInOneFile) {
  Bytes file = key_file("rsa512_pkcs8.pem");
  append(file, key_file("ec_p256.pem"));
  append(file, key_file("certificate_and_key.pem"));
  const auto keys = PrivateKey::from_file_bytes(file, "bundle.pem", {});
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 3U);
  EXPECT_EQ((*keys)[0].description(), "RSA 512");
  EXPECT_EQ((*keys)[1].description(), "EC P-256");
  EXPECT_EQ((*keys)[2].description(), "RSA 1024");
}

TEST(KeyFile, KeyAndCertificateHaveTheSameSpkiHash) {
  const auto keys = PrivateKey::from_file_bytes(key_file("rsa1024_pkcs1.pem"), "key", {});
  ASSERT_TRUE(keys);
  EXPECT_EQ(certificate_spki_sha256(key_file("certificate.der")), keys->front().spki_sha256());
  const auto other = PrivateKey::from_file_bytes(key_file("rsa2048_pkcs8.pem"), "key", {});
  ASSERT_TRUE(other);
  EXPECT_NE(other->front().spki_sha256(), keys->front().spki_sha256());
}

TEST(KeyFile, WhatIsNoUsableKeyIsNamed) {
  EXPECT_EQ(refusal("certificate.pem"), "certificate.pem: holds a certificate, not a private key");
  EXPECT_EQ(refusal("certificate.der"), "certificate.der: holds a certificate, not a private key");
  EXPECT_EQ(refusal("request.pem"), "request.pem: holds a certificate request, not a private key");
  EXPECT_EQ(refusal("public.pem"), "public.pem: holds only a public key, not the private key");
  EXPECT_EQ(refusal("public.der"), "public.der: holds only a public key, not the private key");
  EXPECT_EQ(refusal("damaged.pem"), "damaged.pem: its PEM text is damaged");
  EXPECT_EQ(refusal("garbage.txt"), "garbage.txt: not a private key (neither PEM nor DER)");
  EXPECT_EQ(refusal("x25519_public.pem"), "x25519_public.pem: holds only a public key, not the private key");
  EXPECT_THAT(refusal("openssh.pem"), StartsWith("openssh.pem: an OpenSSH key"));
  EXPECT_EQ(refusal(Bytes(), "k"), "k: the file is empty");
  EXPECT_EQ(refusal(Bytes(kMaxKeyFileSize + 1, '-'), "k"), "k: too large to be a key file");
}

Bytes der(std::uint8_t tag, const Bytes& content) {
  Bytes out(4 + content.size());
  out[0] = tag;
  out[1] = 0x82;
  out[2] = static_cast<std::uint8_t>(content.size() >> 8);
  out[3] = static_cast<std::uint8_t>(content.size());
  std::copy(content.begin(), content.end(), out.begin() + 4);
  return out;
}

// RSAPrivateKey (RFC 8017 appendix A.1.2) with numbers of about `bits` bits that are no real key.
Bytes made_up_rsa_key(std::size_t bits) {
  Bytes number(bits / 8 + 1, 0xff);
  number[0] = 0;
  Bytes content = der(2, {0});
  append(content, der(2, number));
  append(content, der(2, {1, 0, 1}));
  for (int i = 0; i < 6; ++i) append(content, der(2, {3}));
  return der(0x30, content);
}

TEST(KeyFile, SizesOutsideTheLimitsAreNamed) {
  EXPECT_EQ(refusal(made_up_rsa_key(504), "k"), "k: RSA 504 key: only 512 to 16384 bits are supported");
  EXPECT_EQ(refusal(made_up_rsa_key(16392), "k"), "k: RSA 16392 key: only 512 to 16384 bits are supported");
  EXPECT_EQ(refusal(made_up_rsa_key(512), "k"), "accepted");
}

TEST(KeyFile, CutFilesNeverCrashAndNeverPassAsWhole) {
  for (const char* name : {"rsa512_pkcs8.pem", "rsa2048_pkcs1.der", "rsa2048_pkcs8.der", "no_password.p12"}) {
    const Bytes whole = key_file(name);
    // The last line break of a PEM file is not needed.
    const std::size_t needed = whole.back() == '\n' ? whole.size() - 1 : whole.size();
    // Every 13th place and each of the last 20: a refusal takes OpenSSL a millisecond or two.
    for (std::size_t size = 0; size < needed; size += size + 20 < needed ? 13 : 1) {
      EXPECT_NE(refusal(to_bytes(ByteView(whole).first(size)), name), "accepted") << name << ' ' << size;
    }
  }
}

}  // namespace
}  // namespace tlspeel::crypto
