// Message authentication: HMAC (RFC 2104) and the MAC of SSL 3.0 (RFC 6101 section 5.2.3.1). Keyed once, then
// one compute() per record; neither allocates. Movable, not thread safe: one object per direction.
// Throws CryptoError when it cannot be made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_array.hpp"
#include "tlspeel/crypto/digest.hpp"

namespace tlspeel::crypto {

// hash(outer prefix + hash(inner prefix + message)): the shape that both MACs share. The prefixes differ by
// their pads alone.
class NestedHash {
 public:
  static constexpr std::size_t kLongestPrefix = 128;

  // inner_prefix: with kInnerPad from pad_from on, where the outer one has kOuterPad; XORed, as a pad of
  // zeros shows.
  NestedHash(HashId id, ByteView inner_prefix, std::size_t pad_from);

  static constexpr std::uint8_t kInnerPad = 0x36;
  static constexpr std::uint8_t kOuterPad = 0x5c;

  // out has size() bytes.
  void compute(std::span<const ByteView> parts, std::span<std::uint8_t> out);
  std::size_t size() const { return hash_size(id_); }

 private:
  HashId id_;
  std::uint8_t prefix_size_;
  std::uint8_t pad_from_;
  SecretArray<kLongestPrefix> prefix_;  // the inner one
};

class Hmac {
 public:
  Hmac(HashId id, ByteView key);

  void compute(std::initializer_list<ByteView> parts, std::span<std::uint8_t> out) {
    nested_.compute({parts.begin(), parts.size()}, out);
  }
  void compute(std::span<const ByteView> parts, std::span<std::uint8_t> out) { nested_.compute(parts, out); }
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
