// Start lines and field lines into an HttpMessage. Fields that break the grammar are kept as they came: name
// empty, value the line.
#pragma once

#include <string>

#include "tlspeel/event/http_message.hpp"

namespace tlspeel::http {

// By message.request: fills the request's or the response's fields; false: the line is none.
bool parse_start_line(std::string_view line, event::HttpMessage& message);

// note: what is odd about the line, where nothing has been noted before.
void add_field_line(std::string_view line, event::HttpFields& fields, std::string& note);

}  // namespace tlspeel::http
