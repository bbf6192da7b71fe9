// Text or binary by a look at the bytes. Pure function.
#pragma once

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::http {

// Valid UTF-8 (RFC 3629) without control characters other than tab, CR and LF; the empty string is text.
// cut: the bytes may end inside a character.
bool looks_like_text(ByteView bytes, bool cut);

}  // namespace tlspeel::http
