#include "tlspeel/secrets/store.hpp"

#include <algorithm>

namespace tlspeel::secrets {

Result<Store> Store::load(const Config& config) {
  Store store;
  for (const std::string& path : config.key_paths) {
    if (const auto added = store.keys_.add_path(path); !added) return tl::unexpected<Error>(added.error());
  }
  return store;
}

std::vector<Store::Match> Store::candidates(ByteView certificate_spki_sha256,
                                            std::size_t encrypted_size) const {
  std::vector<Match> matches;
  const auto& keys = keys_.keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const crypto::PrivateKey& key = keys[i].key;
    const bool matches_certificate = std::ranges::equal(key.spki_sha256(), certificate_spki_sha256);
    const bool matches_size = key.rsa_modulus_size() == encrypted_size;
    if (certificate_spki_sha256.empty() ? matches_size : matches_certificate) {
      matches.push_back({&key, i, keys[i].label});
    }
  }
  return matches;
}

std::vector<Store::KeyLabel> Store::keys() const {
  std::vector<KeyLabel> labels;
  for (const LoadedKey& loaded : keys_.keys()) labels.push_back({loaded.label, loaded.key.description()});
  return labels;
}

}  // namespace tlspeel::secrets
