// Pre-shared keys with their identities (RFC 4279 section 5, RFC 8446 section 4.2.11). Given as
// "identity:hex" or as "hex" alone, which fits every identity; a file has one a line (as GnuTLS' psktool
// writes it), '#' begins a comment, "#hex" before the colon is an identity in hex. Constant after loading,
// thread safe for reading. Errors name the file and the line, never the key.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

struct Psk {
  Bytes identity;
  bool any_identity = false;
  SecretBytes key;
  // "PSK Client_identity", "PSK" where any_identity, "PSK Client_identity, key 2" for the second key of one;
  // never the key.
  std::string label;
};

class Psks {
 public:
  Result<void> add(std::string_view text);  // one of them, from the command line
  Result<void> add_file(const std::string& path);

  // Those of this identity first, then those for any; in the order given.
  std::vector<const Psk*> of(ByteView identity) const;
  const std::vector<Psk>& all() const { return psks_; }

 private:
  void keep(Psk psk);

  std::vector<Psk> psks_;
  std::unordered_map<std::string, std::size_t> keys_of_;  // how many, by their label without a number
};

}  // namespace tlspeel::secrets
