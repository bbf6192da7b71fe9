#include <memory>
#include <optional>

#include "tlspeel/crypto/ciphers.hpp"

#include "crypto/gcrypt_cbc.hpp"
#include "crypto/keyed_cipher.hpp"
#include "crypto/library.hpp"

namespace tlspeel::crypto {

struct CbcCipher::State {
  BulkId id = BulkId::unknown;
  std::size_t block_size = 0;
  std::optional<KeyedCipher> decryption;
  std::unique_ptr<KeyedCipher> encryption;   // only tests and tools need it: made when first asked for
  std::unique_ptr<GcryptCbc> second_source;  // instead of both, where OpenSSL has not the cipher

  bool run(CipherDirection direction, ByteView iv, ByteView in, std::span<std::uint8_t> out);
};

CbcCipher::CbcCipher(BulkId id, ByteView key) : state_(std::make_unique<State>()) {
  state_->id = id;
  state_->block_size = bulk_info(id).block_size;
  if (library::cipher(id) == nullptr && gcrypt_cbc_available(id)) {
    state_->second_source = std::make_unique<GcryptCbc>(id, key);
  } else {
    state_->decryption.emplace(id, BulkKind::cbc, key, CipherDirection::decrypt);
  }
}

CbcCipher::~CbcCipher() = default;
CbcCipher::CbcCipher(CbcCipher&&) noexcept = default;
CbcCipher& CbcCipher::operator=(CbcCipher&&) noexcept = default;

std::optional<CbcCipher> CbcCipher::twin() const {
  if (!state_->decryption) return std::nullopt;
  return CbcCipher(state_->id, state_->decryption->key());
}

bool CbcCipher::State::run(CipherDirection direction, ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (iv.size() != block_size || in.size() % block_size != 0 || out.size() != in.size()) return false;
  if (in.empty()) return true;
  if (!fits_int(in.size())) return false;
  if (second_source) return second_source->run(direction, iv, in, out);
  EVP_CIPHER_CTX* const context =
      (direction == CipherDirection::encrypt ? *encryption : *decryption).context();
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
    state_->encryption = std::make_unique<KeyedCipher>(state_->id, BulkKind::cbc, state_->decryption->key(),
                                                       CipherDirection::encrypt);
  }
  return state_->run(CipherDirection::encrypt, iv, in, out);
}

}  // namespace tlspeel::crypto
