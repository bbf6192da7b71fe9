#include "help_text.hpp"

#include <algorithm>
#include <cstddef>

namespace tlspeel::cli {

std::string folded(std::string_view text) {
  constexpr std::size_t kHelpRoom = 52;
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const bool fits = used + 1 + word.size() <= kHelpRoom;
    if (used != 0) out += fits ? ' ' : '\n';
    used = used != 0 && fits ? used + 1 + word.size() : word.size();
    out += word;
  }
  return out;
}

}  // namespace tlspeel::cli
