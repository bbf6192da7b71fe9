#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tlspeel/crypto/private_key.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

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

Bytes premaster() {
  Bytes secret = {3, 3};
  for (std::uint8_t i = 2; i < kPremasterSize; ++i) secret.push_back(i);
  return secret;
}

// 00 02, padding without zeros, 00, message.
Bytes padded(std::size_t size, const Bytes& message) {
  Bytes block(size, 0x77);
  block[0] = 0;
  block[1] = 2;
  block[size - message.size() - 1] = 0;
  std::ranges::copy(message, block.end() - static_cast<std::ptrdiff_t>(message.size()));
  return block;
}

PrivateKey load(const std::string& name) {
  auto keys = PrivateKey::from_file_bytes(read_test_file("vectors/crypto/keys/" + name), name, {});
  if (!keys) throw std::runtime_error(keys.error().message);
  return std::move(keys->front());
}

class Premaster : public testing::TestWithParam<const char*> {};

TEST_P(Premaster, IsRecoveredFromEveryKeySize) {
  const PrivateKey key = load(GetParam());
  const RawEncryption encryption(read_test_file(std::string("vectors/crypto/keys/") + GetParam()));
  ASSERT_EQ(key.rsa_modulus_size(), encryption.size());
  const Bytes secret = premaster();
  const auto recovered = key.decrypt_premaster(encryption.encrypt(padded(encryption.size(), secret)));
  ASSERT_TRUE(recovered);
  EXPECT_EQ(to_hex(recovered->view()), to_hex(secret));
}

INSTANTIATE_TEST_SUITE_P(RsaKeys, Premaster,
                         testing::Values("rsa512_pkcs8.pem", "rsa1024_pkcs1.pem", "rsa2048_pkcs8.pem",
                                         "rsa16384_pkcs8.pem"));

TEST(PremasterPadding, EveryDefectIsAWrongKey) {
  const PrivateKey key = load("rsa512_pkcs8.pem");
  const RawEncryption encryption(read_test_file("vectors/crypto/keys/rsa512_pkcs8.pem"));
  const std::size_t size = encryption.size();
  const Bytes good = padded(size, premaster());
  ASSERT_TRUE(key.decrypt_premaster(encryption.encrypt(good)));
  // First bytes, every padding byte turned to zero, the separator.
  for (std::size_t i = 1; i < size - kPremasterSize; ++i) {
    Bytes block = good;
    block[i] = block[i] == 0 ? 1 : 0;
    EXPECT_FALSE(key.decrypt_premaster(encryption.encrypt(block))) << i;
  }
  EXPECT_FALSE(key.decrypt_premaster(encryption.encrypt(padded(size, Bytes(47, 9)))));
  EXPECT_FALSE(key.decrypt_premaster(encryption.encrypt(padded(size, Bytes(49, 9)))));
}

TEST(PremasterPadding, SizesAndNumbersThatCannotBe) {
  const PrivateKey key = load("rsa1024_pkcs1.pem");
  EXPECT_FALSE(key.decrypt_premaster({}));
  EXPECT_FALSE(key.decrypt_premaster(Bytes(127, 1)));
  EXPECT_FALSE(key.decrypt_premaster(Bytes(129, 1)));
  EXPECT_FALSE(key.decrypt_premaster(Bytes(128, 0xff)));
  EXPECT_FALSE(key.decrypt_premaster(Bytes(128, 0)));
}

TEST(PremasterThreads, OneKeyServesManyAtOnce) {
  const PrivateKey key = load("rsa1024_pkcs1.pem");
  const RawEncryption encryption(read_test_file("vectors/crypto/keys/rsa1024_pkcs1.pem"));
  const Bytes encrypted = encryption.encrypt(padded(encryption.size(), premaster()));
  std::atomic<int> recovered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 25; ++n) {
        const auto secret = key.decrypt_premaster(encrypted);
        if (secret && std::ranges::equal(secret->view(), premaster())) ++recovered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recovered, 100);
}

}  // namespace
}  // namespace tlspeel::crypto
