// The body of an HTTP message as lines below its head. What is appended is safe for a terminal.
#pragma once

#include "tlspeel/event/http_message.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

// What is shown is not all of it.
bool is_cut(const event::HttpBody& body);
void append_body(Lines& lines, const event::HttpBody& body);

}  // namespace tlspeel::output
