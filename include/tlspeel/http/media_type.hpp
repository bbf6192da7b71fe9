// What Content-Type says about a body: RFC 9110 section 8.3. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tlspeel::http {

// Lower case, without parameters: "text/html".
std::string media_type_of(std::string_view content_type);

enum class TextByType : std::uint8_t { text, binary, unknown };  // unknown: only a look can tell
TextByType text_by_type(std::string_view media_type);

}  // namespace tlspeel::http
