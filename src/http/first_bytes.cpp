#include "tlspeel/http/first_bytes.hpp"

#include <algorithm>
#include <string_view>

#include "methods.hpp"
#include "syntax.hpp"

namespace tlspeel::http {
namespace {

// Longest request line that is waited for where its beginning does not tell.
constexpr std::size_t kMaxUnsureRequestLine = 8192;

Verdict looks_like_request(std::string_view text) {
  // RFC 9112 section 2.2: empty lines before a request are ignored.
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  if (text.empty()) return Verdict::need_more;
  if (!may_become_request_line(text)) return Verdict::no;
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return Verdict::need_more;
  // Others have some of these words, too: GET of Redis, OPTIONS of SIP. They are followed by a slash in HTTP.
  const bool registered = is_registered_method(text.substr(0, space));
  if (registered && text.substr(space + 1).starts_with('/')) return Verdict::yes;
  const std::size_t end = text.substr(0, kMaxUnsureRequestLine).find('\n');
  if (end == std::string_view::npos) {
    if (text.size() < kMaxUnsureRequestLine) return Verdict::need_more;
    return registered ? Verdict::yes : Verdict::no;
  }
  std::string_view line = text.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (parse_request_line(line)) return Verdict::yes;
  return registered ? Verdict::need_more : Verdict::no;  // the answer tells
}

Verdict begins_with(std::string_view text, std::string_view wanted) {
  const std::size_t known = std::min(text.size(), wanted.size());
  if (text.substr(0, known) != wanted.substr(0, known)) return Verdict::no;
  return known == wanted.size() ? Verdict::yes : Verdict::need_more;
}

}  // namespace

Verdict looks_like_http1(Direction direction, ByteView first_bytes) {
  const std::string_view text = as_text(first_bytes);
  return direction == Direction::client ? looks_like_request(text) : begins_with(text, "HTTP/1.");
}

Verdict looks_like_http2(Direction direction, ByteView first_bytes) {
  if (direction == Direction::server) return Verdict::no;
  return begins_with(as_text(first_bytes), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

}  // namespace tlspeel::http
