// The grammar of lines in HTTP/1 messages, lenient where real senders err and the meaning stays certain.
// Views returned borrow from the argument. Source: RFC 9110 section 5, RFC 9112 sections 2 to 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
std::string_view trim(std::string_view text);  // OWS: spaces and tabs
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

// All of text is digits and fits; otherwise nullopt.
std::optional<std::uint64_t> parse_decimal(std::string_view text);
std::optional<std::uint64_t> parse_hex(std::string_view text);

// Calls visit(element) for every non-empty element of a comma-separated list (RFC 9110 section 5.6.1).
template <class Visit>
void for_each_element(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    if (!element.empty()) visit(element);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

}  // namespace tlspeel::http
