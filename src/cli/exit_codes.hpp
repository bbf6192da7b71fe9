// What the command's exit status says. Documented in --help and README.
#pragma once

namespace tlspeel::cli {

enum ExitCode : int {
  kAllRead = 0,
  kProblem = 1,        // it ran, with a problem: a damaged capture, output that could not be written
  kCouldNotRun = 2,    // bad option, unreadable key or capture
  kNothingOpened = 3,  // secrets were given and no connection could be opened with them
};

}  // namespace tlspeel::cli
