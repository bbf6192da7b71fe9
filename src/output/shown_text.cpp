#include "output/shown_text.hpp"

#include <optional>
#include <string>

#include "tlspeel/output/safe_text.hpp"

#include "output/holes_text.hpp"
#include "output/pretty.hpp"
#include "output/readable_text.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

void note_charset(Lines& lines, const ReadableText& readable) {
  if (!readable.converted_from().empty())
    lines.note(fmt::format("[converted from {}]", safe_line(readable.converted_from())), Ink::faint);
  if (!readable.unknown().empty()) {
    lines.note(fmt::format(R"([charset {} is not known: what is not UTF-8 is shown as \xNN])",
                           safe_line(readable.unknown())),
               Ink::warning);
  }
}

}  // namespace

std::size_t append_shown_text(Lines& lines, const ShownText& text) {
  const ReadableText readable(text.bytes, text.charset, text.media_type);
  std::string room;
  append_around_holes(lines, text.bytes, text.holes, [&](std::size_t offset, ByteView bytes) {
    const bool cut = text.cut && offset + bytes.size() == text.bytes.size();
    const std::string_view piece = readable.piece(bytes, cut, room);
    std::optional<std::string> laid_out;
    if (lines.options().pretty && text.holes.empty()) laid_out = pretty(piece, text.media_type, cut);
    append_safe_lines(lines.out(), laid_out ? std::string_view(*laid_out) : piece, kTextColumn);
  });
  note_charset(lines, readable);
  const bool converted = !readable.converted_from().empty();
  return text.cut && !converted ? whole_characters(as_text(text.bytes)) : text.bytes.size();
}

}  // namespace tlspeel::output
