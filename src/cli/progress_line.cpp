#include "progress_line.hpp"

#include <algorithm>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "tlspeel/output/figures_text.hpp"

namespace tlspeel::cli {
namespace {

constexpr std::chrono::seconds kSilence{1};          // a shorter run needs no telling
constexpr std::chrono::milliseconds kInterval{200};  // often enough to be read

// A lost progress line is no reason to complain.
void put(std::string_view text) {
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

// One less than there are: a terminal may go to the next line behind the last one.
std::size_t columns() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (known ? std::size_t{size.ws_col} : kUsual) - 1;
}

// In the background a line would be drawn into what another program shows. No terminal has no foreground.
bool in_foreground() {
  const pid_t group = ::tcgetpgrp(STDERR_FILENO);
  return group < 0 || group == ::getpgrp();
}

}  // namespace

ProgressLine::ProgressLine(bool at_once) : next_(at_once ? begin_ : begin_ + kSilence) {}

void ProgressLine::show(const event::Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (now < next_ || !in_foreground()) return;
  next_ = now + kInterval;
  const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(now - begin_);
  draw(output::progress_text(progress, std::max<std::int64_t>(elapsed.count(), 1)));
}

void ProgressLine::draw(std::string text) {
  text.resize(std::min(text.size(), columns()));
  const std::size_t size = text.size();
  // Blanks over what was longer; an escape sequence would need to know the terminal.
  text.append(std::max(size, drawn_) - size, ' ');
  put("\r" + text);
  drawn_ = size;
}

void ProgressLine::erase() {
  if (drawn_ == 0) return;
  draw("");
  put("\r");
}

}  // namespace tlspeel::cli
