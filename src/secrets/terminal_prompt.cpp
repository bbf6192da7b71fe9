#include "terminal_prompt.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace tlspeel::secrets {
namespace {

// A terminal in line mode hands over 4095 bytes at most (termios(3)).
constexpr std::size_t kLongestLine = 4096;

volatile std::sig_atomic_t caught_signal = 0;

extern "C" void note_signal(int signal) {
  caught_signal = signal;
}

// While it lives, signals that end or stop the process only interrupt waits(): nobody is left with a terminal
// that does not echo. They are blocked in between, so that none comes unseen just before the wait.
class SignalsHeld {
 public:
  SignalsHeld() {
    caught_signal = 0;
    sigset_t held;
    sigemptyset(&held);
    struct sigaction note {};
    note.sa_handler = note_signal;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaddset(&held, kSignals[i]);
      ::sigaction(kSignals[i], &note, &before_[i]);
    }
    ::pthread_sigmask(SIG_BLOCK, &held, &mask_before_);
  }
  ~SignalsHeld() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  // True: there is something to read, or the end. False: a signal.
  bool waits(int terminal) const {
    for (;;) {
      pollfd ready{terminal, POLLIN, 0};
      if (::ppoll(&ready, 1, nullptr, &mask_before_) > 0) return true;
      if (errno != EINTR || caught_signal != 0) return false;
    }
  }

 private:
  static constexpr std::array<int, 5> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  std::array<struct sigaction, kSignals.size()> before_{};
  sigset_t mask_before_{};
};

class Terminal {
 public:
  Terminal() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  ~Terminal() {
    if (file_ >= 0) (void)::close(file_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  bool is_open() const { return file_ >= 0; }
  int file() const { return file_; }

 private:
  int file_;
};

class EchoOff {
 public:
  explicit EchoOff(int terminal) : terminal_(terminal), known_(::tcgetattr(terminal, &before_) == 0) {
    if (!known_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK);
    silent.c_lflag |= static_cast<tcflag_t>(ICANON | ECHONL);
    works_ = ::tcsetattr(terminal_, TCSAFLUSH, &silent) == 0;
  }
  ~EchoOff() {
    if (known_) (void)::tcsetattr(terminal_, TCSANOW, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  bool works() const { return works_; }

 private:
  int terminal_;
  termios before_{};
  bool known_;
  bool works_ = false;
};

// nullopt: the input ended, failed or was interrupted.
std::optional<SecretBytes> read_line(const SignalsHeld& held, int terminal) {
  SecretBytes line(kLongestLine);
  std::size_t used = 0;
  while (used < line.size()) {
    if (!held.waits(terminal) || ::read(terminal, &line.mutable_view()[used], 1) != 1) return std::nullopt;
    if (line.view()[used] == '\n') break;
    ++used;
  }
  line.truncate(used);
  return line;
}

std::optional<SecretBytes> ask(int terminal, std::string_view prompt) {
  const SignalsHeld held;
  const EchoOff silent(terminal);
  if (!silent.works() || ::write(terminal, prompt.data(), prompt.size()) < 0) return std::nullopt;
  return read_line(held, terminal);
}

}  // namespace

std::optional<SecretBytes> prompt_for_password(const std::string& prompt) {
  const Terminal terminal;
  if (!terminal.is_open()) return std::nullopt;
  for (;;) {
    auto line = ask(terminal.file(), prompt);
    const int signal = caught_signal;
    if (signal != 0) (void)::raise(signal);
    if (signal == SIGTSTP) continue;  // stopped, and now again in the foreground
    if (signal != 0 || !line || line->empty()) return std::nullopt;
    return line;
  }
}

}  // namespace tlspeel::secrets
