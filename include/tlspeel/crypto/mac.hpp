// Message authentication: HMAC (RFC 2104) and the MAC of SSL 3.0 (RFC 6101 section 5.2.3.1). Keyed once, then
// one compute() per record, which allocates nothing. Movable, not thread safe: one object per direction.
// Throws CryptoError when it cannot be made.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/digest.hpp"

namespace tlspeel::crypto {

// hash(outer prefix + hash(inner prefix + message)): the shape that both MACs share.
class NestedHash {
 public:
  NestedHash(HashId id, SecretBytes inner_prefix, SecretBytes outer_prefix);
  ~NestedHash();
  NestedHash(NestedHash&&) noexcept;
  NestedHash& operator=(NestedHash&&) noexcept;

  // out has size() bytes.
  void compute(std::span<const ByteView> parts, std::span<std::uint8_t> out);
  std::size_t size() const { return hash_size(id_); }

 private:
  struct State;

  HashId id_;
  std::unique_ptr<State> state_;
  SecretBytes inner_prefix_;
  SecretBytes outer_prefix_;
};

class Hmac {
 public:
  Hmac(HashId id, ByteView key);

  void compute(std::initializer_list<ByteView> parts, std::span<std::uint8_t> out) {
    nested_.compute({parts.begin(), parts.size()}, out);
  }
  std::size_t size() const { return nested_.size(); }

 private:
  NestedHash nested_;
};

// MD5 and SHA-1 only, as SSL 3.0 defines it. The parts are seq_num, type, length and fragment: SSL 3.0 leaves
// the version out.
class Ssl3Mac {
 public:
  Ssl3Mac(HashId id, ByteView secret);

  void compute(std::initializer_list<ByteView> parts, std::span<std::uint8_t> out) {
    nested_.compute({parts.begin(), parts.size()}, out);
  }
  std::size_t size() const { return nested_.size(); }

 private:
  NestedHash nested_;
};

// In time that does not depend on where they differ; different sizes are unequal.
bool equal(ByteView a, ByteView b);

}  // namespace tlspeel::crypto
