#include "tlspeel/http/plain_look.hpp"

#include <algorithm>

namespace tlspeel::http {
namespace {

// Section 3: binary data bytes. Others that no text has, such as 0x7F, stand in some charset or other.
bool is_binary(std::uint8_t byte) {
  return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\f' && byte != '\r' && byte != 0x1B;
}

// Without a way out of the loop: compilers make it one of many bytes at a time.
bool any_binary(ByteView bytes) {
  bool found = false;
  for (const std::uint8_t byte : bytes) found |= is_binary(byte);
  return found;
}

}  // namespace

bool is_doubted_plain(std::string_view media_type, std::string_view charset) {
  return media_type == "text/plain" && (charset.empty() || charset == "iso-8859-1" || charset == "utf-8");
}

void PlainLook::add(ByteView content) {
  std::size_t at = 0;
  for (; beginning_ && !done() && at < content.size(); ++at) {
    look_for_mark(content[at]);
    ++looked_;
    binary_ = is_binary(content[at]);
  }
  if (done()) return;
  const ByteView rest =
      content.subspan(at).first(std::min<std::size_t>(content.size() - at, kMost - looked_));
  looked_ = static_cast<std::uint16_t>(looked_ + rest.size());
  binary_ = any_binary(rest);
}

// Those of UTF-16 and UTF-8. No byte of them is a binary one.
void PlainLook::look_for_mark(std::uint8_t byte) {
  if (looked_ == 0) {
    beginning_ = byte == 0xFE || byte == 0xFF || byte == 0xEF;
  } else if (looked_ == 1) {
    text_ = (before_ == 0xFE && byte == 0xFF) || (before_ == 0xFF && byte == 0xFE);
    beginning_ = before_ == 0xEF && byte == 0xBB;
  } else {
    text_ = byte == 0xBF;
    beginning_ = false;
  }
  before_ = byte;
}

bool plain_is_binary(ByteView content, bool at_beginning) {
  PlainLook look;
  if (!at_beginning) look.skip();
  look.add(content);
  return look.binary();
}

}  // namespace tlspeel::http
