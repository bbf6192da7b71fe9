// A second chance for certificates and names that OpenSSL refuses as a whole because of one string: text that
// claims to be UTF-8 (UTF8String), BMPString or UniversalString and is not. Such certificates were issued,
// and everything else in them is readable.
#pragma once

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::crypto {

// The same bytes with the tags of such strings changed to T61String, which OpenSSL reads as Latin-1. What is
// not DER stays as it is.
Bytes relabel_broken_strings(ByteView der);

}  // namespace tlspeel::crypto
