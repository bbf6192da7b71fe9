// Frames that govern the connection, as events: RFC 9113 sections 6.5, 6.7, 6.9. Pure function.
#pragma once

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/http_frame.hpp"

#include "frame.hpp"

namespace tlspeel::http2 {

// payload: of SETTINGS, PING or WINDOW_UPDATE, whole, of a size that fits.
event::HttpFrame control_event(Direction from, const FrameHeader& header, ByteView payload);

}  // namespace tlspeel::http2
