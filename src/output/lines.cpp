#include "output/lines.hpp"

#include <algorithm>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::output {

namespace {

constexpr std::size_t kHexBytesInLine = 32;
constexpr std::size_t kHexBytesBesideName = 16;
// More than the encrypted premaster secret of the largest RSA key that is supported (16384 bits); what is
// beyond is counted.
constexpr std::size_t kMaxHexBytes = 4096;
// Below this there is no sense in wrapping.
constexpr std::size_t kMinRoom = 20;

std::string_view ink_code(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::heading:
      return "\x1b[1m";
    case Ink::client:
      return "\x1b[36m";
    case Ink::server:
      return "\x1b[35m";
    case Ink::good:
      return "\x1b[32m";
    case Ink::warning:
      return "\x1b[33m";
    case Ink::bad:
      return "\x1b[1;31m";
    case Ink::faint:
      return "\x1b[2m";
  }
  return "";
}

}  // namespace

Ink direction_ink(Direction direction) {
  return direction == Direction::client ? Ink::client : Ink::server;
}

void append_inked(std::string& out, bool color, Ink ink, std::string_view text) {
  if (!color || ink == Ink::plain || text.empty()) {
    out += text;
    return;
  }
  out += ink_code(ink);
  out += text;
  out += "\x1b[0m";
}

void Lines::begin(PacketRef at) {
  const std::int64_t offset = at.time_ns - start_ns_;
  const std::int64_t us = offset / 1000;
  if (timed_ && us == last_us_) {
    text_.append(kTextColumn, ' ');
    return;
  }
  timed_ = true;
  last_us_ = us;
  std::string seconds;
  append_seconds(seconds, offset);
  const std::size_t width = kTextColumn - 2;
  text_.append(seconds.size() < width ? width - seconds.size() : 0, ' ');
  inked(Ink::faint, seconds);
  text_ += "  ";
}

void Lines::message(PacketRef at, Direction direction, std::string_view name, std::string_view summary,
                    Ink ink) {
  begin(at);
  inked(direction_ink(direction), direction_name(direction));
  text_ += "  ";
  text_ += name;
  if (summary.empty()) {
    text_ += '\n';
    return;
  }
  const std::size_t width = kSummaryColumn - kNameColumn;
  text_.append(name.size() + 1 < width ? width - name.size() : 1, ' ');
  wrapped(kSummaryColumn, summary, ink);
}

void Lines::wrapped(std::size_t column, std::string_view text, Ink ink) {
  const std::size_t width = options_->width;
  if (width < column + kMinRoom || display_width(text) <= width - column) {
    inked(ink, text);
  } else {
    std::string broken;
    append_wrapped(broken, text, width - column, column);
    inked(ink, broken);
  }
  text_ += '\n';
}

void Lines::paragraph(std::string_view text, Ink ink) {
  static constexpr std::size_t kReadable = 110;
  const std::size_t width = options_->width;
  const bool narrow = width >= kTextColumn + kMinRoom && width < kReadable;
  std::string broken;
  append_wrapped(broken, text, (narrow ? width : kReadable) - kTextColumn, kTextColumn);
  inked(ink, broken);
  text_ += '\n';
}

void Lines::note(std::string_view text, Ink ink) {
  text_.append(kTextColumn, ' ');
  wrapped(kTextColumn, text, ink);
}

void Lines::field(std::string_view name, std::string_view value) {
  text_.append(kTextColumn, ' ');
  inked(Ink::faint, name);
  if (value.empty()) {
    text_ += '\n';
    return;
  }
  const std::size_t width = kValueColumn - kTextColumn;
  text_.append(name.size() + 1 < width ? width - name.size() : 1, ' ');
  wrapped(kValueColumn, value);
}

void Lines::hex_field(std::string_view name, ByteView bytes) {
  if (bytes.empty()) return;
  const ByteView shown = bytes.first(std::min(bytes.size(), kMaxHexBytes));
  hex_digits_field(name, to_hex(shown));
  if (shown.size() < bytes.size()) {
    std::string rest = "... and ";
    append_size(rest, bytes.size() - shown.size());
    rest += " more";
    detail(rest);
  }
}

void Lines::hex_digits_field(std::string_view name, std::string_view hex) {
  if (hex.size() <= 2 * kHexBytesBesideName) {
    field(name, hex);
    return;
  }
  field(name, size_text(hex.size() / 2));
  for (; !hex.empty(); hex.remove_prefix(std::min(hex.size(), 2 * kHexBytesInLine))) {
    detail(hex.substr(0, 2 * kHexBytesInLine));
  }
}

void Lines::detail(std::string_view text) {
  text_.append(kDetailColumn, ' ');
  wrapped(kDetailColumn, text);
}

void append_wrapped(std::string& out, std::string_view text, std::size_t room, std::size_t indent) {
  std::size_t used = 0;
  bool line_empty = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const std::size_t width = display_width(word);
    if (!line_empty && used + 1 + width > room) {
      out += '\n';
      out.append(indent, ' ');
      used = 0;
      line_empty = true;
    }
    if (!line_empty) {
      out += ' ';
      ++used;
    }
    out += word;
    used += width;
    line_empty = false;
  }
}

std::size_t display_width(std::string_view utf8) {
  // Every byte but the continuation bytes begins a character.
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace tlspeel::output
