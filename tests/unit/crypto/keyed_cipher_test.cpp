// More ciphers than a thread has contexts, used in turn.
#include "crypto/keyed_cipher.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/crypto/error.hpp"

namespace tlspeel::crypto {
namespace {

constexpr std::size_t kMany = 50;

TEST(KeyedCipher, ManyAeadCiphersInTurn) {
  const Bytes nonce(12, 9);
  std::vector<AeadCipher> ciphers;
  std::vector<Bytes> sealed;
  for (std::size_t i = 0; i < kMany; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    const BulkId id = i % 2 == 0 ? BulkId::aes_128_gcm : BulkId::chacha20_poly1305;
    ciphers.emplace_back(id, Bytes(bulk_info(id).key_size, byte));
    ASSERT_TRUE(ciphers.back().seal(nonce, {}, Bytes(100, byte), sealed.emplace_back(116)));
  }
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < kMany; ++i) {
      const auto byte = static_cast<std::uint8_t>(i);
      Bytes out(100);
      ASSERT_TRUE(ciphers[i].open(nonce, {}, sealed[i], out)) << i;
      EXPECT_EQ(out, Bytes(100, byte));
      EXPECT_FALSE(ciphers[i].open(nonce, {}, sealed[(i + 2) % kMany], out)) << i;
    }
  }
}

TEST(KeyedCipher, ManyCbcCiphersInTurn) {
  const Bytes iv(16, 9);
  std::vector<CbcCipher> ciphers;
  std::vector<Bytes> encrypted;
  for (std::size_t i = 0; i < kMany; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    ciphers.emplace_back(BulkId::aes_128_cbc, Bytes(16, byte));
    ASSERT_TRUE(ciphers.back().encrypt(iv, Bytes(64, byte), encrypted.emplace_back(64)));
  }
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < kMany; ++i) {
      const auto byte = static_cast<std::uint8_t>(i);
      Bytes out(64);
      ASSERT_TRUE(ciphers[i].decrypt(iv, encrypted[i], out));
      EXPECT_EQ(out, Bytes(64, byte));
    }
  }
}

TEST(KeyedCipher, AContextGoesWithItsKey) {
  const Bytes key(16, 1);
  KeyedCipher first(BulkId::aes_128_gcm, BulkKind::gcm, key, CipherDirection::decrypt);
  EVP_CIPHER_CTX* const context = first.context();
  EXPECT_EQ(first.context(), context);
  {
    KeyedCipher second(BulkId::aes_128_gcm, BulkKind::gcm, Bytes(16, 2), CipherDirection::decrypt);
    EXPECT_NE(second.context(), context);
    EXPECT_EQ(first.context(), context);
  }
  EXPECT_THROW(KeyedCipher(BulkId::aes_128_gcm, BulkKind::cbc, key, CipherDirection::decrypt), CryptoError);
  EXPECT_THROW(KeyedCipher(BulkId::aes_128_gcm, BulkKind::gcm, Bytes(15), CipherDirection::decrypt),
               CryptoError);
}

}  // namespace
}  // namespace tlspeel::crypto
