// How far the run is, as one line on standard error that is drawn over and over. Nobody sees it in a run that
// is over within a second. A line and a carriage return rather than a library of progress bars: those draw
// bars of known length, and a capture on a pipe has none. For one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "tlspeel/event/progress.hpp"

namespace tlspeel::cli {

class ProgressLine {
 public:
  // at_once: from the first call of show() on.
  explicit ProgressLine(bool at_once);
  ~ProgressLine() { erase(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const event::Progress& progress);
  // Before anything else is written to the terminal.
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  void draw(std::string text);

  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_;
  std::size_t drawn_ = 0;  // columns
};

}  // namespace tlspeel::cli
