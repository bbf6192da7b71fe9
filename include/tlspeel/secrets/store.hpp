// Everything that the user gave to open connections with, behind one door. Constant after load(), thread safe
// for reading. Errors are one sentence that names the file and the cause.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/crypto/private_key.hpp"
#include "tlspeel/secrets/private_keys.hpp"

namespace tlspeel::secrets {

struct Config {
  std::vector<std::string> key_paths;  // files, or folders of key files
};

class Store {
 public:
  // `key` lives as long as the Store.
  struct Match {
    const crypto::PrivateKey* key = nullptr;
    std::size_t index = 0;  // in keys()
    std::string label;
  };
  struct KeyLabel {
    std::string label;
    std::string description;
  };

  // No secrets at all: still walks through handshakes.
  Store() = default;
  static Result<Store> load(const Config& config);

  // The keys that can open a premaster secret of encrypted_size bytes. Certificate known: its key, or none.
  // Unknown (empty): every RSA key whose modulus has that size, in the order given.
  std::vector<Match> candidates(ByteView certificate_spki_sha256, std::size_t encrypted_size) const;

  bool empty() const { return keys_.keys().empty(); }
  std::vector<KeyLabel> keys() const;

 private:
  PrivateKeys keys_;
};

}  // namespace tlspeel::secrets
