// Camellia-GCM (RFC 6367). OpenSSL has the block cipher and, in <openssl/modes.h>, GCM over any block cipher,
// but not the two together as an EVP cipher. The block function runs through EVP, so nothing deprecated is
// used; libgcrypt would be a second cryptographic library for two rarely seen suites.
#include <algorithm>
#include <array>

#include <openssl/modes.h>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/error.hpp"

#include "crypto/aead_engine.hpp"
#include "crypto/library.hpp"
#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

using GcmPtr = OpensslPtr<GCM128_CONTEXT, CRYPTO_gcm128_release>;

constexpr std::size_t kBlock = 16;
constexpr std::size_t kBatch = 32;  // blocks of key stream per EVP call

void encrypt_blocks(EVP_CIPHER_CTX* cipher, const std::uint8_t* in, std::uint8_t* out, std::size_t size) {
  int written = 0;
  if (EVP_EncryptUpdate(cipher, out, &written, in, static_cast<int>(size)) != 1) {
    // Cannot happen with whole blocks and a keyed context; zeros then make the tag wrong.
    std::fill_n(out, size, std::uint8_t{0});
  }
}

void encrypt_block(const unsigned char in[kBlock], unsigned char out[kBlock], const void* key) {
  // modes.h hands the key on as const; the context behind it is ours.
  encrypt_blocks(static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(key)), in, out, kBlock);
}

void put_counter(std::uint8_t* block, std::uint32_t counter) {
  for (std::size_t i = 0; i < 4; ++i) {
    block[kBlock - 1 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
  }
}

// The counter mode function that modes.h asks for: `blocks` blocks from the 32-bit big-endian counter at the
// end of ivec on.
void counter_mode(const unsigned char* in, unsigned char* out, size_t blocks, const void* key,
                  const unsigned char ivec[kBlock]) {
  std::array<std::uint8_t, kBlock * kBatch> counters;
  std::array<std::uint8_t, kBlock * kBatch> stream;
  std::uint32_t counter = 0;
  for (std::size_t i = kBlock - 4; i < kBlock; ++i) counter = counter << 8 | ivec[i];
  while (blocks > 0) {
    const std::size_t count = std::min(blocks, kBatch);
    for (std::size_t i = 0; i < count; ++i) {
      std::copy_n(ivec, kBlock, counters.data() + i * kBlock);
      put_counter(counters.data() + i * kBlock, counter++);
    }
    encrypt_blocks(static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(key)), counters.data(), stream.data(),
                   count * kBlock);
    for (std::size_t i = 0; i < count * kBlock; ++i) out[i] = static_cast<std::uint8_t>(in[i] ^ stream[i]);
    in += count * kBlock;
    out += count * kBlock;
    blocks -= count;
  }
  cleanse(stream);
}

class CamelliaGcm final : public AeadCipher::Engine {
 public:
  CamelliaGcm(BulkId id, ByteView key) : cipher_(EVP_CIPHER_CTX_new()) {
    const EVP_CIPHER* block_cipher = library::cipher(id);
    if (block_cipher == nullptr) throw CryptoError("the OpenSSL of this machine has no Camellia");
    if (key.size() != bulk_info(id).key_size) throw CryptoError("wrong key size for Camellia");
    if (!cipher_ || EVP_EncryptInit_ex(cipher_.get(), block_cipher, nullptr, key.data(), nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(cipher_.get(), 0) != 1) {
      throw CryptoError("OpenSSL cannot set up Camellia");
    }
    gcm_.reset(CRYPTO_gcm128_new(cipher_.get(), encrypt_block));
    if (!gcm_) throw CryptoError("no memory for Camellia-GCM");
  }

  bool open(ByteView nonce, ByteView aad, ByteView ciphertext, ByteView tag,
            std::span<std::uint8_t> out) override {
    return start(nonce, aad) &&
           CRYPTO_gcm128_decrypt_ctr32(gcm_.get(), ciphertext.data(), out.data(), out.size(), counter_mode) ==
               0 &&
           CRYPTO_gcm128_finish(gcm_.get(), tag.data(), tag.size()) == 0;
  }

  bool seal(ByteView nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> ciphertext,
            std::span<std::uint8_t> tag) override {
    if (!start(nonce, aad) || CRYPTO_gcm128_encrypt_ctr32(gcm_.get(), plaintext.data(), ciphertext.data(),
                                                          plaintext.size(), counter_mode) != 0) {
      return false;
    }
    CRYPTO_gcm128_tag(gcm_.get(), tag.data(), tag.size());
    return true;
  }

 private:
  bool start(ByteView nonce, ByteView aad) {
    CRYPTO_gcm128_setiv(gcm_.get(), nonce.data(), nonce.size());
    return aad.empty() || CRYPTO_gcm128_aad(gcm_.get(), aad.data(), aad.size()) == 0;
  }

  CipherCtxPtr cipher_;
  GcmPtr gcm_;
};

}  // namespace

std::unique_ptr<AeadCipher::Engine> make_camellia_gcm(BulkId id, ByteView key) {
  return std::make_unique<CamelliaGcm>(id, key);
}

}  // namespace tlspeel::crypto
