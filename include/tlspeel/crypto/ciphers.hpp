// The three constructions that bulk ciphers come in. Each object is one key in one direction, made once and
// used for every record; a record allocates nothing and only re-sets the nonce, or the key where others were
// used since: CBC and AEAD ciphers share a few contexts of OpenSSL in each thread. Movable, not thread safe.
// Constructors throw CryptoError when the cipher is not available or the key has not key_size bytes. out may
// be the same memory as the input (in place), but may not partly overlap it. Every cipher also encrypts, so
// that tests and tools can make the records that they open.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/bulk_table.hpp"

namespace tlspeel::crypto {

// RC4. The key stream goes on from call to call: every byte of the direction must pass through, in order.
class StreamCipher {
 public:
  StreamCipher(BulkId id, ByteView key);
  ~StreamCipher();
  StreamCipher(StreamCipher&&) noexcept;
  StreamCipher& operator=(StreamCipher&&) noexcept;

  // out has in.size() bytes. Encryption and decryption are the same.
  void process(ByteView in, std::span<std::uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// CBC without any padding rule: padding is the record layer's. False: in is not a multiple of block_size, iv
// is not one block.
class CbcCipher {
 public:
  CbcCipher(BulkId id, ByteView key);
  ~CbcCipher();
  CbcCipher(CbcCipher&&) noexcept;
  CbcCipher& operator=(CbcCipher&&) noexcept;

  bool decrypt(ByteView iv, ByteView in, std::span<std::uint8_t> out);
  bool encrypt(ByteView iv, ByteView in, std::span<std::uint8_t> out);

  // The same key for another thread. nullopt: only OpenSSL's ciphers have one.
  std::optional<CbcCipher> twin() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// GCM, CCM, CCM_8 and ChaCha20-Poly1305, with 12-byte nonces; the ChaCha20-Poly1305 of the draft has 8 bytes.
class AeadCipher {
 public:
  AeadCipher(BulkId id, ByteView key);
  ~AeadCipher();
  AeadCipher(AeadCipher&&) noexcept;
  AeadCipher& operator=(AeadCipher&&) noexcept;

  // out has ciphertext_and_tag.size() - tag_size bytes. False: the tag is wrong (out is then all zeros), or a
  // size is.
  bool open(ByteView nonce, ByteView aad, ByteView ciphertext_and_tag, std::span<std::uint8_t> out);
  // out has plaintext.size() + tag_size bytes. False: a size is wrong.
  bool seal(ByteView nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> out);

  std::size_t nonce_size() const { return nonce_size_; }
  // The same key for another thread. nullopt: only OpenSSL's ciphers have one.
  std::optional<AeadCipher> twin() const;

  class Engine;  // private to the implementation

 private:
  AeadCipher(std::size_t nonce_size, std::size_t tag_size, std::unique_ptr<Engine> engine);

  std::size_t nonce_size_;
  std::size_t tag_size_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace tlspeel::crypto
