// A block of text under construction: columns (time, direction, name, rest), colour and wrapping.
// Columns: 0 two blanks and the time in 8 or more; 12 direction; 20 name; 40 rest. Time is printed where it
// differs from the line above. Everything handed in must be safe for a terminal already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/output/writer.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {

enum class Ink : std::uint8_t { plain, heading, client, server, good, warning, bad, faint };
Ink direction_ink(Direction direction);

void append_inked(std::string& out, bool color, Ink ink, std::string_view text);

inline constexpr std::size_t kTextColumn = 12;     // HTTP, fields, notices
inline constexpr std::size_t kNameColumn = 20;     // message names
inline constexpr std::size_t kSummaryColumn = 40;  // telling facts
inline constexpr std::size_t kDetailColumn = 14;   // hex and lists below a field's name
inline constexpr std::size_t kValueColumn = 36;    // a field's value

class Lines {
 public:
  Lines(const TextOptions& options, std::int64_t start_ns) : options_(&options), start_ns_(start_ns) {}

  // The time column, or blanks where it would repeat the line above.
  void begin(PacketRef at);
  // "  0.000912  server  ServerHello         " and the rest, wrapped.
  void message(PacketRef at, Direction direction, std::string_view name, std::string_view summary, Ink ink);
  void inked(Ink ink, std::string_view text) { append_inked(text_, options_->color, ink, text); }
  // The rest of a line from `column` on, ended by a newline; where the terminal is narrower, wrapped at
  // blanks.
  void wrapped(std::size_t column, std::string_view text, Ink ink = Ink::plain);
  // Sentences at the text column, wrapped at a width that is good to read whatever the terminal has.
  void paragraph(std::string_view text, Ink ink);
  // A whole line of text at the text column.
  void note(std::string_view text, Ink ink = Ink::plain);

  // "            name                  value"
  void field(std::string_view name, std::string_view value);
  void hex_field(std::string_view name, ByteView bytes);               // left out when empty
  void hex_digits_field(std::string_view name, std::string_view hex);  // the same for what is hex already
  void detail(std::string_view text);                                  // a line below a field

  const TextOptions& options() const { return *options_; }
  std::string& out() { return text_; }
  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  const TextOptions* options_;
  std::int64_t start_ns_;
  bool timed_ = false;
  std::int64_t last_us_ = 0;
  std::string text_;
};

// Text broken at blanks into lines of at most `room` characters; a longer word stays whole. Appends;
// continuation lines start with `indent` blanks. No newline at the end.
void append_wrapped(std::string& out, std::string_view text, std::size_t room, std::size_t indent);
std::size_t display_width(std::string_view utf8);

}  // namespace tlspeel::output
