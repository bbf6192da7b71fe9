#include "tlspeel/http/media_type.hpp"

#include <algorithm>
#include <array>

#include "syntax.hpp"

namespace tlspeel::http {
namespace {

// Types outside text/ that are text by their definition, sorted.
constexpr std::array<std::string_view, 25> kTextTypes = {"application/ecmascript",
                                                         "application/graphql",
                                                         "application/javascript",
                                                         "application/json",
                                                         "application/json-seq",
                                                         "application/jsonl",
                                                         "application/ndjson",
                                                         "application/pem-certificate-chain",
                                                         "application/sparql-query",
                                                         "application/sql",
                                                         "application/toml",
                                                         "application/x-javascript",
                                                         "application/x-json",
                                                         "application/x-ndjson",
                                                         "application/x-pem-file",
                                                         "application/x-sh",
                                                         "application/x-www-form-urlencoded",
                                                         "application/x-yaml",
                                                         "application/xhtml",
                                                         "application/xml",
                                                         "application/xml-dtd",
                                                         "application/yaml",
                                                         "image/svg",
                                                         "message/http",
                                                         "message/rfc822"};
static_assert(std::ranges::is_sorted(kTextTypes));

// RFC 6839, RFC 7303, RFC 9512: structured syntaxes that are text.
constexpr std::array<std::string_view, 3> kTextSuffixes = {"+json", "+xml", "+yaml"};

// Takes the value that text begins with: a token, or a quoted-string (RFC 9110 section 5.6.4), whose end may
// be missing.
std::string take_value(std::string_view& text) {
  std::string out;
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find(';'), text.size());
    out = trim(text.substr(0, end));
    text.remove_prefix(end);
    return out;
  }
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    out += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return out;
}

}  // namespace

std::string media_type_of(std::string_view content_type) {
  return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

std::string parameter_of(std::string_view content_type, std::string_view name) {
  std::string_view left = content_type;
  for (std::size_t next = left.find(';'); next != std::string_view::npos; next = left.find(';')) {
    left.remove_prefix(next + 1);
    const std::size_t end = left.find_first_of("=;");
    if (end == std::string_view::npos || left[end] == ';') continue;
    const std::string_view found = trim(left.substr(0, end));
    left.remove_prefix(end + 1);
    left.remove_prefix(std::min(left.find_first_not_of(" \t"), left.size()));
    std::string value = take_value(left);
    if (equals_ignoring_case(found, name)) return value;
  }
  return {};
}

TextByType text_by_type(std::string_view media_type) {
  // multipart/form-data and its kin hold parts of any type.
  if (media_type.empty() || media_type.starts_with("multipart/")) return TextByType::unknown;
  const bool text =
      media_type.starts_with("text/") || std::ranges::binary_search(kTextTypes, media_type) ||
      std::ranges::any_of(kTextSuffixes, [&](std::string_view s) { return media_type.ends_with(s); });
  return text ? TextByType::text : TextByType::binary;
}

}  // namespace tlspeel::http
