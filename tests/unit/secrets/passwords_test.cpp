#include "tlspeel/secrets/passwords.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>

#include "test_folder.hpp"

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

// All answers for one key, until there are no more.
std::vector<std::string> answers(const crypto::PasswordSource& source, const std::string& what = "k") {
  std::vector<std::string> out;
  for (unsigned attempt = 0;; ++attempt) {
    const auto password = source(what, attempt);
    if (!password) return out;
    out.emplace_back(as_text(password->view()));
  }
}

std::string problem(const PasswordConfig& config) {
  const auto source = make_password_source(config);
  return source ? "no problem" : source.error().message;
}

class Passwords : public TestFolder {};

TEST_F(Passwords, NothingConfiguredIsNobodyToAsk) {
  const auto source = make_password_source({});
  ASSERT_TRUE(source);
  EXPECT_FALSE(*source);
}

TEST_F(Passwords, EachLineOfAFileThenTheEnvironment) {
  ::setenv("TLSPEEL_TEST_PASSWORD", "from the environment", 1);
  const auto source = make_password_source(
      {file("passwords", "one\r\n\n  two with blanks \nlast"), "TLSPEEL_TEST_PASSWORD", false});
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_THAT(answers(*source), ElementsAre("one", "  two with blanks ", "last", "from the environment"));
  EXPECT_THAT(answers(*source), ElementsAre("one", "  two with blanks ", "last", "from the environment"));
}

TEST_F(Passwords, AnEmptyVariableIsAnEmptyPassword) {
  ::setenv("TLSPEEL_TEST_PASSWORD", "", 1);
  const auto source = make_password_source({"", "TLSPEEL_TEST_PASSWORD", false});
  ASSERT_TRUE(source);
  EXPECT_THAT(answers(*source), ElementsAre(""));
}

// Cards lock themselves after three wrong PINs or more.
TEST_F(Passwords, ATokenIsGivenTwoOfAFileAtMost) {
  const auto source = make_password_source({file("passwords", "1\n2\n3\n4\n"), "", false});
  ASSERT_TRUE(source);
  EXPECT_THAT(answers(*source, "pkcs11:token=a"), ElementsAre("1", "2"));
  EXPECT_THAT(answers(*source, "pkcs11.pem"), ElementsAre("1", "2", "3", "4"));
}

TEST_F(Passwords, ErrorsNameWhatIsMissing) {
  EXPECT_EQ(problem({"/nonexistent/passwords", "", false}),
            "/nonexistent/passwords: No such file or directory");
  EXPECT_THAT(problem({file("empty", "\n\r\n"), "", false}), EndsWith("empty: no password in it"));
  EXPECT_THAT(problem({file("large", std::string((1U << 20U) + 1, 'x')), "", false}),
              EndsWith("large: too large to be a file of passwords"));
  ::unsetenv("TLSPEEL_TEST_PASSWORD");
  EXPECT_EQ(problem({"", "TLSPEEL_TEST_PASSWORD", false}),
            "the environment variable TLSPEEL_TEST_PASSWORD is not set");
}

