// Text of a body, or of a part of one, as lines: converted to UTF-8, laid out where that is wanted, with its
// holes. What is appended is safe for a terminal.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/hole.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

struct ShownText {
  ByteView bytes;
  std::vector<event::HoleAt> holes{};  // in these bytes
  std::string_view charset{};          // as in event::HttpBody
  std::string_view media_type{};       // as in event::HttpBody
  bool cut = false;                    // more of it followed
};

// And below it what it was converted from. How many of its bytes are shown: a character that was cut in two
// is left out.
std::size_t append_shown_text(Lines& lines, const ShownText& text);

}  // namespace tlspeel::output
