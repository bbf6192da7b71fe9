#include "crypto/cipher_context.hpp"

#include <limits>
#include <string>

#include "tlspeel/crypto/error.hpp"

#include "crypto/library.hpp"

namespace tlspeel::crypto {
namespace {

constexpr int kNonceSize = 12;

bool set_aead_sizes(EVP_CIPHER_CTX* context, const BulkInfo& info) {
  if (info.tag_size == 0) return true;
  if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, kNonceSize, nullptr) != 1) return false;
  // Only CCM's computation depends on the tag size.
  return info.kind != BulkKind::ccm ||
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, info.tag_size, nullptr) == 1;
}

}  // namespace

void check_key(BulkId id, BulkKind kind, ByteView key) {
  const BulkInfo& info = bulk_info(id);
  const auto name = [&] { return std::string(info.name); };
  if (info.kind != kind) throw CryptoError(name() + " is another kind of cipher");
  if (library::cipher(id) == nullptr) throw CryptoError("the OpenSSL of this machine has no " + name());
  if (key.size() != info.key_size) throw CryptoError("wrong key size for " + name());
}

CipherCtxPtr make_cipher_context(BulkId id, BulkKind kind, ByteView key, CipherDirection direction) {
  const ErrorQueueScope errors;
  check_key(id, kind, key);
  const BulkInfo& info = bulk_info(id);
  const EVP_CIPHER* cipher = library::cipher(id);

  // Without padding where there might be some: OpenSSL says so to its cipher again with every nonce.
  CipherCtxPtr context(EVP_CIPHER_CTX_new());
  const int encrypt = static_cast<int>(direction);
  const bool ok = context &&
                  EVP_CipherInit_ex(context.get(), cipher, nullptr, nullptr, nullptr, encrypt) == 1 &&
                  set_aead_sizes(context.get(), info) &&
                  EVP_CipherInit_ex(context.get(), nullptr, nullptr, key.data(), nullptr, encrypt) == 1 &&
                  (info.tag_size != 0 || EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
  if (!ok) throw CryptoError("OpenSSL cannot set up " + std::string(info.name));
  return context;
}

bool fits_int(std::size_t size) {
  return size <= static_cast<std::size_t>(std::numeric_limits<int>::max());
}

int as_int(std::size_t size) {
  return static_cast<int>(size);
}

}  // namespace tlspeel::crypto
