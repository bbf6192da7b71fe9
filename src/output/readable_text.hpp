// The text of a body as UTF-8, whatever its charset: by its byte order mark, by what its head states, or by
// what it says about itself (HTML: Encoding Standard of the WHATWG; XML 1.0, appendix F), in this order. Pure
// functions; views borrow from the arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

#include "output/charset.hpp"

namespace tlspeel::output {

class ReadableText {
 public:
  // charset, media_type: as in event::HttpBody.
  ReadableText(ByteView text, std::string_view charset, std::string_view media_type);

  // A piece of the text as UTF-8; where nothing was converted, as it is. cut: a character that its end has
  // cut in two is left out. `room` is where the view may lie.
  std::string_view piece(ByteView bytes, bool cut, std::string& room) const;

  // The charset that it is converted from; empty: nothing is converted.
  const std::string& converted_from() const { return converted_from_; }
  // A charset that was named and cannot be converted, while the text is not UTF-8; usually empty.
  const std::string& unknown() const { return unknown_; }

 private:
  std::optional<Charset> charset_;
  std::string converted_from_;
  std::string unknown_;
};

}  // namespace tlspeel::output
