// Is this HTTP/2, somewhere in a connection whose start is missing? For bytes whose protocol nothing else has
// named. Pure function.
#pragma once

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/http/first_bytes.hpp"

namespace tlspeel::http2 {

// yes: a run of frames surely begins somewhere in these bytes.
http::Verdict goes_on_in(Direction direction, ByteView bytes);

}  // namespace tlspeel::http2
