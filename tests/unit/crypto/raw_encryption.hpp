// Premaster secrets as clients encrypt them, for the tests of what opens them.
#pragma once

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tlspeel/crypto/private_key.hpp"

namespace tlspeel::crypto {

// Encrypts a padded block as it stands, so that tests decide what the padding is.
class RawEncryption {
 public:
  explicit RawEncryption(const Bytes& pem) : key_(nullptr, EVP_PKEY_free) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    key_.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    EXPECT_TRUE(key_);
  }
  std::size_t size() const { return static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())); }
  Bytes encrypt(const Bytes& block) const {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new(key_.get(), nullptr), EVP_PKEY_CTX_free);
    EXPECT_EQ(EVP_PKEY_encrypt_init(context.get()), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING), 1);
    Bytes out(size());
    std::size_t written = out.size();
    EXPECT_EQ(EVP_PKEY_encrypt(context.get(), out.data(), &written, block.data(), block.size()), 1);
    return out;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

inline Bytes test_premaster() {
  Bytes secret = {3, 3};
  for (std::uint8_t i = 2; i < kPremasterSize; ++i) secret.push_back(i);
  return secret;
}

// 00 02, padding without zeros, 00, message.
inline Bytes padded_premaster(std::size_t size, const Bytes& message) {
  Bytes block(size, 0x77);
  block[0] = 0;
  block[1] = 2;
  block[size - message.size() - 1] = 0;
  std::ranges::copy(message, block.end() - static_cast<std::ptrdiff_t>(message.size()));
  return block;
}

}  // namespace tlspeel::crypto
