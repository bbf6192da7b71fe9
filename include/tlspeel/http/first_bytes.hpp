// Is this the beginning of an HTTP/1 conversation? For bytes whose protocol nothing else has named. Pure
// functions.
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"

namespace tlspeel::http {

enum class Verdict : std::uint8_t { yes, no, need_more };

// A registered method, a space and a slash, or a whole request line; a status line's "HTTP/1." from the
// server.
Verdict looks_like_http1(Direction direction, ByteView first_bytes);
// The connection preface of HTTP/2 (RFC 9113 section 3.4).
Verdict looks_like_http2(Direction direction, ByteView first_bytes);

}  // namespace tlspeel::http
