// The older encryption of PEM blocks, with "Proc-Type: 4,ENCRYPTED" and "DEK-Info: AES-128-CBC,iv" in front
// of the base64 (RFC 1421 section 4.6.1, and what OpenSSL made of it). OpenSSL's PEM_do_header() would take
// its ciphers from the default library context, which has no DES and no SEED.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::crypto {

// nullopt: a header that says nothing of use, or another password.
std::optional<SecretBytes> decrypt_pem(std::string header, ByteView data, std::string_view password);

}  // namespace tlspeel::crypto
