// Premaster secrets that were decrypted before their connection has asked for them, by a thread that had
// nothing else to do. Decryption is a function of key and ciphertext: who asks gets what it would have got by
// itself, so that nothing that is shown depends on what is here. Bounded: the oldest go first; and where most
// were not asked for - handshakes of another certificate - no more are wanted. All functions are thread
// safe.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/private_key.hpp"

namespace tlspeel::secrets {

class PremastersAhead {
 public:
  // What PrivateKey::decrypt_premaster() gave.
  using Decrypted = std::optional<SecretBytes>;

  static constexpr std::size_t kMost = 512;
  static constexpr std::size_t kMostUnwanted = 256;  // more than were taken

  // Not there yet, and worth the effort.
  bool wanted(const crypto::PrivateKey& key, ByteView encrypted) const;
  void put(const crypto::PrivateKey& key, ByteView encrypted, Decrypted decrypted);
  // It is not kept any longer then. nullopt: not there.
  std::optional<Decrypted> take(const crypto::PrivateKey& key, ByteView encrypted);

 private:
  using Place = std::pair<const crypto::PrivateKey*, std::string>;

  mutable std::mutex mutex_;  // guards everything below
  std::map<Place, Decrypted> kept_;
  std::deque<Place> order_;   // of kept_ and of those that were taken, the oldest first
  std::size_t unwanted_ = 0;  // that went without having been asked for
  std::size_t taken_ = 0;
};

}  // namespace tlspeel::secrets
