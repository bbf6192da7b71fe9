#include <algorithm>
#include <atomic>
#include <thread>

#include "tlspeel/crypto/private_key.hpp"

#include "raw_encryption.hpp"
#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

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
  const Bytes secret = test_premaster();
  const auto recovered =
      key.decrypt_premaster(encryption.encrypt(padded_premaster(encryption.size(), secret)));
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
  const Bytes good = padded_premaster(size, test_premaster());
  ASSERT_TRUE(key.decrypt_premaster(encryption.encrypt(good)));
  // First bytes, every padding byte turned to zero, the separator.
  for (std::size_t i = 1; i < size - kPremasterSize; ++i) {
    Bytes block = good;
    block[i] = block[i] == 0 ? 1 : 0;
    EXPECT_FALSE(key.decrypt_premaster(encryption.encrypt(block))) << i;
  }
  EXPECT_FALSE(key.decrypt_premaster(encryption.encrypt(padded_premaster(size, Bytes(47, 9)))));
  EXPECT_FALSE(key.decrypt_premaster(encryption.encrypt(padded_premaster(size, Bytes(49, 9)))));
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
  const Bytes encrypted = encryption.encrypt(padded_premaster(encryption.size(), test_premaster()));
  std::atomic<int> recovered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 25; ++n) {
        const auto secret = key.decrypt_premaster(encrypted);
        if (secret && std::ranges::equal(secret->view(), test_premaster())) ++recovered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recovered, 100);
}

}  // namespace
}  // namespace tlspeel::crypto
