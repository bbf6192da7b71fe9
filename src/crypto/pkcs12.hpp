// The private keys of a PKCS#12 file (RFC 7292). OpenSSL's PKCS12_parse() knows one key, and refuses files
// without a MAC.
#pragma once

#include <vector>

#include "tlspeel/base/bytes.hpp"

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {

struct Pkcs12Contents {
  std::vector<PkeyPtr> keys;
  bool certificate = false;
};

// nullptr: not one.
Pkcs12Ptr decode_pkcs12(ByteView der);
// False: the password is not that of the file. nullptr is "no password at all", which is not the same as an
// empty one (RFC 7292 appendix B.1).
bool open_pkcs12(PKCS12* container, const char* password, Pkcs12Contents& contents);

}  // namespace tlspeel::crypto
