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

}  // namespace

std::string media_type_of(std::string_view content_type) {
  return to_lower(trim(content_type.substr(0, content_type.find(';'))));
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
