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

}  // namespace tlspeel
