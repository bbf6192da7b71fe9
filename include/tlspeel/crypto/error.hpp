// What crypto throws when OpenSSL cannot do something that is not the input's fault: an algorithm that this
// machine's OpenSSL has not, a key of the wrong size, no memory. Bad input never throws. Caught once per
// connection by the caller.
#pragma once

#include <stdexcept>

namespace tlspeel::crypto {

class CryptoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace tlspeel::crypto
