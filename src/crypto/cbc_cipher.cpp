#include <optional>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/ciphers.hpp"

#include "crypto/cipher_context.hpp"
#include "crypto/gcrypt_cbc.hpp"
#include "crypto/library.hpp"

namespace tlspeel::crypto {

struct CbcCipher::State {
  BulkId id;
  std::size_t block_size;
  SecretBytes key;  // encryption, which only tests and tools need, is set up when first asked for
  CipherCtxPtr decryption;
  CipherCtxPtr encryption;
  std::optional<GcryptCbc> second_source;  // instead of both, where OpenSSL has not the cipher

  bool run(CipherDirection direction, ByteView iv, ByteView in, std::span<std::uint8_t> out);
};

CbcCipher::CbcCipher(BulkId id, ByteView key)
    : state_(std::make_unique<State>(
          State{id, bulk_info(id).block_size, SecretBytes(key), nullptr, nullptr, std::nullopt})) {
  if (library::cipher(id) == nullptr && gcrypt_cbc_available(id)) {
    state_->second_source.emplace(id, key);
  } else {
    state_->decryption = make_cipher_context(id, BulkKind::cbc, key, CipherDirection::decrypt);
  }
}

CbcCipher::~CbcCipher() = default;
CbcCipher::CbcCipher(CbcCipher&&) noexcept = default;
CbcCipher& CbcCipher::operator=(CbcCipher&&) noexcept = default;

bool CbcCipher::State::run(CipherDirection direction, ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (iv.size() != block_size || in.size() % block_size != 0 || out.size() != in.size()) return false;
  if (in.empty()) return true;
  if (!fits_int(in.size())) return false;
  if (second_source) return second_source->run(direction, iv, in, out);
  EVP_CIPHER_CTX* const context = direction == CipherDirection::encrypt ? encryption.get() : decryption.get();
  int written = 0;
  return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, iv.data(), kSameDirection) == 1 &&
         EVP_CipherUpdate(context, out.data(), &written, in.data(), as_int(in.size())) == 1 &&
         written == as_int(in.size());
}

bool CbcCipher::decrypt(ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  return state_->run(CipherDirection::decrypt, iv, in, out);
}

bool CbcCipher::encrypt(ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (!state_->encryption && !state_->second_source) {
    state_->encryption =
        make_cipher_context(state_->id, BulkKind::cbc, state_->key.view(), CipherDirection::encrypt);
  }
  return state_->run(CipherDirection::encrypt, iv, in, out);
}

}  // namespace tlspeel::crypto
