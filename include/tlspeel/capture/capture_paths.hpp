// What the user names as captures becomes the paths that open_source() takes: a folder stands for the
// captures that lie in it (not in folders inside it; hidden files are passed over), in the order of their
// names, and a file that is named twice is read once, also by another name (a link, or through its folder).
// A capture in a folder that cannot be read is left out, and a problem; one that was named by itself is an
// error, which open_source() finds. Errors: a folder that cannot be read or holds no capture; nothing is left
// to read. Reads the first bytes of the files in folders. Thread safe.
#pragma once

#include <string>
#include <vector>

#include "tlspeel/base/result.hpp"

namespace tlspeel::capture {

struct CapturePaths {
  std::vector<std::string> paths;
  std::vector<std::string> notes;     // what was left out, a sentence each; none of them is a problem
  std::vector<std::string> problems;  // captures in folders that cannot be read, a sentence each
};

// A path that is no folder stays as it is, whether it is there or not.
Result<CapturePaths> find_captures(const std::vector<std::string>& arguments);

}  // namespace tlspeel::capture
