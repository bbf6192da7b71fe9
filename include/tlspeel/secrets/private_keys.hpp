// The private keys that the user gave, in the order given (a folder: sorted by file name). Filled at start,
// then constant and thread safe for reading. Errors are one sentence that names the file and the cause.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tlspeel/base/result.hpp"
#include "tlspeel/crypto/private_key.hpp"

namespace tlspeel::secrets {

struct LoadedKey {
  crypto::PrivateKey key;
  std::string path;   // as given, or folder/file; a URI without what may be its PIN
  std::string label;  // for display: the file name, or the path where two files share a name
};

class PrivateKeys {
 public:
  // A file must hold a private key; "scheme:..." where no such file exists is a URI of OpenSSL's store. Of a
  // folder all files that hold one are taken, others are passed over; none at all is an error. A key that is
  // already there is not added twice.
  Result<void> add_path(const std::string& path, const crypto::PasswordSource& password);

  const std::vector<LoadedKey>& keys() const { return keys_; }
  // Files of folders that were passed over although they hold a key: "old.key: the key is encrypted...".
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Result<void> add_uri(const std::string& uri, const crypto::PasswordSource& password);
  Result<void> add_file(const std::string& path, const crypto::PasswordSource& password);
  Result<void> add_folder(const std::string& path, const crypto::PasswordSource& password);
  void add(std::vector<crypto::PrivateKey> keys, const std::string& path);
  void update_labels();

  std::vector<LoadedKey> keys_;
  std::vector<std::string> warnings_;
};

}  // namespace tlspeel::secrets
