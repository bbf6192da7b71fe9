// The header that a proxy puts before a connection to say for whom it is: the PROXY protocol, versions 1 and
// 2 (haproxy's doc/proxy-protocol.txt). Pure function of untrusted bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::pipeline {

struct ProxyHeader {
  std::string_view version;  // static text: "PROXY protocol v1"
  std::size_t size = 0;      // of the header
  std::optional<event::ProxiedAddresses>
      proxied;  // of TCP over IP; nullopt: unknown, local or another family
};

// nullopt: there is none at the start, or not all of it.
std::optional<ProxyHeader> read_proxy_header(ByteView bytes);

}  // namespace tlspeel::pipeline
