// What a private key is, and agreeing on a secret with it: EC (RFC 8422 section 5.10), X25519 and X448 (RFC
// 7748), finite fields (RFC 5246 section 8.1.2, RFC 8446 section 7.4.1).
#include <algorithm>
#include <array>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/param_build.h>

#include "tlspeel/crypto/private_key.hpp"

#include "crypto/key_description.hpp"
#include "crypto/library.hpp"
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

KeyKind kind_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return KeyKind::rsa;
    case EVP_PKEY_EC:
      return KeyKind::ec;
    case EVP_PKEY_X25519:
      return KeyKind::x25519;
    case EVP_PKEY_X448:
      return KeyKind::x448;
    case EVP_PKEY_DH:
    case EVP_PKEY_DHX:
      return KeyKind::dh;
    default:
      return KeyKind::signing;
  }
}

BignumPtr number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
  return BignumPtr(number);
}

// Big endian, as many bytes as asked for; 0: as many as it needs.
Bytes to_bytes_of(const BIGNUM* number, std::size_t size) {
  if (size == 0) size = static_cast<std::size_t>(BN_num_bytes(number));
  Bytes out(size);
  if (BN_bn2binpad(number, out.data(), static_cast<int>(size)) < 0) return {};
  return out;
}

// RFC 8422 section 5.4.1: the uncompressed point.
Bytes ec_point(const EVP_PKEY* key) {
  const BignumPtr x = number_of(key, OSSL_PKEY_PARAM_EC_PUB_X);
  const BignumPtr y = number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  if (!x || !y) return {};
  const auto size = (static_cast<std::size_t>(EVP_PKEY_get_bits(key)) + 7) / 8;
  Bytes point = {0x04};
  append(point, to_bytes_of(x.get(), size));
  append(point, to_bytes_of(y.get(), size));
  return point;
}

Bytes raw_public(const EVP_PKEY* key) {
  std::array<std::uint8_t, 64> out{};
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(key, out.data(), &size) != 1) return {};
  return to_bytes(ByteView(out).first(size));
}

Bytes public_of(const EVP_PKEY* key, KeyKind kind) {
  switch (kind) {
    case KeyKind::ec:
      return ec_point(key);
    case KeyKind::x25519:
    case KeyKind::x448:
      return raw_public(key);
    case KeyKind::dh: {
      const BignumPtr number = number_of(key, OSSL_PKEY_PARAM_PUB_KEY);
      return number ? to_bytes_of(number.get(), 0) : Bytes();
    }
    case KeyKind::rsa:
    case KeyKind::signing:
      break;
  }
  return {};
}

// RFC 7919 section 5.1 wants leading zeros, older servers leave them out; OpenSSL wants the prime's size.
std::optional<Bytes> padded(ByteView number, std::size_t size) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  if (number.size() > size) return std::nullopt;
  Bytes out(size - number.size());
  append(out, number);
  return out;
}

PkeyPtr peer_of(const EVP_PKEY* own, KeyKind kind, ByteView value) {
  if (kind == KeyKind::x25519 || kind == KeyKind::x448) {
    const char* const name = kind == KeyKind::x25519 ? "X25519" : "X448";
    return PkeyPtr(
        EVP_PKEY_new_raw_public_key_ex(library::context(), name, nullptr, value.data(), value.size()));
  }
  PkeyPtr peer(EVP_PKEY_new());
  if (!peer || EVP_PKEY_copy_parameters(peer.get(), own) != 1) return nullptr;
  if (EVP_PKEY_set1_encoded_public_key(peer.get(), value.data(), value.size()) != 1) return nullptr;
  return peer;
}

}  // namespace

std::unique_ptr<PrivateKey::State> make_key_state(PkeyPtr key) {
  auto state = std::make_unique<PrivateKey::State>();
  state->description = describe_key(key.get());
  state->kind = kind_of(key.get());
  if (state->kind == KeyKind::rsa) {
    state->rsa_modulus_size = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
    state->rsa_crt = RsaCrt::of(key.get());
  }
  state->public_key = public_of(key.get(), state->kind);
  state->spki_sha256 = spki_sha256_of(key.get());
  state->key = std::move(key);
  return state;
}

std::optional<SecretBytes> PrivateKey::agree(ByteView peer_public) const {
  if (state_->public_key.empty() || state_->in_token) return std::nullopt;
  const ErrorQueueScope errors;
  EVP_PKEY* const own = state_->key.get();
  Bytes value = to_bytes(peer_public);
  if (kind() == KeyKind::dh) {
    auto number = padded(peer_public, static_cast<std::size_t>(EVP_PKEY_get_size(own)));
    if (!number) return std::nullopt;
    value = *std::move(number);
  }
  const PkeyPtr peer = peer_of(own, kind(), value);
  if (!peer) return std::nullopt;
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(library::context(), own, nullptr));
  if (!context || EVP_PKEY_derive_init(context.get()) != 1) return std::nullopt;
  if (kind() == KeyKind::dh && EVP_PKEY_CTX_set_dh_pad(context.get(), 1) != 1) return std::nullopt;
  // A value that is no element of the group is refused here.
  if (EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1) return std::nullopt;
  std::size_t size = 0;
  if (EVP_PKEY_derive(context.get(), nullptr, &size) != 1) return std::nullopt;
  SecretBytes secret(size);
  if (EVP_PKEY_derive(context.get(), secret.mutable_view().data(), &size) != 1) return std::nullopt;
  secret.truncate(size);
  return secret;
}

}  // namespace tlspeel::crypto
