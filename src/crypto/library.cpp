#include "crypto/library.hpp"

#include <array>
#include <string>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto::library {
namespace {

constexpr std::size_t kHashCount = static_cast<std::size_t>(HashId::sha512) + 1;
constexpr std::size_t kBulkCount = static_cast<std::size_t>(BulkId::unknown) + 1;
constexpr std::array<const char*, kHashCount> kDigestNames = {nullptr,    "MD5",      "SHA1",
                                                              "SHA2-256", "SHA2-384", "SHA2-512"};

// Nothing here is ever freed: threads may still use it while the process ends. Each algorithm is a static of
// its own, made when it is first asked for: to fetch all of them, and to load the legacy provider, takes a
// tenth of the time in which a small capture is read.

OSSL_LIB_CTX* start() {
  // OpenSSL's own context is not used, but functions that know no other would read openssl.cnf for it.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  OSSL_LIB_CTX* const context = OSSL_LIB_CTX_new();
  if (context == nullptr || OSSL_PROVIDER_load(context, "default") == nullptr) {
    throw CryptoError("OpenSSL's default provider cannot be loaded");
  }
  return context;
}

template <std::size_t kIndex>
const EVP_MD* digest_at() {
  static const EVP_MD* const digest = kDigestNames.at(kIndex) == nullptr
                                          ? nullptr
                                          : EVP_MD_fetch(context(), kDigestNames.at(kIndex), nullptr);
  return digest;
}

const EVP_CIPHER* fetch_cipher(const char* name) {
  if (name == nullptr) return nullptr;
  const ErrorQueueScope errors;
  const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(context(), name, nullptr);
  return cipher != nullptr ? cipher : EVP_CIPHER_fetch(context_with_legacy(), name, nullptr);
}

template <std::size_t kIndex>
const EVP_CIPHER* cipher_at() {
  static const EVP_CIPHER* const cipher = fetch_cipher(bulk_info(static_cast<BulkId>(kIndex)).evp_name);
  return cipher;
}

constexpr auto kDigests = []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{&digest_at<kIndex>...};
}
(std::make_index_sequence<kHashCount>());

constexpr auto kCiphers = []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
  return std::array{&cipher_at<kIndex>...};
}
(std::make_index_sequence<kBulkCount>());

}  // namespace

OSSL_LIB_CTX* context() {
  static OSSL_LIB_CTX* const context = start();
  return context;
}

OSSL_LIB_CTX* context_with_legacy() {
  // Not fatal: without it RC4, RC2, DES, SEED and IDEA are reported as not available.
  static const OSSL_PROVIDER* const provider = [] {
    const ErrorQueueScope errors;
    return OSSL_PROVIDER_load(context(), "legacy");
  }();
  (void)provider;
  return context();
}

bool has_digest(HashId id) {
  return kDigests.at(static_cast<std::size_t>(id))() != nullptr;
}

const EVP_MD* digest(HashId id) {
  const EVP_MD* const digest = kDigests.at(static_cast<std::size_t>(id))();
  if (digest == nullptr) throw CryptoError("OpenSSL has no hash function " + std::string(hash_name(id)));
  return digest;
}

const EVP_CIPHER* cipher(BulkId id) {
  return kCiphers.at(static_cast<std::size_t>(id))();
}

EVP_MAC* poly1305() {
  static EVP_MAC* const mac = EVP_MAC_fetch(context(), "POLY1305", nullptr);
  return mac;
}

}  // namespace tlspeel::crypto::library
