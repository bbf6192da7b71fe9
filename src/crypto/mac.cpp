#include "tlspeel/crypto/mac.hpp"

#include <algorithm>
#include <array>

#include <openssl/crypto.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/hash_state.hpp"

namespace tlspeel::crypto {
namespace {

using Prefix = SecretArray<NestedHash::kLongestPrefix>;

// RFC 2104 section 2: the key, hashed if it is longer than a block, filled up with zeros, XOR the pad.
NestedHash hmac_hash(HashId id, ByteView key) {
  Prefix prefix;
  const auto out = std::span(prefix.bytes).first(hash_block_size(id));
  if (key.size() > out.size()) {
    const SecretBytes hashed_key{ByteView(hash(id, {key}))};
    std::ranges::copy(hashed_key.view(), out.begin());
  } else {
    std::ranges::copy(key, out.begin());
  }
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(byte ^ NestedHash::kInnerPad);
  return {id, out, 0};
}

// RFC 6101 section 5.2.3.1: the secret, then the pad 48 times for MD5 and 40 times for SHA-1.
NestedHash ssl3_hash(HashId id, ByteView secret) {
  if (id != HashId::md5 && id != HashId::sha1) throw CryptoError("SSL 3.0 has MACs with MD5 and SHA-1 only");
  const std::size_t pad_size = id == HashId::md5 ? 48 : 40;
  if (secret.size() + pad_size > NestedHash::kLongestPrefix) throw CryptoError("a MAC cannot be computed");
  Prefix prefix;
  const auto out = std::span(prefix.bytes).first(secret.size() + pad_size);
  std::ranges::copy(secret, out.begin());
  std::ranges::fill(out.subspan(secret.size()), NestedHash::kInnerPad);
  return {id, out, secret.size()};
}

}  // namespace

NestedHash::NestedHash(HashId id, ByteView inner_prefix, std::size_t pad_from)
    : id_(id),
      prefix_size_(static_cast<std::uint8_t>(inner_prefix.size())),
      pad_from_(static_cast<std::uint8_t>(pad_from)) {
  if (inner_prefix.size() > kLongestPrefix) throw CryptoError("a MAC cannot be computed");
  hash_state_of_thread(id);  // throws where there is none
  std::ranges::copy(inner_prefix, prefix_.bytes.begin());
}

void NestedHash::compute(std::span<const ByteView> parts, std::span<std::uint8_t> out) {
  if (out.size() != size()) throw CryptoError("a MAC cannot be computed");
  std::array<std::uint8_t, kMaxHashSize> inner_room;
  const auto inner = std::span(inner_room).first(size());
  HashState& hash = hash_state_of_thread(id_);
  hash.start();
  hash.update(ByteView(prefix_.bytes).first(prefix_size_));
  for (const ByteView part : parts) hash.update(part);
  hash.finish(inner);
  Prefix outer = prefix_;
  for (std::size_t i = pad_from_; i < prefix_size_; ++i) {
    outer.bytes[i] = static_cast<std::uint8_t>(outer.bytes[i] ^ kInnerPad ^ kOuterPad);
  }
  hash.start();
  hash.update(ByteView(outer.bytes).first(prefix_size_));
  hash.update(inner);
  hash.finish(out);
}

Hmac::Hmac(HashId id, ByteView key) : nested_(hmac_hash(id, key)) {}

Ssl3Mac::Ssl3Mac(HashId id, ByteView secret) : nested_(ssl3_hash(id, secret)) {}

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace tlspeel::crypto
