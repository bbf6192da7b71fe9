#include "output/readable_text.hpp"

#include <algorithm>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/output/safe_text.hpp"

namespace tlspeel::output {
namespace {

constexpr std::string_view kMark16Big = "\xfe\xff";
constexpr std::string_view kMark16Little = "\xff\xfe";
constexpr std::string_view kMark8 = "\xef\xbb\xbf";

// As far as browsers look for a declaration.
constexpr std::size_t kLookedAt = 1024;

std::string by_mark(std::string_view text) {
  if (text.starts_with(kMark16Big)) return "utf-16be";
  if (text.starts_with(kMark16Little)) return "utf-16le";
  if (text.starts_with(kMark8)) return "utf-8";
  return {};
}

// Any byte order mark in UTF-8: it says what the text is in, and is none of it.
std::string_view without_mark(std::string_view text) {
  return text.starts_with(kMark8) ? text.substr(kMark8.size()) : text;
}

// What stands behind the first `key` of text, and an '=': a word, mostly in quotes.
std::string word_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  const auto skip = [&](std::string_view what) {
    text.remove_prefix(std::min(text.find_first_not_of(what), text.size()));
  };
  skip(" \t\r\n");
  if (!text.starts_with('=')) return {};
  skip("= \t\r\n\"'");
  return std::string(text.substr(0, text.find_first_of(" \t\r\n\"';/?>")));
}

// <?xml version="1.0" encoding="iso-8859-1"?>
std::string by_declaration(std::string_view beginning) {
  if (!beginning.starts_with("<?xml")) return {};
  return word_behind(beginning.substr(0, beginning.find("?>")), "encoding");
}

// <meta charset="shift_jis">, <meta http-equiv="Content-Type" content="text/html; charset=shift_jis">
std::string by_meta(std::string_view beginning) {
  for (std::size_t at = beginning.find("<meta"); at != std::string_view::npos; at = beginning.find("<meta")) {
    beginning.remove_prefix(at);
    const std::size_t end = beginning.find('>');
    std::string found = word_behind(beginning.substr(0, end), "charset");
    if (!found.empty()) return found;
    beginning.remove_prefix(std::min(end, beginning.size()));
  }
  return {};
}

std::string by_content(std::string_view text, std::string_view media_type) {
  const bool html = media_type == "text/html" || media_type == "application/xhtml+xml";
  const bool xml = media_type.ends_with("/xml") || media_type.ends_with("+xml");
  if (!html && !xml) return {};
  const std::string beginning = to_lower(text.substr(0, kLookedAt));
  std::string found = by_declaration(beginning);
  if (found.empty() && html) found = by_meta(beginning);
  // It could be read as bytes, so that it is none of these.
  return found.starts_with("utf-16") || found.starts_with("utf-32") ? std::string() : found;
}

std::string charset_of(std::string_view text, std::string_view stated, std::string_view media_type) {
  if (std::string mark = by_mark(text); !mark.empty()) return mark;
  if (!stated.empty()) return std::string(stated);
  return by_content(text, media_type);
}

}  // namespace

ReadableText::ReadableText(ByteView text, std::string_view charset, std::string_view media_type) {
  std::string name = charset_of(as_text(text), charset, media_type);
  if (name.empty() || is_name_of_utf8(name)) return;
  charset_ = Charset::find(name);
  if (charset_ && charset_->is_same_in_utf8(text)) {
    charset_.reset();
    return;
  }
  std::string unused;
  if (charset_ && charset_->convert(unused, {}, false)) {
    converted_from_ = std::move(name);
    return;
  }
  charset_.reset();
  if (!is_utf8(as_text(text))) unknown_ = std::move(name);
}

std::string_view ReadableText::piece(ByteView bytes, bool cut, std::string& room) const {
  if (charset_) {
    room.clear();
    if (charset_->convert(room, bytes, cut)) return without_mark(room);
  }
  const std::string_view text = without_mark(as_text(bytes));
  return cut ? text.substr(0, whole_characters(text)) : text;
}

}  // namespace tlspeel::output