// Runs `child` on a pseudo terminal of its own and plays the user at the other end of it.
class Terminal {
 public:
  explicit Terminal(const std::function<std::string()>& child) {
    if (::pipe(result_.data()) != 0) return;
    process_ = ::forkpty(&master_, nullptr, nullptr, nullptr);
    if (process_ != 0) {
      ::close(result_[1]);
      return;
    }
    const std::string said = child();
    (void)!::write(result_[1], said.data(), said.size());
    ::_exit(0);
  }
  ~Terminal() {
    if (process_ > 0 && !waited_) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    ::close(master_);
    ::close(result_[0]);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Waits for a text on the screen, from where the last wait ended.
  bool shows(const std::string& text) {
    for (;;) {
      const std::size_t at = screen_.find(text, seen_);
      if (at != std::string::npos) {
        seen_ = at + text.size();
        return true;
      }
      if (!read_more()) return false;
    }
  }
  void type(std::string_view text) {
    EXPECT_EQ(::write(master_, text.data(), text.size()), ssize_t(text.size()));
  }
  bool echoes() const {
    termios state{};
    return ::tcgetattr(master_, &state) == 0 && (state.c_lflag & tcflag_t{ECHO}) != 0;
  }
  // What the child said, when it has ended.
  std::string result() {
    std::string out;
    std::array<char, 256> buffer{};
    for (ssize_t got = 0; (got = ::read(result_[0], buffer.data(), buffer.size())) > 0;) {
      out.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::waitpid(process_, &status_, 0);
    waited_ = true;
    while (read_more()) {
    }
    return out;
  }
  int status() const { return status_; }
  const std::string& screen() const { return screen_; }

 private:
  bool read_more() {
    constexpr int kPatience = 20000;  // milliseconds
    pollfd ready{master_, POLLIN, 0};
    std::array<char, 256> buffer{};
    if (::poll(&ready, 1, kPatience) <= 0) return false;
    const ssize_t got = ::read(master_, buffer.data(), buffer.size());
    if (got <= 0) return false;
    screen_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  std::array<int, 2> result_{};
  int master_ = -1;
  pid_t process_ = -1;
  int status_ = 0;
  bool waited_ = false;
  std::string screen_;
  std::size_t seen_ = 0;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += "[" + part + "]";
  return out;
}

crypto::PasswordSource prompting() {
  return *make_password_source({"", "", true});
}

TEST(Prompt, IsShownAndWhatIsTypedIsNot) {
  Terminal terminal([] {
    const auto password = prompting()("server.key", 0);
    return password ? "got " + std::string(as_text(password->view())) : "nothing";
  });
  ASSERT_TRUE(terminal.shows("Password for server.key: "));
  EXPECT_FALSE(terminal.echoes());
  terminal.type("open sesame\n");
  EXPECT_EQ(terminal.result(), "got open sesame");
  EXPECT_TRUE(terminal.echoes());  // as before
  EXPECT_THAT(terminal.screen(), Not(HasSubstr("sesame")));
  EXPECT_THAT(terminal.screen(), EndsWith("\n"));
}

TEST(Prompt, ThreeTriesForEachKey) {
  Terminal terminal([] { return joined(answers(prompting(), "a.key")); });
  ASSERT_TRUE(terminal.shows("Password for a.key: "));
  terminal.type("one\n");
  ASSERT_TRUE(terminal.shows("It does not fit. Password for a.key: "));
  terminal.type("two\n");
  ASSERT_TRUE(terminal.shows("It does not fit. Password for a.key: "));
  terminal.type("three\n");
  EXPECT_EQ(terminal.result(), "[one][two][three]");
}

TEST(Prompt, WhatFittedIsTriedForTheNextKeyWithoutAQuestion) {
  Terminal terminal([] {
    const auto source = prompting();
    std::string out;
    out += std::string(as_text(source("a.key", 0)->view())) + " ";
    out += std::string(as_text(source("a.key", 1)->view())) + " ";  // the second try fitted
    out += std::string(as_text(source("b.key", 0)->view()));
    return out;
  });
  ASSERT_TRUE(terminal.shows("Password for a.key: "));
  terminal.type("wrong\n");
  ASSERT_TRUE(terminal.shows("Password for a.key: "));
  terminal.type("right\n");
  EXPECT_EQ(terminal.result(), "wrong right right");
  EXPECT_THAT(terminal.screen(), Not(HasSubstr("b.key")));
}

TEST(Prompt, NothingTypedOrTheEndOfInputGivesUp) {
  for (const char* typed : {"\n", "\x04"}) {
    Terminal terminal([] { return "none" + joined(answers(prompting(), "a.key")); });
    ASSERT_TRUE(terminal.shows("Password for a.key: "));
    terminal.type(typed);
    EXPECT_EQ(terminal.result(), "none");
    EXPECT_EQ(terminal.screen().find("does not fit"), std::string::npos);
  }
}

TEST(Prompt, CtrlCEndsTheProcessAndLeavesATerminalThatEchoes) {
  for (const auto& [key, signal] : {std::pair{"\x03", SIGINT}, std::pair{"\x1c", SIGQUIT}}) {
    Terminal terminal([] { return joined(answers(prompting(), "a.key")); });
    ASSERT_TRUE(terminal.shows("Password for a.key: "));
    terminal.type(std::string("half a pass") + key);
    EXPECT_EQ(terminal.result(), "");
    EXPECT_TRUE(WIFSIGNALED(terminal.status()));
    EXPECT_EQ(WTERMSIG(terminal.status()), signal);
    EXPECT_TRUE(terminal.echoes());
    EXPECT_THAT(terminal.screen(), Not(HasSubstr("half")));
  }
}

TEST(Prompt, KnownPasswordsComeFirst) {
  ::setenv("TLSPEEL_TEST_PASSWORD", "known", 1);
  Terminal terminal([] {
    const auto source = *make_password_source({"", "TLSPEEL_TEST_PASSWORD", true});
    std::string out(as_text(source("a.key", 0)->view()));
    out += " " + std::string(as_text(source("a.key", 1)->view()));
    return out;
  });
  ASSERT_TRUE(terminal.shows("Password for a.key: "));
  terminal.type("typed\n");
  EXPECT_EQ(terminal.result(), "known typed");
}

TEST(Prompt, WithoutATerminalThereIsNobodyToAsk) {
  std::array<int, 2> result{};
  ASSERT_EQ(::pipe(result.data()), 0);
  const pid_t process = ::fork();
  if (process == 0) {
    ::setsid();
    const char said = prompting()("a.key", 0) ? 'y' : 'n';
    (void)!::write(result[1], &said, 1);
    ::_exit(0);
  }
  char said = 0;
  EXPECT_EQ(::read(result[0], &said, 1), 1);
  EXPECT_EQ(said, 'n');
  ::waitpid(process, nullptr, 0);
  ::close(result[0]);
  ::close(result[1]);
}

}  // namespace
}  // namespace tlspeel::secrets
