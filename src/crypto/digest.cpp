#include "tlspeel/crypto/digest.hpp"

#include <array>
#include <utility>

#include "tlspeel/crypto/error.hpp"

#include "crypto/hash_state.hpp"
#include "crypto/library.hpp"
#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

struct HashInfo {
  HashId id;
  std::string_view name;
  std::size_t size;
  std::size_t block_size;
};

constexpr std::array kHashes = {
    HashInfo{HashId::none, "NULL", 0, 0},         HashInfo{HashId::md5, "MD5", 16, 64},
    HashInfo{HashId::sha1, "SHA-1", 20, 64},      HashInfo{HashId::sha256, "SHA-256", 32, 64},
    HashInfo{HashId::sha384, "SHA-384", 48, 128}, HashInfo{HashId::sha512, "SHA-512", 64, 128},
};

constexpr bool sorted_by_id() {
  for (std::size_t i = 0; i < kHashes.size(); ++i) {
    if (static_cast<std::size_t>(kHashes.at(i).id) != i || kHashes.at(i).size > kMaxHashSize) return false;
  }
  return true;
}
static_assert(sorted_by_id());

const HashInfo& info_of(HashId id) {
  return kHashes.at(static_cast<std::size_t>(id));
}

}  // namespace

std::size_t hash_size(HashId id) {
  return info_of(id).size;
}
std::size_t hash_block_size(HashId id) {
  return info_of(id).block_size;
}
std::string_view hash_name(HashId id) {
  return info_of(id).name;
}

struct Digest::State {
  MdCtxPtr context{EVP_MD_CTX_new()};
};

Digest::Digest(HashId id) : Digest(id, std::make_unique<State>()) {
  if (EVP_DigestInit_ex(state_->context.get(), library::digest(id), nullptr) != 1) {
    throw CryptoError("a hash cannot be started");
  }
}

Digest::Digest(HashId id, std::unique_ptr<State> state) : id_(id), state_(std::move(state)) {
  if (!state_->context) throw CryptoError("no memory for a hash");
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

Digest Digest::clone() const {
  Digest copy(id_, std::make_unique<State>());
  if (EVP_MD_CTX_copy_ex(copy.state_->context.get(), state_->context.get()) != 1) {
    throw CryptoError("a hash cannot be copied");
  }
  return copy;
}

void Digest::update(ByteView bytes) {
  if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
    throw CryptoError("a hash cannot be continued");
  }
}

Bytes Digest::finish() const {
  const Digest copy = clone();
  Bytes out(hash_size(id_));
  if (EVP_DigestFinal_ex(copy.state_->context.get(), out.data(), nullptr) != 1) {
    throw CryptoError("a hash cannot be finished");
  }
  return out;
}

Bytes hash(HashId id, std::initializer_list<ByteView> parts) {
  HashState& state = hash_state_of_thread(id);
  Bytes out(hash_size(id));
  state.start();
  for (const ByteView part : parts) state.update(part);
  state.finish(out);
  return out;
}

}  // namespace tlspeel::crypto
