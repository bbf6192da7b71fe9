// ChaCha20-Poly1305 as it was before RFC 7539 and RFC 7905: draft-agl-tls-chacha20poly1305-04 sections 4
// and 5. ChaCha20 with a block counter and a nonce of 64 bits each; the first 32 bytes of block 0 are the key
// of Poly1305, the message begins with block 1; the MAC covers both parts, each followed by its length in
// eight bytes, little endian, without padding in between.
#include <algorithm>
#include <array>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/error.hpp"
#include "tlspeel/crypto/mac.hpp"

#include "crypto/aead_engine.hpp"
#include "crypto/cipher_context.hpp"
#include "crypto/library.hpp"
#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

constexpr std::size_t kMacKeySize = 32;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kCounterSize = 8;
constexpr std::size_t kIvSize = 16;  // OpenSSL's: the counter, then the nonce

std::array<std::uint8_t, 8> little_endian(std::uint64_t number) {
  std::array<std::uint8_t, 8> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return out;
}

class ChachaDraft final : public AeadCipher::Engine {
 public:
  explicit ChachaDraft(ByteView key) : cipher_(EVP_CIPHER_CTX_new()) {
    constexpr BulkId kId = BulkId::chacha20_poly1305_draft;
    if (!bulk_available(kId)) {
      throw CryptoError("the OpenSSL of this machine has no ChaCha20 or no Poly1305");
    }
    if (key.size() != bulk_info(kId).key_size) throw CryptoError("wrong key size for ChaCha20");
    mac_.reset(EVP_MAC_CTX_new(library::poly1305()));
    if (!cipher_ || !mac_ ||
        EVP_EncryptInit_ex(cipher_.get(), library::cipher(kId), nullptr, key.data(), nullptr) != 1) {
      throw CryptoError("OpenSSL cannot set up ChaCha20 and Poly1305");
    }
  }

  bool open(ByteView nonce, ByteView aad, ByteView ciphertext, ByteView tag,
            std::span<std::uint8_t> out) override {
    std::array<std::uint8_t, kTagSize> computed{};
    return compute_tag(nonce, aad, ciphertext, computed) && equal(computed, tag) &&
           run(nonce, 1, ciphertext, out);
  }

  bool seal(ByteView nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> ciphertext,
            std::span<std::uint8_t> tag) override {
    return run(nonce, 1, plaintext, ciphertext) && compute_tag(nonce, aad, ciphertext, tag);
  }

 private:
  bool run(ByteView nonce, std::uint64_t counter, ByteView in, std::span<std::uint8_t> out) {
    if (in.empty()) return true;
    std::array<std::uint8_t, kIvSize> iv{};
    std::ranges::copy(little_endian(counter), iv.begin());
    std::ranges::copy(nonce, iv.begin() + kCounterSize);
    int written = 0;
    return EVP_CipherInit_ex(cipher_.get(), nullptr, nullptr, nullptr, iv.data(), kSameDirection) == 1 &&
           EVP_EncryptUpdate(cipher_.get(), out.data(), &written, in.data(), as_int(in.size())) == 1;
  }

  bool compute_tag(ByteView nonce, ByteView aad, ByteView ciphertext, std::span<std::uint8_t> tag) {
    std::array<std::uint8_t, kMacKeySize> key{};
    bool ok = run(nonce, 0, key, key) && EVP_MAC_init(mac_.get(), key.data(), key.size(), nullptr) == 1;
    cleanse(key);
    for (const ByteView part : {aad, ciphertext}) {
      const auto size = little_endian(part.size());
      ok = ok && (part.empty() || EVP_MAC_update(mac_.get(), part.data(), part.size()) == 1) &&
           EVP_MAC_update(mac_.get(), size.data(), size.size()) == 1;
    }
    std::size_t written = 0;
    return ok && EVP_MAC_final(mac_.get(), tag.data(), &written, tag.size()) == 1 && written == kTagSize;
  }

  CipherCtxPtr cipher_;
  MacCtxPtr mac_;
};

}  // namespace

std::unique_ptr<AeadCipher::Engine> make_chacha_draft(ByteView key) {
  return std::make_unique<ChachaDraft>(key);
}

}  // namespace tlspeel::crypto
