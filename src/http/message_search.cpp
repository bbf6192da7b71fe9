#include "message_search.hpp"

#include <algorithm>
#include <cstdint>

#include "methods.hpp"
#include "syntax.hpp"

namespace tlspeel::http {
namespace {

enum class Match : std::uint8_t { yes, no, need_more };

// What is kept until it is certain. Servers accept request lines of some 8 KiB; reasons are a few words; the
// longest registered field name has 35 characters.
constexpr std::size_t kMaxRequestLine = 8192;
constexpr std::size_t kMaxStatusLine = 512;
constexpr std::size_t kMaxFieldName = 128;
// Servers send chunks of a buffer each, 4 to 32 KiB; beyond this one cannot be proven by the next.
constexpr std::uint64_t kMaxChunk = 65536;

constexpr std::string_view kVersion = "HTTP/1.";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// CRLF, or LF alone, at the front of text; removes it where it is there.
Match take_line_end(std::string_view& text) {
  std::string_view ahead = text;
  if (ahead.starts_with('\r')) ahead.remove_prefix(1);
  if (ahead.empty()) return Match::need_more;
  if (ahead.front() != '\n') return Match::no;
  text = ahead.substr(1);
  return Match::yes;
}

// Behind a start line: a field name with its colon, or an empty line.
Match goes_on_as_header(std::string_view text) {
  if (text.empty()) return Match::need_more;
  if (text.front() == '\r' || text.front() == '\n') return take_line_end(text);
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, std::min(colon, kMaxFieldName + 1));
  if (name.size() > kMaxFieldName || !is_token(name)) return Match::no;
  return colon == std::string_view::npos ? Match::need_more : Match::yes;
}

// text begins with kVersion.
Match begins_response(std::string_view text) {
  // "HTTP/1.1 200": decided by the first bytes, so that hardly anything waits for a line end.
  constexpr std::string_view kPattern = "HTTP/1.d ddd";
  const std::size_t known = std::min(text.size(), kPattern.size());
  for (std::size_t i = kVersion.size(); i < known; ++i) {
    if (kPattern[i] == 'd' ? !is_digit(text[i]) : text[i] != kPattern[i]) return Match::no;
  }
  const auto end = std::ranges::find_if(text.substr(0, kMaxStatusLine + 1), is_control);
  const auto size = static_cast<std::size_t>(end - text.begin());
  if (size > kMaxStatusLine) return Match::no;
  const std::string_view line = text.substr(0, size);
  text.remove_prefix(size);
  if (const Match ended = take_line_end(text); ended != Match::yes) return ended;
  return parse_status_line(line) ? goes_on_as_header(text) : Match::no;
}

// text begins behind the blank that follows a method.
Match begins_request(std::string_view text) {
  const auto end =
      std::ranges::find_if(text.substr(0, kMaxRequestLine), [](char c) { return c == ' ' || is_control(c); });
  const auto size = static_cast<std::size_t>(end - text.begin());
  if (size == 0 && !text.empty()) return Match::no;
  if (size == kMaxRequestLine) return Match::no;
  text.remove_prefix(size);
  constexpr std::string_view kPattern = " HTTP/1.d";
  const std::size_t known = std::min(text.size(), kPattern.size());
  for (std::size_t i = 0; i < known; ++i) {
    if (kPattern[i] == 'd' ? !is_digit(text[i]) : text[i] != kPattern[i]) return Match::no;
  }
  text.remove_prefix(known);
  if (const Match ended = take_line_end(text); ended != Match::yes) return ended;
  return goes_on_as_header(text);
}

Sighting find_response(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(kVersion, from); at != std::string_view::npos;
       at = text.find(kVersion, at + 1)) {
    const Match match = begins_response(text.substr(at));
    if (match != Match::no) return {at, match == Match::yes};
  }
  std::size_t at = text.size() - std::min(text.size() - from, kVersion.size() - 1);
  while (!kVersion.starts_with(text.substr(at))) ++at;
  return {at, false};
}

bool is_method_character(char c) {
  return (c >= 'A' && c <= 'Z') || c == '-';
}

