// Tries passwords one after the other until one opens something. The text that OpenSSL gets is NUL-terminated
// and cleansed. Used while loading only.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "tlspeel/crypto/private_key.hpp"

namespace tlspeel::crypto {

class PasswordTries {
 public:
  PasswordTries(const PasswordSource& source, std::string_view what) : source_(&source), what_(what) {}

  // open(const char* password) -> bool. False: nobody knew a password, or none was right.
  template <class Open>
  bool any(Open open) {
    for (unsigned attempt = 0; *source_ && attempt < kMost; ++attempt) {
      const std::optional<SecretBytes> password = (*source_)(what_, attempt);
      if (!password) return false;
      tried_ = true;
      SecretBytes text(password->size() + 1);
      std::copy(password->view().begin(), password->view().end(), text.mutable_view().begin());
      if (open(reinterpret_cast<const char*>(text.view().data()))) return true;
    }
    return false;
  }
  bool tried() const { return tried_; }

 private:
  static constexpr unsigned kMost = 10000;  // a file of passwords; each try costs a key derivation

  const PasswordSource* source_;
  std::string what_;
  bool tried_ = false;
};

}  // namespace tlspeel::crypto
