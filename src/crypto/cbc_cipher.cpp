#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/ciphers.hpp"

#include "crypto/cipher_context.hpp"

namespace tlspeel::crypto {

struct CbcCipher::State {
  BulkId id;
  std::size_t block_size;
  SecretBytes key;  // encryption, which only tests and tools need, is set up when first asked for
  CipherCtxPtr decryption;
  CipherCtxPtr encryption;
};

CbcCipher::CbcCipher(BulkId id, ByteView key)
    : state_(std::make_unique<State>(
          State{id, bulk_info(id).block_size, SecretBytes(key),
                make_cipher_context(id, BulkKind::cbc, key, CipherDirection::decrypt), nullptr})) {}

CbcCipher::~CbcCipher() = default;
CbcCipher::CbcCipher(CbcCipher&&) noexcept = default;
CbcCipher& CbcCipher::operator=(CbcCipher&&) noexcept = default;

namespace {

bool run(EVP_CIPHER_CTX* context, std::size_t block_size, ByteView iv, ByteView in,
         std::span<std::uint8_t> out) {
  if (iv.size() != block_size || in.size() % block_size != 0 || out.size() != in.size()) return false;
  if (in.empty()) return true;
  int written = 0;
  return fits_int(in.size()) &&
         EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, iv.data(), kSameDirection) == 1 &&
         EVP_CipherUpdate(context, out.data(), &written, in.data(), as_int(in.size())) == 1 &&
         written == as_int(in.size());
}

}  // namespace

bool CbcCipher::decrypt(ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  return run(state_->decryption.get(), state_->block_size, iv, in, out);
}

bool CbcCipher::encrypt(ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (!state_->encryption) {
    state_->encryption =
        make_cipher_context(state_->id, BulkKind::cbc, state_->key.view(), CipherDirection::encrypt);
  }
  return run(state_->encryption.get(), state_->block_size, iv, in, out);
}

}  // namespace tlspeel::crypto
