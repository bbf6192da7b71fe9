// CBC ciphers from libgcrypt: the second source of the bulk table, for IDEA. Without TLSPEEL_LIBGCRYPT there
// is none. libgcrypt is started at first use, unless the program around the library has done so.
#pragma once

#include <memory>
#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/bulk_table.hpp"

#include "crypto/cipher_context.hpp"

namespace tlspeel::crypto {

bool gcrypt_cbc_available(BulkId id);

// One key, both directions. Movable, not thread safe.
class GcryptCbc {
 public:
  // Throws CryptoError when the cipher is not available or the key has not key_size bytes.
  GcryptCbc(BulkId id, ByteView key);
  ~GcryptCbc();
  GcryptCbc(GcryptCbc&&) noexcept;
  GcryptCbc& operator=(GcryptCbc&&) noexcept;

  // iv is one block, in whole blocks and not empty, out as long; in place or apart.
  bool run(CipherDirection direction, ByteView iv, ByteView in, std::span<std::uint8_t> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::crypto
