// Members of JSON objects that say what an HTTP message, or other data from within TLS, holds.
#pragma once

#include <string_view>
#include <vector>

#include "tlspeel/event/http_message.hpp"

#include "output/json_line.hpp"

namespace tlspeel::output {

// Text as text, anything else as base64. cut: more of it followed.
void content(JsonLine& json, const Bytes& shown, bool cut, bool text);
void fields(JsonLine& json, std::string_view key, const event::HttpFields& list);
void holes(JsonLine& json, const std::vector<event::HoleAt>& list);
void body(JsonLine& json, const event::HttpBody& b);

}  // namespace tlspeel::output
