#include "crypto/lenient_der.hpp"

#include <vector>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::crypto {
namespace {

// X.690 section 8.1.2; X.680 section 8.4.
constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kUtf8String = 0x0c;
constexpr std::uint8_t kT61String = 0x14;
constexpr std::uint8_t kUniversalString = 0x1c;
constexpr std::uint8_t kBmpString = 0x1e;
// A name is eight levels deep in a certificate; the cap keeps hostile nesting off the stack.
constexpr int kMaxDepth = 16;

std::size_t read_length(Reader& reader) {
  const std::uint8_t first = reader.u8();
  if (first < 0x80) return first;
  switch (first) {
    case 0x81:
      return reader.u8();
    case 0x82:
      return reader.u16();
    case 0x83:
      return reader.u24();
    default:
      break;
  }
  reader.fail("DER length of no certificate");
  return 0;
}

// RFC 3629 section 4, without overlong forms and surrogates.
bool is_utf8(ByteView text) {
  Reader reader(text);
  while (!reader.empty()) {
    const std::uint8_t lead = reader.u8();
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const int following = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    std::uint32_t code = lead & (0x3fU >> following);
    for (int i = 0; i < following; ++i) {
      const std::uint8_t next = reader.u8();
      if ((next & 0xc0U) != 0x80) return false;
      code = code << 6 | (next & 0x3fU);
    }
    const bool overlong = (following == 2 && code < 0x800) || (following == 3 && code < 0x10000);
    if (overlong || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return false;
  }
  return reader.ok();
}

bool is_broken(std::uint8_t tag, ByteView content) {
  switch (tag) {
    case kUtf8String:
      return !is_utf8(content);
    case kBmpString:
      return content.size() % 2 != 0;
    case kUniversalString:
      return content.size() % 4 != 0;
    default:
      return false;
  }
}

// The offsets of the tags to change.
void find_broken_strings(Reader reader, int depth, std::vector<std::size_t>& offsets) {
  while (!reader.empty()) {
    const std::size_t offset = reader.offset();
    const std::uint8_t tag = reader.u8();
    Reader content = reader.sub(read_length(reader));
    if (!reader.ok()) return;
    if ((tag & kConstructed) != 0) {
      if (depth < kMaxDepth) find_broken_strings(content, depth + 1, offsets);
    } else if (is_broken(tag, content.rest())) {
      offsets.push_back(offset);
    }
  }
}

}  // namespace

Bytes relabel_broken_strings(ByteView der) {
  std::vector<std::size_t> offsets;
  find_broken_strings(Reader(der), 0, offsets);
  Bytes out = to_bytes(der);
  for (const std::size_t offset : offsets) out.at(offset) = kT61String;
  return out;
}

}  // namespace tlspeel::crypto
