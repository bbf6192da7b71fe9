// The grammar of lines in HTTP/1 messages, lenient where real senders err and the meaning stays certain.
// Views returned borrow from the argument. Source: RFC 9110 section 5, RFC 9112 sections 2 to 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tlspeel/base/ascii.hpp"

namespace tlspeel::http {

// Longest method that counts as one: the longest registered has 17 characters; the rest is room for private
// ones.
inline constexpr std::size_t kMaxMethod = 64;

struct RequestLine {
  std::string_view method;
  std::string_view target;
  std::string_view version;  // "HTTP/1.1"
};
std::optional<RequestLine> parse_request_line(std::string_view line);

struct StatusLine {
  std::string_view version;
  unsigned status = 0;
  std::string_view reason;
};
std::optional<StatusLine> parse_status_line(std::string_view line);

// False as soon as no continuation can make these first bytes a request line (status line).
bool may_become_request_line(std::string_view prefix);
bool may_become_status_line(std::string_view prefix);

bool is_token(std::string_view text);

}  // namespace tlspeel::http
