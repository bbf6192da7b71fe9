#include "tlspeel/base/reader.hpp"

namespace tlspeel {

Reader Reader::sub(std::size_t n) {
  const std::size_t start = offset();
  const ByteView view = bytes(n);
  Reader nested(view, start);
  if (failed_) nested.fail(error_);
  return nested;
}

void Reader::fail(const char* what) {
  fail(ParseError{what, offset()});
}

void Reader::fail(const ParseError& error) {
  if (failed_) return;
  failed_ = true;
  error_ = error;
}

void Reader::absorb(const Reader& nested) {
  if (!nested.ok()) fail(nested.error());
}

std::uint64_t Reader::number_le(std::size_t n) {
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const std::uint8_t byte : bytes(n)) {
    value |= std::uint64_t{byte} << shift;
    shift += 8;
  }
  return value;
}

}  // namespace tlspeel
