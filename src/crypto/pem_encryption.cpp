#include "crypto/pem_encryption.hpp"

#include <memory>

#include <openssl/pem.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/cipher_context.hpp"
#include "crypto/library.hpp"
#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

using CipherPtr = OpensslPtr<EVP_CIPHER, EVP_CIPHER_free>;

// EVP_BytesToKey(3): MD5 over password and the first eight bytes of the IV, until there is enough of it.
std::optional<SecretBytes> derive_key(const EVP_CIPHER* cipher, const unsigned char* iv,
                                      std::string_view password) {
  SecretBytes key(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)));
  const ByteView text = as_bytes(password);
  if (!fits_int(text.size())) return std::nullopt;
  const int size = EVP_BytesToKey(cipher, library::digest(HashId::md5), iv, text.data(), as_int(text.size()),
                                  1, key.mutable_view().data(), nullptr);
  if (size != as_int(key.size())) return std::nullopt;
  return key;
}

}  // namespace

std::optional<SecretBytes> decrypt_pem(std::string header, ByteView data, std::string_view password) {
  EVP_CIPHER_INFO info{};
  if (PEM_get_EVP_CIPHER_INFO(header.data(), &info) != 1 || info.cipher == nullptr) return std::nullopt;
  const CipherPtr cipher(
      EVP_CIPHER_fetch(library::context_with_legacy(), EVP_CIPHER_get0_name(info.cipher), nullptr));
  if (!cipher || !fits_int(data.size())) return std::nullopt;
  const auto key = derive_key(cipher.get(), info.iv, password);
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  SecretBytes plain(data.size() + EVP_MAX_BLOCK_LENGTH);
  unsigned char* const out = plain.mutable_view().data();
  int size = 0;
  int rest = 0;
  const bool ok =
      key && context &&
      EVP_DecryptInit_ex(context.get(), cipher.get(), nullptr, key->view().data(), info.iv) == 1 &&
      EVP_DecryptUpdate(context.get(), out, &size, data.data(), as_int(data.size())) == 1 &&
      EVP_DecryptFinal_ex(context.get(), out + size, &rest) == 1;
  if (!ok) return std::nullopt;
  plain.truncate(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return plain;
}

}  // namespace tlspeel::crypto
