#include "crypto/rsa_crt.hpp"

#include <openssl/core_names.h>

#include "tlspeel/crypto/error.hpp"

namespace tlspeel::crypto {
namespace {

BignumPtr parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  return BignumPtr(EVP_PKEY_get_bn_param(key, name, &number) == 1 ? number : nullptr);
}

BignumPtr new_number() {
  BignumPtr number(BN_new());
  if (!number) throw CryptoError("OpenSSL has no memory for a number");
  return number;
}

}  // namespace

std::unique_ptr<RsaCrt> RsaCrt::of(const EVP_PKEY* key) {
  const ErrorQueueScope errors;
  std::unique_ptr<RsaCrt> out(new RsaCrt());
  if (!out->read(key) || !out->fits_together(key)) return nullptr;
  return out;
}

std::optional<SecretBytes> RsaCrt::decrypt(ByteView encrypted) const {
  const ErrorQueueScope errors;
  const BnCtxPtr context(BN_CTX_new());
  const BignumPtr base(BN_bin2bn(encrypted.data(), static_cast<int>(encrypted.size()), nullptr));
  if (!context || !base || BN_cmp(base.get(), modulus_.get()) >= 0) return std::nullopt;
  const BignumPtr message = power(base.get(), context.get());
  SecretBytes out(static_cast<std::size_t>(BN_num_bytes(modulus_.get())));
  if (!message || BN_bn2binpad(message.get(), out.mutable_view().data(), static_cast<int>(out.size())) < 0) {
    return std::nullopt;
  }
  return out;
}

bool RsaCrt::read(const EVP_PKEY* key) {
  if (parameter(key, OSSL_PKEY_PARAM_RSA_FACTOR3)) return false;
  modulus_ = parameter(key, OSSL_PKEY_PARAM_RSA_N);
  coefficient_ = parameter(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  p_.prime = parameter(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
  p_.exponent = parameter(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
  q_.prime = parameter(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
  q_.exponent = parameter(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
  if (!modulus_ || !coefficient_) return false;
  const BnCtxPtr context(BN_CTX_new());
  for (Prime* each : {&p_, &q_}) {
    if (!each->prime || !each->exponent || !context) return false;
    // Montgomery's multiplication works on odd numbers only.
    if (BN_is_odd(each->prime.get()) != 1 || BN_is_one(each->prime.get()) == 1) return false;
    each->montgomery.reset(BN_MONT_CTX_new());
    if (!each->montgomery || BN_MONT_CTX_set(each->montgomery.get(), each->prime.get(), context.get()) != 1) {
      return false;
    }
  }
  return true;
}

// Files may hold numbers that are not of one key. RFC 8017 section 3.2: n = p q, e dP = 1 (mod p - 1),
// e dQ = 1 (mod q - 1), q qInv = 1 (mod p).
bool RsaCrt::fits_together(const EVP_PKEY* key) const {
  const BnCtxPtr context(BN_CTX_new());
  const BignumPtr exponent = parameter(key, OSSL_PKEY_PARAM_RSA_E);
  const BignumPtr number = new_number();
  if (!context || !exponent) return false;
  for (const Prime* each : {&p_, &q_}) {
    const BignumPtr below(BN_dup(each->prime.get()));
    if (!below || BN_sub_word(below.get(), 1) != 1) return false;
    if (BN_mod_mul(number.get(), exponent.get(), each->exponent.get(), below.get(), context.get()) != 1)
      return false;
    if (BN_is_one(number.get()) != 1) return false;
  }
  if (BN_mul(number.get(), p_.prime.get(), q_.prime.get(), context.get()) != 1) return false;
  if (BN_cmp(number.get(), modulus_.get()) != 0) return false;
  return BN_mod_mul(number.get(), q_.prime.get(), coefficient_.get(), p_.prime.get(), context.get()) == 1 &&
         BN_is_one(number.get()) == 1;
}

// RFC 8017 section 5.1.2 step 2b. nullptr: OpenSSL cannot.
BignumPtr RsaCrt::power(const BIGNUM* base, BN_CTX* context) const {
  const BignumPtr base_p = new_number();
  const BignumPtr base_q = new_number();
  const BignumPtr power_p = new_number();
  BignumPtr power_q = new_number();
  const BignumPtr h = new_number();
  BignumPtr message = new_number();
  const bool done =
      BN_nnmod(base_p.get(), base, p_.prime.get(), context) == 1 &&
      BN_nnmod(base_q.get(), base, q_.prime.get(), context) == 1 &&
      BN_mod_exp_mont_consttime_x2(power_p.get(), base_p.get(), p_.exponent.get(), p_.prime.get(),
                                   p_.montgomery.get(), power_q.get(), base_q.get(), q_.exponent.get(),
                                   q_.prime.get(), q_.montgomery.get(), context) == 1 &&
      BN_mod_sub(h.get(), power_p.get(), power_q.get(), p_.prime.get(), context) == 1 &&
      BN_mod_mul(h.get(), h.get(), coefficient_.get(), p_.prime.get(), context) == 1 &&
      BN_mul(message.get(), h.get(), q_.prime.get(), context) == 1 &&
      BN_add(message.get(), message.get(), power_q.get()) == 1;
  return done ? std::move(message) : nullptr;
}

}  // namespace tlspeel::crypto
