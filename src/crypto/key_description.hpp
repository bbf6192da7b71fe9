// One line about a public or private key: "RSA 2048", "EC P-256", "Ed25519".
#pragma once

#include <string>

#include <openssl/types.h>

namespace tlspeel::crypto {

std::string describe_key(const EVP_PKEY* key);

}  // namespace tlspeel::crypto
