#include "crypto/rsa_crt.hpp"

#include <array>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "tlspeel/base/bytes.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

struct Sizes {
  int p = 0;  // bits
  int q = 0;
};

BignumPtr word(BN_ULONG value) {
  BignumPtr number(BN_new());
  EXPECT_EQ(BN_set_word(number.get(), value), 1);
  return number;
}

BignumPtr copy_of(const BIGNUM* number) {
  return BignumPtr(BN_dup(number));
}

// A key of two primes of these sizes, whichever is the larger one.
class Key {
 public:
  explicit Key(Sizes sizes) : context_(BN_CTX_new()), n_(BN_new()), e_(word(65537)) {
    p_ = prime_of(sizes.p);
    do q_ = prime_of(sizes.q);
    while (BN_cmp(p_.get(), q_.get()) == 0);
    EXPECT_EQ(BN_mul(n_.get(), p_.get(), q_.get(), context_.get()), 1);
  }

  const BIGNUM* p() const { return p_.get(); }
  const BIGNUM* q() const { return q_.get(); }
  const BIGNUM* n() const { return n_.get(); }
  std::size_t size() const { return static_cast<std::size_t>(BN_num_bytes(n_.get())); }

  PkeyPtr pkey() const {
    const BignumPtr below_p = below(p_);
    const BignumPtr below_q = below(q_);
    const BignumPtr order(BN_new());
    EXPECT_EQ(BN_mul(order.get(), below_p.get(), below_q.get(), context_.get()), 1);
    const BignumPtr d = inverse(e_, order);
    const BignumPtr d_p = inverse(e_, below_p);
    const BignumPtr d_q = inverse(e_, below_q);
    const BignumPtr coefficient = inverse(q_, p_);
    const OpensslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    const std::array<std::pair<const char*, const BIGNUM*>, 8> numbers{{
        {OSSL_PKEY_PARAM_RSA_N, n_.get()},
        {OSSL_PKEY_PARAM_RSA_E, e_.get()},
        {OSSL_PKEY_PARAM_RSA_D, d.get()},
        {OSSL_PKEY_PARAM_RSA_FACTOR1, p_.get()},
        {OSSL_PKEY_PARAM_RSA_FACTOR2, q_.get()},
        {OSSL_PKEY_PARAM_RSA_EXPONENT1, d_p.get()},
        {OSSL_PKEY_PARAM_RSA_EXPONENT2, d_q.get()},
        {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, coefficient.get()},
    }};
    for (const auto& [name, number] : numbers)
      EXPECT_EQ(OSSL_PARAM_BLD_push_BN(builder.get(), name, number), 1);
    const OpensslPtr<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* made = nullptr;
    EXPECT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
    EXPECT_EQ(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()), 1);
    return PkeyPtr(made);
  }

  Bytes encrypt(const BIGNUM* message) const {
    const BignumPtr out(BN_new());
    EXPECT_EQ(BN_mod_exp(out.get(), message, e_.get(), n_.get(), context_.get()), 1);
    return bytes_of(out.get());
  }

  Bytes bytes_of(const BIGNUM* number) const {
    Bytes bytes(size());
    EXPECT_GE(BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size())), 0);
    return bytes;
  }

 private:
  // e has an inverse for it.
  BignumPtr prime_of(int bits) const {
    for (;;) {
      BignumPtr prime(BN_new());
      EXPECT_EQ(BN_generate_prime_ex(prime.get(), bits, 0, nullptr, nullptr, nullptr), 1);
      if (BN_mod_word(below(prime).get(), 65537) != 0) return prime;
    }
  }

  static BignumPtr below(const BignumPtr& number) {
    BignumPtr out = copy_of(number.get());
    EXPECT_EQ(BN_sub_word(out.get(), 1), 1);
    return out;
  }

  BignumPtr inverse(const BignumPtr& number, const BignumPtr& modulus) const {
    return BignumPtr(BN_mod_inverse(nullptr, number.get(), modulus.get(), context_.get()));
  }

  BnCtxPtr context_;
  BignumPtr p_;
  BignumPtr q_;
  BignumPtr n_;
  BignumPtr e_;
};

// Random ones, and those where parts of them are zero, or as large as can be.
std::vector<BignumPtr> messages_of(const Key& key) {
  std::vector<BignumPtr> messages;
  for (const BN_ULONG small : std::initializer_list<BN_ULONG>{0, 1, 2}) messages.push_back(word(small));
  messages.push_back(copy_of(key.p()));
  messages.push_back(copy_of(key.q()));
  messages.push_back(copy_of(key.n()));
  BN_sub_word(messages.back().get(), 1);
  for (const BIGNUM* prime : {key.p(), key.q()}) {
    BignumPtr power = word(1);
    BN_lshift(power.get(), power.get(), BN_num_bits(prime));
    if (BN_cmp(power.get(), key.n()) >= 0) continue;
    messages.push_back(copy_of(power.get()));
    BN_sub_word(power.get(), 1);
    messages.push_back(std::move(power));
  }
  for (int i = 0; i < 50; ++i) {
    messages.emplace_back(BN_new());
    EXPECT_EQ(BN_rand_range(messages.back().get(), key.n()), 1);
  }
  return messages;
}

class RsaCrtOf : public testing::TestWithParam<Sizes> {};

TEST_P(RsaCrtOf, UndoesTheEncryptionOfEveryNumber) {
  const Key key(GetParam());
  const auto crt = RsaCrt::of(key.pkey().get());
  ASSERT_TRUE(crt);
  for (const BignumPtr& message : messages_of(key)) {
    const auto recovered = crt->decrypt(key.encrypt(message.get()));
    ASSERT_TRUE(recovered);
    EXPECT_EQ(to_bytes(recovered->view()), key.bytes_of(message.get()));
  }
}

// As encrypted numbers, which are what is reduced: powers of two around the primes, multiples of a prime.
TEST_P(RsaCrtOf, TakesNumbersThatNobodyEncrypted) {
  const Key key(GetParam());
  const auto crt = RsaCrt::of(key.pkey().get());
  ASSERT_TRUE(crt);
  for (const BignumPtr& number : messages_of(key)) {
    const auto root = crt->decrypt(key.bytes_of(number.get()));
    ASSERT_TRUE(root);
    const BignumPtr message(BN_bin2bn(root->view().data(), static_cast<int>(root->view().size()), nullptr));
    EXPECT_EQ(key.encrypt(message.get()), key.bytes_of(number.get()));
  }
}

TEST_P(RsaCrtOf, RefusesNumbersThatAreNotBelowTheModulus) {
  const Key key(GetParam());
  const auto crt = RsaCrt::of(key.pkey().get());
  ASSERT_TRUE(crt);
  EXPECT_FALSE(crt->decrypt(key.bytes_of(key.n())));
}

// Primes of whole words and of others, of one size and of several, either one the larger.
INSTANTIATE_TEST_SUITE_P(Primes, RsaCrtOf,
                         testing::Values(Sizes{512, 512}, Sizes{1024, 1024}, Sizes{500, 500}, Sizes{513, 511},
                                         Sizes{511, 513}, Sizes{700, 324}, Sizes{324, 700}, Sizes{256, 1024}),
                         [](const auto& each) {
                           return std::to_string(each.param.p) + "And" + std::to_string(each.param.q);
                         });

}  // namespace
}  // namespace tlspeel::crypto
