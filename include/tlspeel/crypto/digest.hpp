// Hash functions. Algorithms are fetched once for the process; a Digest is one running hash (a transcript,
// for example). Digest is movable, copied only by clone(), not thread safe. Throws CryptoError when OpenSSL
// has not the algorithm.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::crypto {

enum class HashId : std::uint8_t { none, md5, sha1, sha256, sha384, sha512 };

inline constexpr std::size_t kMaxHashSize = 64;

std::size_t hash_size(HashId id);        // bytes; none: 0
std::size_t hash_block_size(HashId id);  // bytes; none: 0
std::string_view hash_name(HashId id);   // "SHA-256"; none: "NULL"

class Digest {
 public:
  explicit Digest(HashId id);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  Digest clone() const;
  void update(ByteView bytes);
  // The hash of everything so far. Works on a copy: the object can go on.
  Bytes finish() const;
  HashId id() const { return id_; }

 private:
  struct State;
  Digest(HashId id, std::unique_ptr<State> state);

  HashId id_;
  std::unique_ptr<State> state_;
};

Bytes hash(HashId id, std::initializer_list<ByteView> parts);

}  // namespace tlspeel::crypto
