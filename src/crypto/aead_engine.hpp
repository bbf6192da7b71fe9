// What an AEAD construction does behind AeadCipher, which has already checked every size.
#pragma once

#include <memory>

#include "tlspeel/crypto/ciphers.hpp"

namespace tlspeel::crypto {

class AeadCipher::Engine {
 public:
  virtual ~Engine() = default;
  // False: the tag is wrong.
  virtual bool open(ByteView nonce, ByteView aad, ByteView ciphertext, ByteView tag,
                    std::span<std::uint8_t> out) = 0;
  virtual bool seal(ByteView nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> ciphertext,
                    std::span<std::uint8_t> tag) = 0;
  // Null: it has none.
  virtual std::unique_ptr<Engine> twin() const { return nullptr; }
};

std::unique_ptr<AeadCipher::Engine> make_camellia_gcm(BulkId id, ByteView key);
std::unique_ptr<AeadCipher::Engine> make_chacha_draft(ByteView key);

}  // namespace tlspeel::crypto
