// HTTP messages and what else went through TLS, as text: start line, fields, blank line, body. Peer text is
// made safe here.
#pragma once

#include <string_view>
#include <vector>

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

void append_http_message(Lines& lines, const event::HttpMessage& message);
void append_opaque(Lines& lines, const event::OpaqueData& data);
void append_clear_text(Lines& lines, const event::ClearText& text);
// What is shown; where it is cut, without a character that was cut in two by that.
std::string_view shown_text(const Bytes& shown, bool cut);
// Lines of text, and the holes in it at their places.
void append_text_around_holes(Lines& lines, std::string_view text, const std::vector<event::HoleAt>& holes);
// Offset, sixteen bytes in hex, the same as ASCII.
void append_hex_dump(std::string& out, ByteView bytes, std::size_t indent, std::size_t first_offset = 0);

}  // namespace tlspeel::output
