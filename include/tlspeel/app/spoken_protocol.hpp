// What is spoken that is no HTTP, by the first bytes of a side: a name for people, nothing depends on it. To
// add one: a row in spoken_protocol.cpp. Pure functions.
#pragma once

#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::app {

// Before TLS, where few protocols are spoken and a byte or two tell which. Static text: "SMTP", "SOCKS5";
// empty: none that is known. The first bytes that each side said.
std::string_view clear_protocol(ByteView one, ByteView other);

// Inside of TLS, where anything may be: only what its words leave no doubt about.
std::string_view spoken_protocol(ByteView first);

}  // namespace tlspeel::app
