// Is this RESP, the protocol of Redis? Commands are RESP, unless a person types them: then only the answers
// are. Source: Redis serialization protocol specification, versions 2 and 3. Pure functions.
#pragma once

#include <string_view>

namespace tlspeel::app {

// Values one behind another, the first string with a length among them whole. `text` may be cut behind it.
bool looks_like_resp(std::string_view text);

}  // namespace tlspeel::app
