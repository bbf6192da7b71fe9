// Messages of WebSocket as text: what it is and how long, and below it what it says. Peer text is made safe
// here.
#pragma once

#include "tlspeel/event/websocket_message.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

void append_web_socket(Lines& lines, const event::WebSocketMessage& message);

}  // namespace tlspeel::output
