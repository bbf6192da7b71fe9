// The text of an option's help.
#pragma once

#include <string>
#include <string_view>

namespace tlspeel::cli {

// Broken at blanks; CLI11 indents what follows a newline, but breaks nothing itself.
std::string folded(std::string_view text);

}  // namespace tlspeel::cli
