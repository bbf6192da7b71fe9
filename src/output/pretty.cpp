#include "output/pretty.hpp"

#include <algorithm>

#include "tlspeel/output/safe_text.hpp"

#include "output/exchange_url.hpp"

namespace tlspeel::output {
namespace {

// Whoever wants to see more than this at once does not read it line by line.
constexpr std::size_t kMostLaidOut = std::size_t{8} << 20U;

bool is_json(std::string_view type) {
  return type == "application/json" || type == "text/json" || type == "application/x-json" ||
         type.ends_with("+json");
}

// In XHTML blanks between elements are seen.
bool is_xml(std::string_view type) {
  return type == "application/xml" || type == "text/xml" ||
         (type.ends_with("+xml") && type != "application/xhtml+xml");
}

}  // namespace

std::optional<std::string> pretty(std::string_view text, std::string_view media_type, bool cut) {
  if (text.size() > kMostLaidOut) return std::nullopt;
  if (is_json(media_type)) return pretty_json(text, cut);
  if (is_xml(media_type)) return pretty_xml(text, cut);
  if (media_type == "application/x-www-form-urlencoded") return pretty_form(text);
  return std::nullopt;
}

std::optional<std::string> pretty_form(std::string_view text) {
  // What a form is made of: unreserved characters, escapes, and what lenient senders leave as it is.
  const auto of_a_form = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::ranges::all_of(text, of_a_form) || text.find('=') == std::string_view::npos) return std::nullopt;
  std::string out;
  for (const auto& [name, value] : parse_form(text)) {
    append_safe_line(out, name);
    out += " =";
    if (!value.empty()) out += ' ';
    append_safe_line(out, value);
    out += '\n';
  }
  return out;
}

}  // namespace tlspeel::output
