// Cookies as an HTTP Archive lists them (RFC 6265). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "tlspeel/event/http_message.hpp"

namespace tlspeel::output {

// Of the Cookie fields of a request.
nlohmann::ordered_json request_cookies(const event::HttpFields& fields);
// Of the Set-Cookie fields of a response that came at this time (nanoseconds since 1970).
nlohmann::ordered_json response_cookies(const event::HttpFields& fields, std::int64_t time_ns);

// Seconds since 1970 of "Wed, 21 Oct 2026 07:28:00 GMT" (RFC 9110 section 5.6.7), also with hyphens in the
// date, as many servers write it in cookies.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace tlspeel::output
