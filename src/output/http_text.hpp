// HTTP messages and what else went through TLS, as text: start line, fields, blank line, body. Peer text is
// made safe here.
#pragma once

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

void append_http_message(Lines& lines, const event::HttpMessage& message);
void append_http_fields(Lines& lines, const event::HttpFields& fields);
void append_opaque(Lines& lines, const event::OpaqueData& data);
void append_clear_text(Lines& lines, const event::ClearText& text);
// Offset, sixteen bytes in hex, the same as ASCII.
void append_hex_dump(std::string& out, ByteView bytes, std::size_t indent, std::size_t first_offset = 0);

}  // namespace tlspeel::output
