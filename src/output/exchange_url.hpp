// The URL of a request (RFC 9110 section 4.2, RFC 9112 section 3.3), and its parts. Text is what the peer
// sent: not yet safe for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/event/http_message.hpp"

namespace tlspeel::output {

// The value of the first field of this name, whose letters may be of any case; empty: none.
std::string_view field_value(const event::HttpFields& fields, std::string_view name);

// Whom a request was for: what its target or Host field say, otherwise the server name of the handshake or
// the server's address; with the port where it is not that of https.
std::string request_host(const event::HttpMessage& request, std::string_view server_name,
                         const Endpoint& server);

// "https://www.example.com/index.html?q=1"; of CONNECT its target: "www.example.com:443".
std::string request_url(const event::HttpMessage& request, std::string_view server_name,
                        const Endpoint& server);

// The bytes that "caf%C3%A9" stands for (RFC 3986 section 2.1); what is no escape stays as it is.
std::string without_percent(std::string_view text);

// The same where that gives UTF-8.
std::string percent_decoded(std::string_view encoded);

// "q=1&name=a+b" (a query, or a body of application/x-www-form-urlencoded): names and values, decoded where
// that gives UTF-8.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view encoded);

}  // namespace tlspeel::output
