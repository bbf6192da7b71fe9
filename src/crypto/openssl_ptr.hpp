// Owning pointers to OpenSSL objects, and a scope that leaves the thread's OpenSSL error queue as it was.
#pragma once

#include <memory>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace tlspeel::crypto {

template <auto kFree>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <class T, auto kFree>
using OpensslPtr = std::unique_ptr<T, OpensslFree<kFree>>;

inline void free_bio(BIO* bio) {
  BIO_free_all(bio);
}

using MdCtxPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using MacCtxPtr = OpensslPtr<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using CipherCtxPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using PkeyPtr = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using PkeyCtxPtr = OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using BignumPtr = OpensslPtr<BIGNUM, BN_clear_free>;
using BnCtxPtr = OpensslPtr<BN_CTX, BN_CTX_free>;
using MontPtr = OpensslPtr<BN_MONT_CTX, BN_MONT_CTX_free>;
using BioPtr = OpensslPtr<BIO, free_bio>;
using X509Ptr = OpensslPtr<X509, X509_free>;
using X509PubkeyPtr = OpensslPtr<X509_PUBKEY, X509_PUBKEY_free>;
using X509NamePtr = OpensslPtr<X509_NAME, X509_NAME_free>;
using X509SigPtr = OpensslPtr<X509_SIG, X509_SIG_free>;
using Pkcs8Ptr = OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using Pkcs12Ptr = OpensslPtr<PKCS12, PKCS12_free>;
using GeneralNamesPtr = OpensslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;

// Failures are told through return values; what OpenSSL leaves in the queue would confuse a later caller.
class ErrorQueueScope {
 public:
  ErrorQueueScope() { ERR_set_mark(); }
  ~ErrorQueueScope() { ERR_pop_to_mark(); }
  ErrorQueueScope(const ErrorQueueScope&) = delete;
  ErrorQueueScope& operator=(const ErrorQueueScope&) = delete;
};

}  // namespace tlspeel::crypto
