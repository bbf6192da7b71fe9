#include "representations.hpp"

#include <algorithm>
#include <limits>

namespace tlspeel::http2 {
namespace {

// Section 5.1. A table size may have 32 bits, and nothing is larger: more bytes than those take are an
// attack.
constexpr unsigned kMostShift = 28;

std::uint32_t integer(Reader& in, std::uint8_t first, unsigned prefix_bits) {
  const std::uint32_t full = (1U << prefix_bits) - 1;
  std::uint64_t value = first & full;
  if (value < full) return static_cast<std::uint32_t>(value);
  for (unsigned shift = 0; shift <= kMostShift; shift += 7) {
    const std::uint8_t byte = in.u8();
    value += static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) {
      constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
      return static_cast<std::uint32_t>(std::min(value, kMost));
    }
  }
  in.fail("an integer is too long");
  return 0;
}

// Section 5.2: H, length, octets.
std::size_t skip_string(Reader& in) {
  const std::size_t length = integer(in, in.u8(), 7);
  in.skip(length);
  return length;
}

void read_literal(Reader& in, std::uint8_t first, unsigned prefix_bits, Representation& out) {
  out.index = integer(in, first, prefix_bits);
  Reader strings = in;
  const std::size_t begin = in.offset();
  if (out.index == 0) out.longest = skip_string(in);
  out.longest = std::max(out.longest, skip_string(in));
  if (in.ok()) out.strings = strings.bytes(in.offset() - begin);
}

}  // namespace

std::optional<Representation> next_representation(Reader& in) {
  Representation out;
  Reader whole = in;
  const std::size_t begin = in.offset();
  const std::uint8_t first = in.u8();
  if ((first & 0x80U) != 0) {
    out.kind = RepresentationKind::indexed;
    out.index = integer(in, first, 7);
    if (out.index == 0) in.fail("an index is 0");
  } else if ((first & 0x40U) != 0) {
    out.kind = RepresentationKind::literal_indexed;
    read_literal(in, first, 6, out);
  } else if ((first & 0x20U) != 0) {
    out.kind = RepresentationKind::table_size;
    out.size = integer(in, first, 5);
  } else {
    out.kind = (first & 0x10U) != 0 ? RepresentationKind::literal_never_indexed
                                    : RepresentationKind::literal_not_indexed;
    read_literal(in, first, 4, out);
  }
  if (!in.ok()) return std::nullopt;
  out.whole = whole.bytes(in.offset() - begin);
  return out;
}

void append_integer(Bytes& out, std::uint8_t first, unsigned prefix_bits, std::uint32_t value) {
  const std::uint32_t full = (1U << prefix_bits) - 1;
  if (value < full) {
    out.push_back(static_cast<std::uint8_t>(first | value));
    return;
  }
  out.push_back(static_cast<std::uint8_t>(first | full));
  value -= full;
  for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(0x80U | (value & 0x7fU)));
  out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace tlspeel::http2
