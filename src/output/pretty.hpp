// Text of a few types laid out for reading (--pretty): JSON, XML, forms. Only blanks and line ends between
// tokens are put in or taken out, so that numbers, duplicate names and the order stay as they were sent; of a
// form the names and values are decoded. Pure functions; linear time, but for indentation, which is bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tlspeel::output {

// Deeper is not laid out: each line would be mostly indentation.
inline constexpr std::size_t kMaxPrettyDepth = 64;

// text: UTF-8, as it came. media_type: as in event::HttpBody. cut: more of it followed. nullopt: of no such
// type, or not well-formed, and to be shown as it is.
std::optional<std::string> pretty(std::string_view text, std::string_view media_type, bool cut);

std::optional<std::string> pretty_json(std::string_view text, bool cut);  // RFC 8259
std::optional<std::string> pretty_xml(std::string_view text, bool cut);   // XML 1.0, without internal subsets
std::optional<std::string> pretty_form(std::string_view text);            // "name = value", one a line

}  // namespace tlspeel::output
