#include "interrupt.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

namespace tlspeel::cli {
namespace {

bool is_pipe(const std::string& capture) {
  struct stat found {};
  const int answer = capture == "-" ? ::fstat(STDIN_FILENO, &found) : ::stat(capture.c_str(), &found);
  return answer == 0 && (S_ISFIFO(found.st_mode) || S_ISSOCK(found.st_mode));
}

extern "C" void first_interrupt(int /*signal*/) {
  constexpr std::string_view kText =
      "\ntlspeel: reading what is still to come of the capture; interrupt again to break off\n";
  const int before = errno;
  (void)!::write(STDERR_FILENO, kText.data(), kText.size());
  errno = before;
}

}  // namespace

void outlive_first_interrupt(const std::vector<std::string>& captures) {
  if (std::ranges::none_of(captures, is_pipe)) return;
  struct sigaction before {};
  if (::sigaction(SIGINT, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) return;
  struct sigaction once {};
  once.sa_handler = first_interrupt;
  once.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  (void)::sigaction(SIGINT, &once, nullptr);
}

}  // namespace tlspeel::cli
