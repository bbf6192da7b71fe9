#include <algorithm>
#include <atomic>
#include <thread>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tlspeel/crypto/private_key.hpp"

#include "crypto/openssl_ptr.hpp"
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

std::string pem_of(EVP_PKEY* key) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PrivateKey_traditional(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  char* begin = nullptr;
  const long size = BIO_get_mem_data(out.get(), &begin);
  return {begin, static_cast<std::size_t>(size)};
}

void expect_to_recover(const std::string& pem) {
  const auto keys = PrivateKey::from_file_bytes(as_bytes(pem), "made.key", {});
  ASSERT_TRUE(keys) << keys.error().message;
  const RawEncryption encryption(to_bytes(as_bytes(pem)));
  const auto recovered = keys->front().decrypt_premaster(
      encryption.encrypt(padded_premaster(encryption.size(), test_premaster())));
  ASSERT_TRUE(recovered);
  EXPECT_EQ(to_hex(recovered->view()), to_hex(test_premaster()));
}

// RFC 8017 section 3.2: a key may have more than two primes.
TEST(PremasterKeys, WithThreePrimes) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  ASSERT_EQ(EVP_PKEY_keygen_init(context.get()), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 1024), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_keygen_primes(context.get(), 3), 1);
  ASSERT_EQ(EVP_PKEY_generate(context.get(), &made), 1);
  expect_to_recover(pem_of(PkeyPtr(made).get()));
}

// The sum of it is right, but one part is another key's.
TEST(PremasterKeys, WhosePartsDoNotFitTogether) {
  const Bytes file = read_test_file("vectors/crypto/keys/rsa1024_pkcs1.pem");
  const BioPtr in(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  const PkeyPtr whole(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const OpensslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  std::vector<BignumPtr> numbers;
  for (const char* name :
       {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
        OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    BIGNUM* number = nullptr;
    ASSERT_EQ(EVP_PKEY_get_bn_param(whole.get(), name, &number), 1);
    numbers.emplace_back(number);
    if (name == std::string_view(OSSL_PKEY_PARAM_RSA_EXPONENT2)) BN_add_word(number, 2);
    ASSERT_EQ(OSSL_PARAM_BLD_push_BN(builder.get(), name, number), 1);
  }
  const OpensslPtr<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  ASSERT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
  ASSERT_EQ(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()), 1);
  expect_to_recover(pem_of(PkeyPtr(made).get()));
}

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
