#include "crypto/hash_state.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/core_dispatch.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/library.hpp"

namespace tlspeel::crypto {

struct HashState::Functions {
  OSSL_FUNC_digest_newctx_fn* make = nullptr;
  OSSL_FUNC_digest_freectx_fn* free = nullptr;
  OSSL_FUNC_digest_init_fn* start = nullptr;
  OSSL_FUNC_digest_update_fn* update = nullptr;
  OSSL_FUNC_digest_final_fn* finish = nullptr;
  void* provider_context = nullptr;

  bool complete() const {
    return make != nullptr && free != nullptr && start != nullptr && update != nullptr && finish != nullptr;
  }
};

namespace {

constexpr std::size_t kHashCount = static_cast<std::size_t>(HashId::sha512) + 1;

HashState::Functions read_table(const OSSL_DISPATCH* table) {
  HashState::Functions out;
  for (; table->function_id != 0; ++table) {
    switch (table->function_id) {
      case OSSL_FUNC_DIGEST_NEWCTX:
        out.make = OSSL_FUNC_digest_newctx(table);
        break;
      case OSSL_FUNC_DIGEST_FREECTX:
        out.free = OSSL_FUNC_digest_freectx(table);
        break;
      case OSSL_FUNC_DIGEST_INIT:
        out.start = OSSL_FUNC_digest_init(table);
        break;
      case OSSL_FUNC_DIGEST_UPDATE:
        out.update = OSSL_FUNC_digest_update(table);
        break;
      case OSSL_FUNC_DIGEST_FINAL:
        out.finish = OSSL_FUNC_digest_final(table);
        break;
      default:
        break;
    }
  }
  return out;
}

HashState::Functions find_functions(HashId id) {
  const EVP_MD* const digest = library::digest(id);
  const OSSL_PROVIDER* const provider = EVP_MD_get0_provider(digest);
  int not_to_be_kept = 0;
  const OSSL_ALGORITHM* each = OSSL_PROVIDER_query_operation(provider, OSSL_OP_DIGEST, &not_to_be_kept);
  for (; each != nullptr && each->algorithm_names != nullptr; ++each) {
    // "SHA2-256:SHA-256:SHA256:2.16.840.1.101.3.4.2.1"
    const std::string_view names = each->algorithm_names;
    if (EVP_MD_is_a(digest, std::string(names.substr(0, names.find(':'))).c_str()) != 1) continue;
    HashState::Functions out = read_table(each->implementation);
    out.provider_context = OSSL_PROVIDER_get0_provider_ctx(provider);
    return out;
  }
  return {};
}

// Providers are never unloaded: what they answer holds.
const HashState::Functions& functions_of(HashId id) {
  static const auto all = [] {
    std::array<HashState::Functions, kHashCount> out;
    for (std::size_t i = 1; i < kHashCount; ++i) {
      const auto each = static_cast<HashId>(i);
      if (library::has_digest(each)) out.at(i) = find_functions(each);
    }
    return out;
  }();
  const HashState::Functions& found = all.at(static_cast<std::size_t>(id));
  if (!found.complete()) throw CryptoError("OpenSSL has no hash function " + std::string(hash_name(id)));
  return found;
}

}  // namespace

HashState& hash_state_of_thread(HashId id) {
  thread_local std::array<std::unique_ptr<HashState>, kHashCount> states;
  std::unique_ptr<HashState>& state = states.at(static_cast<std::size_t>(id));
  if (!state) state = std::make_unique<HashState>(id);
  return *state;
}

HashState::HashState(HashId id)
    : functions_(&functions_of(id)), state_(functions_->make(functions_->provider_context)) {
  if (state_ == nullptr) throw CryptoError("no memory for a hash");
}

HashState::~HashState() {
  functions_->free(state_);
}

void HashState::start() {
  if (functions_->start(state_, nullptr) != 1) throw CryptoError("a hash cannot be started");
}

void HashState::update(ByteView bytes) {
  if (bytes.empty()) return;
  if (functions_->update(state_, bytes.data(), bytes.size()) != 1) {
    throw CryptoError("a hash cannot be continued");
  }
}

void HashState::finish(std::span<std::uint8_t> out) {
  std::size_t written = 0;
  if (functions_->finish(state_, out.data(), &written, out.size()) != 1 || written != out.size()) {
    throw CryptoError("a hash cannot be finished");
  }
}

}  // namespace tlspeel::crypto
