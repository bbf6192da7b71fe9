// What a run writes must not replace what it still reads, least of all a key log with more in it; nor what
// another option writes.
#pragma once

#include <string>
#include <string_view>

#include "tlspeel/base/result.hpp"

#include "options.hpp"

namespace tlspeel::cli {

// option: the one that names `path` as a file to be written. Error: another option names it, too.
Result<void> check_overwrites_nothing(const Options& options, std::string_view option,
                                      const std::string& path);

}  // namespace tlspeel::cli
