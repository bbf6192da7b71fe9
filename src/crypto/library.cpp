#include "crypto/library.hpp"

#include <array>
#include <string>

#include <openssl/provider.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto::library {
namespace {

constexpr std::size_t kHashCount = static_cast<std::size_t>(HashId::sha512) + 1;
constexpr std::size_t kBulkCount = static_cast<std::size_t>(BulkId::unknown) + 1;
constexpr std::array<const char*, kHashCount> kDigestNames = {nullptr,    "MD5",      "SHA1",
                                                              "SHA2-256", "SHA2-384", "SHA2-512"};

class Library {
 public:
  Library() : context_(OSSL_LIB_CTX_new()) {
    const ErrorQueueScope errors;
    if (context_ == nullptr || OSSL_PROVIDER_load(context_, "default") == nullptr) {
      throw CryptoError("OpenSSL's default provider cannot be loaded");
    }
    // Not fatal: without it RC4, RC2, DES, SEED and IDEA are reported as not available.
    (void)OSSL_PROVIDER_load(context_, "legacy");
    for (std::size_t i = 1; i < kHashCount; ++i) {
      digests_.at(i) = EVP_MD_fetch(context_, kDigestNames.at(i), nullptr);
    }
    poly1305_ = EVP_MAC_fetch(context_, "POLY1305", nullptr);
    for (const BulkInfo& info : bulk_table()) {
      if (info.evp_name == nullptr) continue;
      ciphers_.at(static_cast<std::size_t>(info.id)) = EVP_CIPHER_fetch(context_, info.evp_name, nullptr);
    }
  }

  OSSL_LIB_CTX* context() const { return context_; }
  const EVP_MD* digest(HashId id) const { return digests_.at(static_cast<std::size_t>(id)); }
  const EVP_CIPHER* cipher(BulkId id) const { return ciphers_.at(static_cast<std::size_t>(id)); }

  EVP_MAC* poly1305() const { return poly1305_; }

 private:
  OSSL_LIB_CTX* context_;
  EVP_MAC* poly1305_ = nullptr;
  std::array<const EVP_MD*, kHashCount> digests_{};
  std::array<const EVP_CIPHER*, kBulkCount> ciphers_{};
};

// Never destroyed: threads may still use it while the process ends.
const Library& instance() {
  static const Library* const library = new Library;
  return *library;
}

}  // namespace

OSSL_LIB_CTX* context() {
  return instance().context();
}

bool has_digest(HashId id) {
  return instance().digest(id) != nullptr;
}

const EVP_MD* digest(HashId id) {
  const EVP_MD* digest = instance().digest(id);
  if (digest == nullptr) throw CryptoError("OpenSSL has no hash function " + std::string(hash_name(id)));
  return digest;
}

const EVP_CIPHER* cipher(BulkId id) {
  return instance().cipher(id);
}

EVP_MAC* poly1305() {
  return instance().poly1305();
}

}  // namespace tlspeel::crypto::library
