// Text of other charsets as UTF-8, for showing. Charsets are those of the Encoding Standard of the WHATWG, by
// the names that it gives them, and UTF-32; converted by iconv(3) of the C library, which may lack some.
// Nothing here throws; linear time; what comes out is at most six times as long as what went in. Pure
// functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::output {

// A charset other than UTF-8.
class Charset {
 public:
  // Letters of the name may be of any case. nullopt: not known.
  static std::optional<Charset> find(std::string_view name);

  // Appends the text as UTF-8; bytes that are no character become U+FFFD. cut: it may end inside a character,
  // which is left out. False, and nothing is appended: the C library cannot do it.
  bool convert(std::string& out, ByteView text, bool cut) const;
  // The same bytes mean the same in UTF-8.
  bool is_same_in_utf8(ByteView text) const;

 private:
  struct Row;
  explicit Charset(const Row& row) : row_(&row) {}
  static const Row kRows[];
  const Row* row_;
};

bool is_name_of_utf8(std::string_view name);

}  // namespace tlspeel::output
