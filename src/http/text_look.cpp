#include "tlspeel/http/text_look.hpp"

#include <algorithm>
#include <cstddef>

namespace tlspeel::http {
namespace {

bool is_text_ascii(std::uint8_t byte) {
  return (byte >= 0x20 && byte < 0x7F) || byte == '\t' || byte == '\r' || byte == '\n';
}

// RFC 3629 section 4: which bytes may follow the first one of a character.
struct Follow {
  unsigned count = 0;  // 0: not the first byte of a longer character
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;  // bounds of the next byte only
};

Follow follow_of(std::uint8_t first) {
  if (first >= 0xC2 && first <= 0xDF) return {1, 0x80, 0xBF};
  if (first == 0xE0) return {2, 0xA0, 0xBF};
  if (first == 0xED) return {2, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return {2, 0x80, 0xBF};
  if (first == 0xF0) return {3, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return {3, 0x80, 0xBF};
  if (first == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

// Behind a hole: the last bytes of a character that began in it.
ByteView without_end_of_character(ByteView bytes) {
  constexpr std::size_t kMost = 3;
  std::size_t count = 0;
  while (count < std::min(kMost, bytes.size()) && (bytes[count] & 0xC0U) == 0x80) ++count;
  return bytes.subspan(count);
}

}  // namespace

bool looks_like_text(ByteView bytes, bool cut) {
  Follow expected;
  for (const std::uint8_t byte : bytes) {
    if (expected.count > 0) {
      if (byte < expected.low || byte > expected.high) return false;
      expected = {expected.count - 1, 0x80, 0xBF};
    } else if (!is_text_ascii(byte)) {
      expected = follow_of(byte);
      if (expected.count == 0) return false;
    }
  }
  return cut || expected.count == 0;
}

bool looks_like_text(ByteView bytes, std::span<const event::HoleAt> holes, bool cut) {
  ByteView left = bytes;
  for (const event::HoleAt& hole : holes) {
    if (hole.position > bytes.size()) break;
    // Two holes may part one character.
    const std::size_t begin = bytes.size() - left.size();
    const std::size_t end = std::max(static_cast<std::size_t>(hole.position), begin);
    if (!looks_like_text(left.first(end - begin), true)) return false;
    left = without_end_of_character(bytes.subspan(end));
  }
  return looks_like_text(left, cut);
}

}  // namespace tlspeel::http
