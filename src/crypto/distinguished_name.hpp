// An X.509 Name as RFC 4514 text.
#pragma once

#include <string>

#include <openssl/types.h>

namespace tlspeel::crypto {

// Empty for an empty name; what cannot be converted to UTF-8 is hex.
std::string print_name(const X509_NAME* name);

}  // namespace tlspeel::crypto
