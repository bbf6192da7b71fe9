#include "syntax.hpp"

#include <algorithm>

namespace tlspeel::http {
namespace {

constexpr std::string_view kVersionPrefix = "HTTP/1.";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 9110 section 5.6.2.
bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return is_alpha(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_version(std::string_view text) {
  return text.size() == kVersionPrefix.size() + 1 && text.starts_with(kVersionPrefix) &&
         is_digit(text.back());
}

}  // namespace

std::optional<RequestLine> parse_request_line(std::string_view line) {
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  RequestLine result;
  result.method = line.substr(0, first);
  // RFC 9112 section 3.2: some senders leave spaces in the target; everything between method and version is
  // target.
  result.target = trim(line.substr(first, last - first));
  result.version = line.substr(last + 1);
  const bool good = result.method.size() <= kMaxMethod && is_token(result.method) && !result.target.empty() &&
                    std::ranges::none_of(result.target, is_control) && is_version(result.version);
  if (!good) return std::nullopt;
  return result;
}

std::optional<StatusLine> parse_status_line(std::string_view line) {
  StatusLine result;
  result.version = line.substr(0, kVersionPrefix.size() + 1);
  if (!is_version(result.version)) return std::nullopt;
  line.remove_prefix(result.version.size());
  if (!line.starts_with(' ')) return std::nullopt;
  line = trim(line);
  const auto status = parse_decimal(line.substr(0, 3));
  if (!status || *status < 100) return std::nullopt;
  result.status = static_cast<unsigned>(*status);
  line.remove_prefix(3);
  // RFC 9112 section 4: the space stays where the reason is empty; many servers leave both out.
  if (!line.empty() && !line.starts_with(' ')) return std::nullopt;
  result.reason = trim(line);
  return result;
}

bool may_become_request_line(std::string_view prefix) {
  if (prefix.empty() || prefix == "\r") return true;  // an empty line before the request
  const std::string_view method = prefix.substr(0, std::min(prefix.find(' '), kMaxMethod + 1));
  return method.size() <= kMaxMethod && is_token(method);
}

bool may_become_status_line(std::string_view prefix) {
  if (prefix == "\r") return true;
  const std::size_t known = std::min(prefix.size(), kVersionPrefix.size());
  return prefix.substr(0, known) == kVersionPrefix.substr(0, known);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

}  // namespace tlspeel::http
