#include "tlspeel/crypto/prf.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "tlspeel/base/secret_array.hpp"
#include "tlspeel/crypto/error.hpp"
#include "tlspeel/crypto/mac.hpp"

namespace tlspeel::crypto {
namespace {

// A value of the hash's size.
using HashValue = SecretArray<kMaxHashSize>;

// The parts of a seed behind a place for A(i), as a hash takes them.
class Seed {
 public:
  Seed(std::string_view label, std::initializer_list<ByteView> parts) {
    if (parts.size() > kMostParts) throw CryptoError("a PRF with too many seeds");
    views_[1] = as_bytes(label);
    std::ranges::copy(parts, views_.begin() + 2);
    size_ = 2 + parts.size();
  }
  std::span<const ByteView> alone() const { return std::span(views_).subspan(1, size_ - 1); }
  std::span<const ByteView> behind(ByteView a) {
    views_[0] = a;
    return std::span(views_).first(size_);
  }

 private:
  static constexpr std::size_t kMostParts = 4;
  std::array<ByteView, 2 + kMostParts> views_;
  std::size_t size_ = 0;
};

Bytes concatenate(std::initializer_list<ByteView> parts);
void p_hash(HashId id, ByteView secret, Seed& seed, std::span<std::uint8_t> out);
SecretBytes md5_sha1_prf(ByteView secret, Seed& seed, std::size_t size);

}  // namespace

HashId prf_hash(PrfId id) {
  switch (id) {
    case PrfId::sha256:
      return HashId::sha256;
    case PrfId::sha384:
      return HashId::sha384;
    case PrfId::ssl3:
    case PrfId::md5_sha1:
      break;
  }
  return HashId::none;
}

SecretBytes prf(PrfId id, ByteView secret, std::string_view label, std::initializer_list<ByteView> seed,
                std::size_t size) {
  if (id == PrfId::ssl3) return ssl3_prf(secret, concatenate(seed), {}, size);
  Seed labelled_seed(label, seed);
  if (id == PrfId::md5_sha1) return md5_sha1_prf(secret, labelled_seed, size);
  SecretBytes out(size);
  p_hash(prf_hash(id), secret, labelled_seed, out.mutable_view());
  return out;
}

SecretBytes ssl3_prf(ByteView secret, ByteView random1, ByteView random2, std::size_t size) {
  constexpr std::size_t kLetters = 26;
  const std::size_t block = hash_size(HashId::md5);
  if (size > kLetters * block) throw CryptoError("SSL 3.0 derives at most 416 bytes");
  SecretBytes out(size);
  auto rest = out.mutable_view();
  // RFC 6101 section 6.1: MD5(secret + SHA('A' + secret + randoms)), then 'BB', 'CCC', ...
  for (std::size_t count = 1; !rest.empty(); ++count) {
    const std::string letters(count, static_cast<char>('A' + count - 1));
    SecretBytes inner(ByteView(hash(HashId::sha1, {as_bytes(letters), secret, random1, random2})));
    Bytes piece = hash(HashId::md5, {secret, inner.view()});
    const std::size_t n = std::min(piece.size(), rest.size());
    std::copy_n(piece.begin(), n, rest.begin());
    cleanse(piece);
    rest = rest.subspan(n);
  }
  return out;
}

SecretBytes hkdf_extract(HashId id, ByteView salt, ByteView input_key_material) {
  SecretBytes out(hash_size(id));
  Hmac(id, salt).compute({input_key_material}, out.mutable_view());
  return out;
}

SecretBytes hkdf_expand(HashId id, ByteView pseudorandom_key, ByteView info, std::size_t size) {
  if (size > 255 * hash_size(id)) throw CryptoError("HKDF derives at most 255 hashes");
  Hmac hmac(id, pseudorandom_key);
  SecretBytes out(size);
  SecretBytes block(hash_size(id));
  auto rest = out.mutable_view();
  ByteView previous;
  // RFC 5869 section 2.3: T(n) = HMAC(PRK, T(n-1) | info | n)
  for (std::uint8_t n = 1; !rest.empty(); ++n) {
    hmac.compute({previous, info, ByteView(&n, 1)}, block.mutable_view());
    previous = block.view();
    const std::size_t taken = std::min(block.size(), rest.size());
    std::copy_n(previous.begin(), taken, rest.begin());
    rest = rest.subspan(taken);
  }
  return out;
}

SecretBytes hkdf_expand_label(HashId id, ByteView secret, std::string_view label, ByteView context,
                              std::size_t size) {
  constexpr std::string_view kPrefix = "tls13 ";
  if (size > 0xffff || label.size() > 255 - kPrefix.size() || context.size() > 255) {
    throw CryptoError("HkdfLabel does not fit its fields");
  }
  // RFC 8446 section 7.1: uint16 length; opaque label<7..255>; opaque context<0..255>.
  Bytes info = {static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size),
                static_cast<std::uint8_t>(kPrefix.size() + label.size())};
  append(info, as_bytes(kPrefix));
  append(info, as_bytes(label));
  info.push_back(static_cast<std::uint8_t>(context.size()));
  append(info, context);
  return hkdf_expand(id, secret, info, size);
}

namespace {

Bytes concatenate(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) append(out, part);
  return out;
}

// RFC 5246 section 5: A(0) = seed, A(i) = HMAC(secret, A(i-1)), output HMAC(secret, A(i) + seed) ...
void p_hash(HashId id, ByteView secret, Seed& seed, std::span<std::uint8_t> out) {
  Hmac hmac(id, secret);
  HashValue a_room;
  HashValue block_room;
  const auto a = std::span(a_room.bytes).first(hash_size(id));
  const auto block = std::span(block_room.bytes).first(hash_size(id));
  hmac.compute(seed.alone(), a);
  while (!out.empty()) {
    hmac.compute(seed.behind(a), block);
    const std::size_t n = std::min(block.size(), out.size());
    std::copy_n(block.begin(), n, out.begin());
    out = out.subspan(n);
    if (!out.empty()) hmac.compute({a}, a);
  }
}

// RFC 4346 section 5: both halves have ceil(n / 2) bytes and share the middle one when the size is odd.
SecretBytes md5_sha1_prf(ByteView secret, Seed& seed, std::size_t size) {
  const std::size_t half = (secret.size() + 1) / 2;
  SecretBytes out(size);
  SecretBytes other(size);
  p_hash(HashId::md5, secret.first(half), seed, out.mutable_view());
  p_hash(HashId::sha1, secret.last(half), seed, other.mutable_view());
  std::ranges::transform(out.view(), other.view(), out.mutable_view().begin(),
                         [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a ^ b); });
  return out;
}

}  // namespace
}  // namespace tlspeel::crypto
