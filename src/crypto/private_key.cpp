#include "tlspeel/crypto/private_key.hpp"

#include <algorithm>
#include <utility>

#include <openssl/rsa.h>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/error.hpp"

#include "crypto/library.hpp"
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

std::optional<SecretBytes> rsa_decrypt(const PrivateKey::State& state, int padding, ByteView encrypted);
std::optional<SecretBytes> unpad_premaster(ByteView message);

}  // namespace

PrivateKey::PrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
PrivateKey::~PrivateKey() = default;
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;

std::string PrivateKey::description() const {
  return state_->description;
}
KeyKind PrivateKey::kind() const {
  return state_->kind;
}
bool PrivateKey::in_token() const {
  return state_->in_token;
}
const Bytes& PrivateKey::public_key() const {
  return state_->public_key;
}
std::size_t PrivateKey::rsa_modulus_size() const {
  return state_->rsa_modulus_size;
}
const Bytes& PrivateKey::spki_sha256() const {
  return state_->spki_sha256;
}

std::optional<SecretBytes> PrivateKey::decrypt_premaster(ByteView encrypted) const {
  // RFC 8017 section 7.2.2 step 1.
  if (!is_rsa() || encrypted.size() != rsa_modulus_size()) return std::nullopt;
  if (state_->rsa_crt) {
    const auto message = state_->rsa_crt->decrypt(encrypted);
    return message ? unpad_premaster(message->view()) : std::nullopt;
  }
  const ErrorQueueScope errors;
  const auto lock =
      state_->one_at_a_time ? std::unique_lock(*state_->one_at_a_time) : std::unique_lock<std::mutex>();
  if (const auto message = rsa_decrypt(*state_, RSA_NO_PADDING, encrypted))
    return unpad_premaster(message->view());
  if (!state_->in_token) return std::nullopt;
  // Not every token does RSA without padding.
  auto premaster = rsa_decrypt(*state_, RSA_PKCS1_PADDING, encrypted);
  if (!premaster || premaster->size() != kPremasterSize) return std::nullopt;
  return premaster;
}

namespace {

// nullopt: the number is not below the modulus (encrypted to another key), or the padding is not that one.
std::optional<SecretBytes> rsa_decrypt(const PrivateKey::State& state, int padding, ByteView encrypted) {
  const PkeyCtxPtr context(state.in_token
                               ? EVP_PKEY_CTX_new(state.key.get(), nullptr)
                               : EVP_PKEY_CTX_new_from_pkey(library::context(), state.key.get(), nullptr));
  const bool ready = context && EVP_PKEY_decrypt_init(context.get()) == 1 &&
                     EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) == 1;
  if (!ready && state.in_token) return std::nullopt;
  if (!ready) throw CryptoError("OpenSSL cannot set up an RSA operation");
  SecretBytes message(state.rsa_modulus_size);
  std::size_t size = message.size();
  if (EVP_PKEY_decrypt(context.get(), message.mutable_view().data(), &size, encrypted.data(),
                       encrypted.size()) != 1) {
    return std::nullopt;
  }
  message.truncate(size);
  return message;
}

// RFC 8017 section 7.2.2 step 3: 00 02, at least eight bytes that are not zero, 00, the message; here always
// 48 bytes (RFC 5246 section 7.4.7.1), so that the zero has one place to be.
std::optional<SecretBytes> unpad_premaster(ByteView message) {
  constexpr std::size_t kOverhead = 3;
  constexpr std::size_t kMinPadding = 8;
  if (message.size() < kOverhead + kMinPadding + kPremasterSize) return std::nullopt;
  Reader reader(message);
  const bool block_type_2 = reader.u16() == 0x0002;
  const ByteView padding = reader.bytes(message.size() - kOverhead - kPremasterSize);
  const bool separated = reader.u8() == 0;
  if (!block_type_2 || !separated || std::ranges::find(padding, 0) != padding.end()) return std::nullopt;
  return SecretBytes(reader.rest());
}

}  // namespace
}  // namespace tlspeel::crypto
