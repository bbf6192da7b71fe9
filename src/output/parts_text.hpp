// The parts of a multipart body as lines: the header of each and its content, text as text, the rest by name
// and size. What is appended is safe for a terminal.
#pragma once

#include "tlspeel/event/http_message.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

// body.parts is not null. cut: more of the body followed than is shown.
void append_parts(Lines& lines, const event::HttpBody& body, bool cut);

}  // namespace tlspeel::output
