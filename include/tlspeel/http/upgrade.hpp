// Responses that switch to another protocol: RFC 9110 sections 7.8 and 15.2.2. Pure function.
#pragma once

#include <string_view>

#include "tlspeel/event/http_message.hpp"

namespace tlspeel::http {

// 101 Switching Protocols, and protocol is what it switches to, in letters of any case: "websocket".
bool switches_to(const event::HttpMessage& response, std::string_view protocol);

}  // namespace tlspeel::http
