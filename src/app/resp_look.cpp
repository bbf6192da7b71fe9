#include "resp_look.hpp"

#include <cstdint>
#include <optional>

#include "tlspeel/base/ascii.hpp"

namespace tlspeel::app {
namespace {

constexpr std::string_view kInOneLine = "+-:_,#(";  // strings, errors and numbers
constexpr std::string_view kOfOthers = "*%~>|";     // arrays, maps, sets and pushes: how many follow
constexpr std::string_view kWithLength = "$!=";     // strings and errors: how many bytes follow

bool is_one_of(std::string_view types, char type) {
  return types.find(type) != std::string_view::npos;
}

}  // namespace

bool looks_like_resp(std::string_view text) {
  while (!text.empty()) {
    const char type = text.front();
    text.remove_prefix(1);
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return false;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (is_one_of(kInOneLine, type)) continue;
    const bool with_length = is_one_of(kWithLength, type);
    if (!with_length && !is_one_of(kOfOthers, type)) return false;
    if (line == "-1") continue;  // the null of version 2
    const std::optional<std::uint64_t> count = parse_decimal(line);
    if (!count) return false;
    if (with_length) return *count < text.size() && text.substr(*count).starts_with("\r\n");
  }
  return false;
}

}  // namespace tlspeel::app
