// Text or binary by a look at the bytes. Pure function.
#pragma once

#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/hole.hpp"

namespace tlspeel::http {

// Valid UTF-8 (RFC 3629) without control characters other than tab, CR and LF; the empty string is text.
// cut: the bytes may end inside a character.
bool looks_like_text(ByteView bytes, bool cut);
// The same where bytes are missing: characters may be cut at the holes.
bool looks_like_text(ByteView bytes, std::span<const event::HoleAt> holes, bool cut);

}  // namespace tlspeel::http