// Where the longest registered method that ends before `end` begins, not before `from`; `end`: nowhere.
std::size_t method_before(std::string_view text, std::size_t from, std::size_t end) {
  std::size_t at = end;
  while (at > from && end - at < kLongestMethod && is_method_character(text[at - 1])) --at;
  while (at < end && !is_registered_method(text.substr(at, end - at))) ++at;
  return at;
}

Sighting find_request(std::string_view text, std::size_t from) {
  for (std::size_t blank = text.find(' ', from); blank != std::string_view::npos;
       blank = text.find(' ', from)) {
    const std::size_t at = method_before(text, from, blank);
    if (at == blank) {
      from = blank + 1;
      continue;
    }
    const Match match = begins_request(text.substr(blank + 1));
    if (match != Match::no) return {at, match == Match::yes};
    from = blank + 1;
  }
  std::size_t at = text.size();
  while (at > from && text.size() - at < kLongestMethod && is_method_character(text[at - 1])) --at;
  return {at, false};
}

// A size line at the front of text; removes it. No extensions: they are rare, and what has them is no proof.
Match take_size_line(std::string_view& text, std::uint64_t& size) {
  constexpr std::size_t kMaxDigits = 8;
  const auto end = std::ranges::find_if(
      text.substr(0, kMaxDigits + 1), [](char c) { return !parse_hex(std::string_view(&c, 1)).has_value(); });
  const auto digits = static_cast<std::size_t>(end - text.begin());
  if (digits > kMaxDigits || (digits == 0 && !text.empty())) return Match::no;
  std::string_view behind = text.substr(digits);
  if (behind.empty() || behind == "\r") return Match::need_more;
  if (!behind.starts_with("\r\n")) return Match::no;
  size = parse_hex(text.substr(0, digits)).value_or(0);
  text = behind.substr(2);
  return Match::yes;
}

constexpr std::string_view kLineEnd = "\r\n";

// text is what follows the size line of the last chunk. That alone proves nothing; the message behind it
// does.
Match may_end_chunks(std::string_view text) {
  const std::size_t known = std::min(text.size(), kLineEnd.size());
  if (text.substr(0, known) != kLineEnd.substr(0, known)) return Match::no;
  return text.size() <= kMaxRequestLine + kMaxFieldName ? Match::need_more : Match::no;
}

// text begins with a size line.
Match begins_chunk(std::string_view text) {
  std::uint64_t size = 0;
  if (const Match match = take_size_line(text, size); match != Match::yes) return match;
  if (size == 0) return may_end_chunks(text);
  if (size > kMaxChunk) return Match::no;
  if (text.size() < size) return Match::need_more;
  text.remove_prefix(static_cast<std::size_t>(size));
  const std::size_t known = std::min(text.size(), kLineEnd.size());
  if (text.substr(0, known) != kLineEnd.substr(0, known)) return Match::no;
  if (known < kLineEnd.size()) return Match::need_more;
  text.remove_prefix(known);
  return take_size_line(text, size);
}

}  // namespace

Sighting find_message(Direction direction, std::string_view text, std::size_t from) {
  return direction == Direction::client ? find_request(text, from) : find_response(text, from);
}

Sighting find_chunk(std::string_view text, std::size_t from, bool behind_hole, bool final) {
  if (behind_hole && from == 0) {
    const Match match = begins_chunk(text);
    if (match == Match::yes || (match == Match::need_more && !final)) return {0, match == Match::yes};
  }
  for (std::size_t at = text.find(kLineEnd, from); at != std::string_view::npos;
       at = text.find(kLineEnd, at + 1)) {
    const Match match = begins_chunk(text.substr(at + kLineEnd.size()));
    if (match == Match::yes || (match == Match::need_more && !final)) return {at, match == Match::yes};
  }
  const bool half = !final && text.size() > from && text.ends_with('\r');
  return {text.size() - (half ? 1 : 0), false};
}

std::size_t size_of_last_chunk(std::string_view text, bool behind_hole) {
  constexpr std::string_view kLast = "\r\n0\r\n\r\n";
  if (text.ends_with(kLast)) return kLast.size();
  return behind_hole && text == kLast.substr(2) ? text.size() : 0;
}

}  // namespace tlspeel::http
