// A bulk cipher under one key, without an OpenSSL context of its own: these have a kilobyte, and connections
// are many and mostly idle. A few contexts belong to each thread; whoever needs one and finds none under its
// key gets the one that was used longest ago. For ciphers that keep nothing from one message to the next.
// Keys are cleansed when their owner goes. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlspeel/base/secret_array.hpp"

#include "crypto/cipher_context.hpp"

namespace tlspeel::crypto {

// Of a bulk cipher; in place, so that it costs no allocation.
struct BulkKey : SecretArray<32> {
  ByteView view() const { return ByteView(bytes).first(size); }

  std::uint8_t size = 0;
};

class KeyedCipher {
 public:
  // Errors as those of make_cipher_context().
  KeyedCipher(BulkId id, BulkKind kind, ByteView key, CipherDirection direction);
  ~KeyedCipher();
  KeyedCipher(const KeyedCipher&) = delete;
  KeyedCipher& operator=(const KeyedCipher&) = delete;

  // As make_cipher_context() makes it. Until the next call for any cipher of this thread.
  EVP_CIPHER_CTX* context();

  ByteView key() const { return key_.view(); }

 private:
  friend class ContextPool;

  BulkId id_;
  BulkKind kind_;
  CipherDirection direction_;
  std::uint8_t place_ = 0;  // in the thread's pool, where it was last
  BulkKey key_;
};

}  // namespace tlspeel::crypto
