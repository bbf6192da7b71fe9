#include "output/web_socket_text.hpp"

#include "tlspeel/output/safe_text.hpp"

#include "output/holes_text.hpp"
#include "output/shown_text.hpp"

namespace tlspeel::output {
namespace {

using event::WebSocketMessage;

// RFC 6455 section 5.2.
std::string kind_of(const WebSocketMessage& m) {
  constexpr std::uint32_t kText = 0x1;
  constexpr std::uint32_t kBinary = 0x2;
  constexpr std::uint32_t kClose = 0x8;
  constexpr std::uint32_t kPing = 0x9;
  constexpr std::uint32_t kPong = 0xA;
  switch (m.opcode.value) {
    case kText:
      return "text";
    case kBinary:
      return m.text ? "binary that is text" : "binary data";
    case kClose:
      return "close";
    case kPing:
      return "ping";
    case kPong:
      return "pong";
    default:
      return fmt::format("opcode {}", m.opcode.value);
  }
}

// "WebSocket text, 1,234 bytes in 3 frames, 5,678 bytes decompressed".
std::string what_it_is(const WebSocketMessage& m) {
  std::string out = "WebSocket " + kind_of(m);
  if (m.close_code) {
    append_format(out, " {}", m.close_code->value);
    if (!m.close_code->name.empty()) append_format(out, " ({})", m.close_code->name);
    return out;
  }
  if (m.size != 0 || m.missing != 0 || m.opcode.value < 0x8) out += ", " + size_text(m.size);
  if (m.frames != 1) append_format(out, " in {} frames", m.frames);
  if (m.decoded_size) out += ", " + size_text(*m.decoded_size) + " decompressed";
  if (m.compressed && !m.decoded_size) out += ", compressed";
  if (m.stream != 0) append_format(out, " [stream {}]", m.stream);
  return out;
}

void append_shown(Lines& lines, const WebSocketMessage& m) {
  const bool cut = m.close_code   ? !m.complete
                   : m.compressed ? !m.decoded_size || m.shown.size() < *m.decoded_size
                                  : m.shown.size() < m.size;
  ShownText text{.bytes = m.shown, .cut = cut};
  if (!m.compressed) text.holes = m.holes;
  const std::size_t shown = append_shown_text(lines, text);
  if (!cut || m.close_code || (m.compressed && !m.decoded_size)) return;
  lines.note(fmt::format("[showing the first {} of {}; --max-body]", size_text(shown),
                         size_text(m.decoded_size.value_or(m.size))),
             Ink::faint);
}

// Whether the holes that are said at their places are all that is missing.
bool holes_say_what_is_missing(const WebSocketMessage& m) {
  return !m.compressed && !m.shown.empty() && missing_at_holes(m.holes, m.shown.size()) == m.missing;
}

void append_place(std::string& out, const WebSocketMessage& m) {
  out += " (";
  append_packets(out, m.first, m.last);
  append_format(out, "; {} of exchange {})", m.opcode.name, m.exchange);
}

}  // namespace

void append_web_socket(Lines& lines, const WebSocketMessage& message) {
  lines.begin(message.first);
  lines.inked(direction_ink(message.direction), direction_name(message.direction));
  lines.out() += "  " + what_it_is(message);
  if (lines.options().verbose) append_place(lines.out(), message);
  lines.out() += '\n';
  if (!message.shown.empty()) append_shown(lines, message);
  if (!message.note.empty()) lines.note(fmt::format("[{}]", safe_line(message.note)), Ink::warning);
  if (message.missing != 0 && !holes_say_what_is_missing(message))
    lines.note(fmt::format("[{} missing]", size_text(message.missing)), Ink::bad);
  if (!message.complete) lines.note("[incomplete]", Ink::bad);
}

}  // namespace tlspeel::output
