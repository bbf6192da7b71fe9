#include "tlspeel/output/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tlspeel::output {

namespace {

// Printable ASCII: copied in runs, without a look at UTF-8.
constexpr bool is_plain(char c) {
  return c >= 0x20 && c < 0x7f;
}

std::size_t plain_run(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_plain);
  return static_cast<std::size_t>(end - text.begin());
}

void append_escaped(std::string& out, std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += "\\x";
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

// Appends the character at the start of text, as it is or escaped; returns how many bytes it took.
std::size_t append_one(std::string& out, std::string_view text) {
  const Utf8Character character = decode_utf8(text);
  const std::size_t length = std::max<std::size_t>(character.length, 1);
  const std::string_view bytes = text.substr(0, length);
  if (character.length == 0 || is_unsafe(character.code_point)) {
    append_escaped(out, bytes);
  } else {
    out += bytes;
  }
  return length;
}

// One line of a text of several: tabs stay.
void append_body_line(std::string& out, std::string_view line) {
  while (!line.empty()) {
    const std::size_t run = plain_run(line);
    out += line.substr(0, run);
    line.remove_prefix(run);
    if (line.empty()) break;
    if (line.front() == '\t') {
      out += '\t';
      line.remove_prefix(1);
    } else {
      line.remove_prefix(append_one(out, line));
    }
  }
}

struct Range {
  char32_t first, last;
};
// RFC 3629 section 3.
constexpr char32_t kLastCodePoint = 0x10ffff;
constexpr Range kSurrogates{0xd800, 0xdfff};

// What a terminal obeys (C0, DEL, C1), what reorders text (Unicode TR 9), what ends lines, and what is there
// without being seen.
// The joiners U+200C and U+200D stay: Persian and emoji need them.
constexpr std::array kUnsafe = {
    Range{0x00, 0x1f},     Range{0x7f, 0x9f},       Range{0x61c, 0x61c},   Range{0x200b, 0x200b},
    Range{0x200e, 0x200f}, Range{0x2028, 0x202e},   Range{0x2060, 0x206f}, Range{0xfeff, 0xfeff},
    Range{0xfff0, 0xfffb}, Range{0xe0000, 0xe007f},
};

}  // namespace

void append_safe_line(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t run = plain_run(text);
    out += text.substr(0, run);
    text.remove_prefix(run);
    if (!text.empty()) text.remove_prefix(append_one(out, text));
  }
}

std::string safe_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_safe_line(out, text);
  return out;
}

void append_safe_lines(std::string& out, std::string_view text, std::size_t indent) {
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (newline != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    // An empty line stays empty: no trailing blanks.
    if (!line.empty()) out.append(indent, ' ');
    append_body_line(out, line);
    out += '\n';
  }
}

Utf8Character decode_utf8(std::string_view text) {
  if (text.empty()) return {};
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte_at(0);
  if (lead < 0x80) return {1, lead};
  // 0x80 to 0xc1 cannot lead: continuation bytes and over-long forms of ASCII.
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < length) return {};
  char32_t code_point = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(i) & 0xc0U) != 0x80U) return {};
    code_point = (code_point << 6U) | (byte_at(i) & 0x3fU);
  }
  static constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  if (code_point < kSmallest[length] || code_point > kLastCodePoint) return {};
  if (code_point >= kSurrogates.first && code_point <= kSurrogates.last) return {};
  return {length, code_point};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t run = plain_run(text);
    text.remove_prefix(run);
    if (text.empty()) break;
    const std::size_t length = decode_utf8(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t whole_characters(std::string_view text) {
  // A character has at most four bytes, so the lead byte of a cut one is among the last three.
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<std::uint8_t>(text[text.size() - back]);
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const std::size_t needed = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return back < needed ? text.size() - back : text.size();
  }
  return text.size();
}

bool is_unsafe(char32_t code_point) {
  return std::any_of(kUnsafe.begin(), kUnsafe.end(),
                     [&](const Range& r) { return code_point >= r.first && code_point <= r.last; });
}

}  // namespace tlspeel::output
