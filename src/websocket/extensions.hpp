// What the server's Sec-WebSocket-Extensions agreed to: RFC 6455 section 9.1, RFC 7692 section 7.1. Pure
// functions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/direction.hpp"
#include "tlspeel/event/http_message.hpp"

namespace tlspeel::websocket {

struct Extensions {
  bool deflate = false;               // permessage-deflate
  std::array<bool, 2> no_takeover{};  // by Direction: each message is compressed by itself
  std::string unknown;                // the first that is not known here: it may change what frames mean
};

Extensions extensions_of(const event::HttpFields& response);

}  // namespace tlspeel::websocket
