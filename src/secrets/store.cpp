#include "tlspeel/secrets/store.hpp"

#include <algorithm>
#include <utility>

namespace tlspeel::secrets {

struct Store::State {
  PrivateKeys keys;
  Psks psks;
  TicketKeys ticket_keys;
};

Store::Store() : state_(std::make_unique<State>()) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Result<Store> Store::load(const Config& config) {
  Store store;
  for (const std::string& path : config.key_paths) {
    if (const auto added = store.state_->keys.add_path(path, config.password); !added) {
      return tl::unexpected<Error>(added.error());
    }
  }
  return store;
}

std::vector<Store::Match> Store::candidates(ByteView certificate_spki_sha256,
                                            std::size_t encrypted_size) const {
  std::vector<Match> matches;
  const auto& keys = state_->keys.keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const crypto::PrivateKey& key = keys[i].key;
    const bool matches_certificate = std::ranges::equal(key.spki_sha256(), certificate_spki_sha256);
    const bool matches_size = key.rsa_modulus_size() == encrypted_size;
    if (key.is_rsa() && (certificate_spki_sha256.empty() ? matches_size : matches_certificate)) {
      matches.push_back({&key, i, keys[i].label});
    }
  }
  return matches;
}

std::optional<Store::Match> Store::key_of_certificate(ByteView) const {
  return std::nullopt;
}
std::optional<Store::Match> Store::key_of_public(ByteView) const {
  return std::nullopt;
}
std::optional<Store::Logged> Store::logged(KeyLogLabel, ByteView, std::uint64_t) const {
  return std::nullopt;
}
bool Store::logged_any(ByteView, std::uint64_t) const {
  return false;
}
bool Store::has_key_log(std::uint64_t) const {
  return false;
}
const Psks& Store::psks() const {
  return state_->psks;
}
const TicketKeys& Store::ticket_keys() const {
  return state_->ticket_keys;
}
void Store::add_capture_secrets(std::uint64_t, std::string_view, ByteView) {}

bool Store::empty() const {
  return state_->keys.keys().empty();
}

std::vector<Store::Described> Store::secrets() const {
  std::vector<Described> out;
  for (const LoadedKey& loaded : state_->keys.keys()) {
    out.push_back({"private key", loaded.label, loaded.key.description()});
  }
  return out;
}

std::vector<std::string> Store::warnings() const {
  return {};
}

}  // namespace tlspeel::secrets
