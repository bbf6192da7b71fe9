// What was spoken in clear before TLS, by the first bytes of each side: a name for people, nothing depends on
// it. To add one: a row in clear_protocol.cpp. Pure function.
#pragma once

#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::pipeline {

// Static text: "SMTP", "SOCKS5"; empty: none that is known. The first bytes that each side said.
std::string_view clear_protocol(ByteView one, ByteView other);

}  // namespace tlspeel::pipeline
