// What Content-Type says about a body: RFC 9110 section 8.3. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tlspeel::http {

// Lower case, without parameters: "text/html".
std::string media_type_of(std::string_view content_type);
// The value of a parameter, without quotes: "utf-8", of charset. Letters of its name may be of any case. The
// first one counts; empty: none.
std::string parameter_of(std::string_view content_type, std::string_view name);

enum class TextByType : std::uint8_t { text, binary, unknown };  // unknown: only a look can tell
TextByType text_by_type(std::string_view media_type);

}  // namespace tlspeel::http
