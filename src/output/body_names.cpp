#include "output/body_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/base/reader.hpp"

#include "output/exchange_url.hpp"

namespace tlspeel::output {
namespace {

// The ends tell most: of a host its domain, of a path its file.
constexpr std::size_t kMostOfHost = 60;
constexpr std::size_t kMostOfPath = 80;
constexpr std::size_t kMostOfExtension = 8;
// Of a path that is looked at.
constexpr std::size_t kLongestPath = 4096;

struct TypeExtensions {
  std::string_view type;
  std::string_view extensions;  // "html htm": the first is given, all of them fit
};
constexpr std::array<TypeExtensions, 62> kTypes{{
    {"application/atom+xml", "xml atom"},
    {"application/ecmascript", "js mjs"},
    {"application/gzip", "gz tgz"},
    {"application/java-archive", "jar"},
    {"application/javascript", "js mjs"},
    {"application/json", "json map"},
    {"application/ld+json", "jsonld json"},
    {"application/manifest+json", "webmanifest json"},
    {"application/msword", "doc"},
    {"application/ocsp-request", "orq"},
    {"application/ocsp-response", "ors"},
    {"application/ogg", "ogx ogg"},
    {"application/pdf", "pdf"},
    {"application/pgp-signature", "asc sig"},
    {"application/pkix-cert", "cer crt der"},
    {"application/pkix-crl", "crl"},
    {"application/postscript", "ps eps"},
    {"application/rss+xml", "xml rss"},
    {"application/rtf", "rtf"},
    {"application/vnd.apple.mpegurl", "m3u8"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/wasm", "wasm"},
    {"application/x-7z-compressed", "7z"},
    {"application/x-bzip2", "bz2"},
    {"application/x-javascript", "js mjs"},
    {"application/x-ndjson", "ndjson jsonl"},
    {"application/x-tar", "tar"},
    {"application/x-www-form-urlencoded", "form"},
    {"application/xhtml+xml", "xhtml html htm"},
    {"application/xml", "xml xsl xsd"},
    {"application/zip", "zip"},
    {"application/zstd", "zst"},
    {"audio/aac", "aac"},
    {"audio/mpeg", "mp3"},
    {"audio/ogg", "oga ogg opus"},
    {"audio/wav", "wav"},
    {"font/otf", "otf"},
    {"font/ttf", "ttf"},
    {"font/woff", "woff"},
    {"font/woff2", "woff2"},
    {"image/avif", "avif"},
    {"image/bmp", "bmp"},
    {"image/gif", "gif"},
    {"image/jpeg", "jpg jpeg"},
    {"image/png", "png"},
    {"image/svg+xml", "svg"},
    {"image/tiff", "tif tiff"},
    {"image/vnd.microsoft.icon", "ico"},
    {"image/webp", "webp"},
    {"image/x-icon", "ico"},
    {"message/rfc822", "eml"},
    {"text/css", "css"},
    {"text/csv", "csv"},
    {"text/html", "html htm"},
    {"text/javascript", "js mjs"},
    {"text/xml", "xml xsl xsd"},
    {"video/mp4", "mp4 m4v"},
    {"video/mpeg", "mpeg mpg"},
    {"video/webm", "webm"},
}};
static_assert(std::ranges::is_sorted(kTypes, {}, &TypeExtensions::type));

constexpr bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What is not safe becomes '_', however much of it there is; dots never stand side by side nor at an end. In
// "page (1).pdf" the dot counts, in "a/../b" it does not.
std::string safe(std::string_view text) {
  constexpr std::string_view kParts = "/\\.";
  std::string out;
  char before = '/';
  for (const char c : text) {
    const bool dot = c == '.' && kParts.find(before) == std::string_view::npos;
    if (is_plain(c) || c == '-') {
      out += c;
    } else if (!out.empty() && dot && out.back() == '_') {
      out.back() = c;
    } else if (!out.empty() && out.back() != '_' && out.back() != '.') {
      out += c == '.' ? '.' : '_';
    }
    before = c;
  }
  while (!out.empty() && !is_plain(out.back())) out.pop_back();
  return out;
}

std::string last_of(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : safe(std::string_view(text).substr(text.size() - most));
}

// "/static/app.js", also of "https://www.example.com/static/app.js?v=3".
std::string_view path_of(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && scheme < target.find('/')) {
    target.remove_prefix(scheme + 3);
    target.remove_prefix(std::min(target.find('/'), target.size()));
  }
  return target.substr(target.size() - std::min(target.size(), kLongestPath));
}

// Behind the last dot; empty: none, or it is no extension.
std::string_view extension_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view extension = path.substr(dot + 1);
  const bool fits =
      !extension.empty() && extension.size() <= kMostOfExtension && std::ranges::all_of(extension, is_plain);
  return fits ? extension : std::string_view();
}

bool lists(std::string_view extensions, std::string_view one) {
  while (!extensions.empty()) {
    const std::size_t end = std::min(extensions.find(' '), extensions.size());
    if (extensions.substr(0, end) == one) return true;
    extensions.remove_prefix(std::min(end + 1, extensions.size()));
  }
  return false;
}

// Empty: the type says nothing about it.
std::string_view extensions_of_type(std::string_view type) {
  const auto* const row = std::ranges::lower_bound(kTypes, type, {}, &TypeExtensions::type);
  if (row != kTypes.end() && row->type == type) return row->extensions;
  if (type.ends_with("+json")) return "json";
  if (type.ends_with("+xml")) return "xml";
  if (type.ends_with("+zip")) return "zip";
  return {};
}

std::string_view coding_extension(std::string_view coding) {
  if (coding == "gzip" || coding == "x-gzip") return ".gz";
  if (coding == "br") return ".br";
  if (coding == "zstd") return ".zst";
  if (coding == "compress" || coding == "x-compress") return ".Z";
  return ".coded";
}

// Takes the extension from the path where it fits what the type says.
std::string take_extension(std::string& path, std::string_view type, bool text) {
  const std::string own(extension_of(path));
  const std::string_view known = extensions_of_type(type);
  if (!own.empty() && (known.empty() || lists(known, to_lower(own)))) {
    path.resize(path.size() - own.size() - 1);
    return "." + own;
  }
  if (!known.empty()) return fmt::format(".{}", known.substr(0, known.find(' ')));
  return text || type.starts_with("text/") ? ".txt" : ".bin";
}

// What is stated, and where that tells nothing about the file, what its first bytes say. In plain text
// something is found only where it is none.
std::string_view telling_type(const event::HttpBody& body) {
  const bool text = body.media_type.starts_with("text/") && body.media_type != "text/plain";
  const bool stated = text || !extensions_of_type(body.media_type).empty();
  return stated || body.found.media_type.empty() ? std::string_view(body.media_type) : body.found.media_type;
}

}  // namespace

BodyName body_name(const BodyOrigin& origin, const event::HttpMessage& message) {
  const event::HttpBody& body = message.body;
  std::string path = last_of(safe(without_percent(path_of(origin.target))), kMostOfPath);
  BodyName name;
  name.extension = take_extension(path, telling_type(body), body.text);
  if (!body.coding.empty() && !(body.handed_on && body.handed_on->decoded))
    name.extension += coding_extension(body.coding);
  name.stem = fmt::format("{:06}.{:03}", origin.connection, message.exchange);
  if (const std::string host = last_of(safe(to_lower(origin.host)), kMostOfHost); !host.empty())
    name.stem += "_" + host;
  name.stem += "_" + (path.empty() ? std::string("index") : path);
  if (message.request) name.stem += ".request";
  return name;
}

}  // namespace tlspeel::output
