#include "head.hpp"

#include <cstddef>
#include <string>

#include "syntax.hpp"

namespace tlspeel::http {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

void set_note(std::string& note, std::string_view text) {
  if (note.empty()) note = text;
}

// RFC 9112 section 5.2: a line that begins with a blank continues the one before; the fold stands for one
// space.
void continue_field(std::string_view line, event::HttpField& field) {
  const std::string_view more = trim(line);
  if (!field.value.empty() && !more.empty()) field.value += ' ';
  field.value += more;
}

}  // namespace

bool parse_start_line(std::string_view line, event::HttpMessage& message) {
  if (message.request) {
    const auto request = parse_request_line(line);
    if (!request) return false;
    message.method = request->method;
    message.target = request->target;
    message.version = request->version;
    return true;
  }
  const auto status = parse_status_line(line);
  if (!status) return false;
  message.version = status->version;
  message.status = status->status;
  message.reason = status->reason;
  return true;
}

void add_field_line(std::string_view line, event::HttpFields& fields, std::string& note) {
  if (is_blank(line.front()) && !fields.empty()) {
    continue_field(line, fields.back());
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = trim(line.substr(0, colon));
  if (colon == std::string_view::npos || !is_token(name) || is_blank(line.front())) {
    set_note(note, "a header line that is no field");
    fields.push_back({std::string(), std::string(line)});
    return;
  }
  // RFC 9112 section 5.1: servers have to refuse it, since some programs see a field here and others do not.
  if (name.size() != colon) set_note(note, "white space between a field name and its colon");
  constexpr std::size_t kMostly = 8;  // that a message has at least
  if (fields.empty()) fields.reserve(kMostly);
  fields.push_back({std::string(name), std::string(trim(line.substr(colon + 1)))});
}

}  // namespace tlspeel::http
