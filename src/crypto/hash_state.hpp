// A hash function whose state is made once and used for many messages. EVP of OpenSSL 3.0 frees the state and
// makes it anew whenever a message begins; the functions behind it do not (provider-digest(7)). Not thread
// safe. Throws CryptoError where OpenSSL has not the hash, or fails.
#pragma once

#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/digest.hpp"

namespace tlspeel::crypto {

class HashState {
 public:
  explicit HashState(HashId id);
  ~HashState();
  HashState(const HashState&) = delete;
  HashState& operator=(const HashState&) = delete;

  void start();
  void update(ByteView bytes);
  // out has hash_size() bytes.
  void finish(std::span<std::uint8_t> out);

  struct Functions;  // private to the implementation

 private:
  const Functions* functions_;
  void* state_;
};

// One for each hash function and thread, for a message from start() to finish(): nobody else may use it in
// between. What it hashed last is cleansed by OpenSSL when it is finished.
HashState& hash_state_of_thread(HashId id);

}  // namespace tlspeel::crypto
