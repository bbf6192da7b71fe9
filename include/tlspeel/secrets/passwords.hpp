// Where passwords of encrypted keys and PINs of tokens come from: a file, an environment variable, and a
// prompt on the terminal; never the command line, which other users can read. They are tried in this order.
// To a token ("pkcs11:...") only the first two are given before it asks, as it locks itself after some wrong
// ones. All memory that held one is cleansed. The source is called from one thread, while keys are loaded.
#pragma once

#include <string>

#include "tlspeel/base/result.hpp"
#include "tlspeel/crypto/private_key.hpp"

namespace tlspeel::secrets {

struct PasswordConfig {
  std::string file{};   // each line is one password; empty: none
  std::string env{};    // name of an environment variable; empty: none
  bool prompt = false;  // ask on the terminal that controls the process, if there is one
};

// A password that was typed and fitted is tried for what comes after it, too. Null where the configuration
// names nothing to ask. Errors: the file cannot be read or is empty; the variable is not set.
Result<crypto::PasswordSource> make_password_source(const PasswordConfig& config);

}  // namespace tlspeel::secrets
