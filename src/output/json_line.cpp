#include "output/json_line.hpp"

#include <array>
#include <chrono>

#include "tlspeel/output/safe_text.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

void append_unicode_escape(std::string& out, char32_t c) {
  // RFC 8259 section 7: beyond the basic plane as a surrogate pair.
  if (c >= 0x10000) {
    append_format(out, "\\u{:04x}\\u{:04x}", 0xd800U + ((static_cast<std::uint32_t>(c) - 0x10000U) >> 10U),
                  0xdc00U + (static_cast<std::uint32_t>(c) & 0x3ffU));
  } else {
    append_format(out, "\\u{:04x}", static_cast<std::uint32_t>(c));
  }
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case U'"':
      out += "\\\"";
      return;
    case U'\\':
      out += "\\\\";
      return;
    case U'\n':
      out += "\\n";
      return;
    case U'\r':
      out += "\\r";
      return;
    case U'\t':
      out += "\\t";
      return;
    default:
      append_unicode_escape(out, c);
  }
}

constexpr bool is_verbatim(char c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void append_base64(std::string& out, ByteView bytes) {
  // RFC 4648 section 4.
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    group = (group << 8U | byte) & 0xffffffU;
    bits += 8;
    for (; bits >= 6; bits -= 6) out += kAlphabet[group >> (bits - 6) & 63U];
  }
  if (bits == 0) return;
  out += kAlphabet[group << (6 - bits) & 63U];
  out += bits == 2 ? "==" : "=";
}

}  // namespace

void JsonLine::text(std::string_view key, std::string_view value) {
  name(key);
  quoted(value);
  if (is_utf8(value)) return;
  hex(std::string(key) + "_hex", as_bytes(value));
}

void JsonLine::number(std::string_view key, std::uint64_t value) {
  name(key);
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
}

void JsonLine::flag(std::string_view key, bool value) {
  name(key);
  out_ += value ? "true" : "false";
}

void JsonLine::hex(std::string_view key, ByteView value) {
  name(key);
  out_ += '"';
  append_hex(out_, value);
  out_ += '"';
}

void JsonLine::base64(std::string_view key, ByteView value) {
  name(key);
  out_ += '"';
  append_base64(out_, value);
  out_ += '"';
}

void JsonLine::code(std::string_view key, const event::CodePoint& value) {
  name(key);
  code_value(value);
}

void JsonLine::packet(std::string_view key, PacketRef at) {
  if (at.number == 0) return;
  open(key);
  place(at);
  close();
}

void JsonLine::place(PacketRef at) {
  if (at.number == 0) return;
  number("packet", at.number);
  name("time");
  out_ += '"';
  append_time(out_, at.time_ns);
  out_ += '"';
}

void JsonLine::element(std::string_view text) {
  value_start();
  quoted(text);
}

void JsonLine::element(const event::CodePoint& value) {
  value_start();
  code_value(value);
}

void JsonLine::hex_element(ByteView value) {
  value_start();
  out_ += '"';
  append_hex(out_, value);
  out_ += '"';
}

void JsonLine::value_start() {
  // Nothing before it in its object or list, or on its line.
  if (out_.empty() || out_.back() == '{' || out_.back() == '[' || out_.back() == '\n') return;
  out_ += ',';
}

void JsonLine::name(std::string_view key) {
  value_start();
  out_ += '"';
  out_ += key;
  out_ += "\":";
}

void JsonLine::quoted(std::string_view utf8) {
  out_ += '"';
  while (!utf8.empty()) {
    std::size_t run = 0;
    while (run < utf8.size() && is_verbatim(utf8[run])) ++run;
    out_ += utf8.substr(0, run);
    utf8.remove_prefix(run);
    if (utf8.empty()) break;
    const Utf8Character character = decode_utf8(utf8);
    if (character.length == 0) {
      out_ += kReplacement;
      utf8.remove_prefix(1);
      continue;
    }
    if (character.code_point < 0x80 || is_unsafe(character.code_point)) {
      append_escape(out_, character.code_point);
    } else {
      out_ += utf8.substr(0, character.length);
    }
    utf8.remove_prefix(character.length);
  }
  out_ += '"';
}

void JsonLine::code_value(const event::CodePoint& value) {
  out_ += '{';
  number("value", value.value);
  if (!value.name.empty()) text("name", value.name);
  out_ += '}';
}

void append_time(std::string& out, std::int64_t time_ns) {
  using std::chrono::days;
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(time_ns)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  append_format(out, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace tlspeel::output
