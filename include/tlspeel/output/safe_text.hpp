// Makes text that a peer chose safe for a terminal. Control characters (C0, DEL, C1), bidirectional controls,
// line separators, invisible tag characters and bytes that are not UTF-8 become \xNN, byte by byte;
// everything else is copied. Linear time, appends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tlspeel::output {

// One line: also tab, carriage return and newline are escaped.
void append_safe_line(std::string& out, std::string_view text);
std::string safe_line(std::string_view text);

// Several lines, each indented by `indent` spaces and ended by a newline: \n and \t stay, \r\n becomes \n.
void append_safe_lines(std::string& out, std::string_view text, std::size_t indent);

// Length in bytes of the UTF-8 character at the start of text (RFC 3629 section 4), and its code point;
// length 0: not UTF-8.
struct Utf8Character {
  std::size_t length = 0;
  char32_t code_point = 0;
};
Utf8Character decode_utf8(std::string_view text);
bool is_utf8(std::string_view text);
// How much of text remains when a character is left out that its end has cut in two.
std::size_t whole_characters(std::string_view text);

// A character that changes what a terminal does or how the characters around it look.
bool is_unsafe(char32_t code_point);

}  // namespace tlspeel::output
