#include "tlspeel/output/key_log_saver.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

class Sink final : public ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void flush() override { ++flushes; }

  std::string text;
  int flushes = 0;
};

event::KeyLogLine line(std::string_view label, Bytes id, const Bytes& secret) {
  return {label, std::move(id), SecretBytes(ByteView(secret))};
}

template <class... Line>
event::Placed recovered(Line... each) {
  auto lines = std::make_shared<std::vector<event::KeyLogLine>>();
  (lines->push_back(std::move(each)), ...);
  return {1, {1, 0}, event::SecretsRecovered{std::move(lines)}};
}

class KeyLogSaverTest : public testing::Test {
 protected:
  std::string take() { return std::exchange(sink_.text, {}); }

  Sink sink_;
  KeyLogSaver saver_{sink_};
};

TEST_F(KeyLogSaverTest, WritesLinesInLowerCaseHex) {
  saver_.write(recovered(line("CLIENT_RANDOM", {0x00, 0xAB, 0x0f}, {0xF0, 0x01}),
                         line("EXPORTER_SECRET", {0xff}, {0x10})));
  EXPECT_EQ(take(), "CLIENT_RANDOM 00ab0f f001\nEXPORTER_SECRET ff 10\n");
}

TEST_F(KeyLogSaverTest, WritesEachLineOnce) {
  saver_.write(recovered(line("A", {1}, {2}), line("A", {1}, {2})));
  saver_.write(recovered(line("A", {1}, {2})));
  EXPECT_EQ(take(), "A 01 02\n");
  // What differs in one part is another line.
  saver_.write(recovered(line("B", {1}, {2}), line("A", {2}, {2}), line("A", {1}, {3})));
  EXPECT_EQ(take(), "B 01 02\nA 02 02\nA 01 03\n");
}

TEST_F(KeyLogSaverTest, TakesNothingElse) {
  saver_.write({1, {1, 0}, event::ConnectionStart{}});
  saver_.write({1, {1, 0}, event::SecretsRecovered{}});
  saver_.write({1, {1, 0}, event::KeysEstablished{}});
  EXPECT_EQ(take(), "");
}

TEST_F(KeyLogSaverTest, FlushesItsSink) {
  saver_.flush();
  EXPECT_EQ(sink_.flushes, 1);
}

Bytes number(std::size_t n) {
  return {static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8U),
          static_cast<std::uint8_t>(n >> 16U)};
}

// A line is remembered through half of kRemembered others, and its memory is given back some time.
TEST_F(KeyLogSaverTest, RemembersTheLastOnes) {
  const auto write = [this](std::size_t n) { saver_.write(recovered(line("A", number(n), {1}))); };
  const auto is_written_again = [&](std::size_t n) {
    take();
    write(n);
    return !take().empty();
  };
  std::size_t next = 0;
  for (; next <= KeyLogSaver::kRemembered / 2; ++next) write(next);
  EXPECT_FALSE(is_written_again(0));
  EXPECT_FALSE(is_written_again(next - 1));
  for (; next <= KeyLogSaver::kRemembered; ++next) write(next);
  EXPECT_FALSE(is_written_again(KeyLogSaver::kRemembered / 2));
  EXPECT_FALSE(is_written_again(next - 1));
  EXPECT_TRUE(is_written_again(0));
}

}  // namespace
}  // namespace tlspeel::output
