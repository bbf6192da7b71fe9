#include "tlspeel/crypto/mac.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/crypto.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/hash_state.hpp"

namespace tlspeel::crypto {
namespace {

// RFC 2104 section 2: the key, hashed if it is longer than a block, filled up with zeros, XOR the pad.
SecretBytes hmac_prefix(HashId id, ByteView key, std::uint8_t pad) {
  SecretBytes prefix(hash_block_size(id));
  const auto out = prefix.mutable_view();
  if (key.size() > out.size()) {
    const SecretBytes hashed_key{ByteView(hash(id, {key}))};
    std::ranges::copy(hashed_key.view(), out.begin());
  } else {
    std::ranges::copy(key, out.begin());
  }
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(byte ^ pad);
  return prefix;
}

// RFC 6101 section 5.2.3.1: the secret, then the pad 48 times for MD5 and 40 times for SHA-1.
SecretBytes ssl3_prefix(HashId id, ByteView secret, std::uint8_t pad) {
  if (id != HashId::md5 && id != HashId::sha1) throw CryptoError("SSL 3.0 has MACs with MD5 and SHA-1 only");
  const std::size_t pad_size = id == HashId::md5 ? 48 : 40;
  SecretBytes prefix(secret.size() + pad_size);
  const auto out = prefix.mutable_view();
  std::ranges::copy(secret, out.begin());
  std::ranges::fill(out.subspan(secret.size()), pad);
  return prefix;
}

}  // namespace

struct NestedHash::State {
  explicit State(HashId id) : hash(id) {}
  HashState hash;
};

NestedHash::NestedHash(HashId id, SecretBytes inner_prefix, SecretBytes outer_prefix)
    : id_(id),
      state_(std::make_unique<State>(id)),
      inner_prefix_(std::move(inner_prefix)),
      outer_prefix_(std::move(outer_prefix)) {}

NestedHash::~NestedHash() = default;
NestedHash::NestedHash(NestedHash&&) noexcept = default;
NestedHash& NestedHash::operator=(NestedHash&&) noexcept = default;

void NestedHash::compute(std::span<const ByteView> parts, std::span<std::uint8_t> out) {
  if (out.size() != size()) throw CryptoError("a MAC cannot be computed");
  std::array<std::uint8_t, kMaxHashSize> inner_room;
  const auto inner = std::span(inner_room).first(size());
  HashState& hash = state_->hash;
  hash.start();
  hash.update(inner_prefix_.view());
  for (const ByteView part : parts) hash.update(part);
  hash.finish(inner);
  hash.start();
  hash.update(outer_prefix_.view());
  hash.update(inner);
  hash.finish(out);
}

Hmac::Hmac(HashId id, ByteView key) : nested_(id, hmac_prefix(id, key, 0x36), hmac_prefix(id, key, 0x5c)) {}

Ssl3Mac::Ssl3Mac(HashId id, ByteView secret)
    : nested_(id, ssl3_prefix(id, secret, 0x36), ssl3_prefix(id, secret, 0x5c)) {}

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace tlspeel::crypto
