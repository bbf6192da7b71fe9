// Standard input and FIFOs, as tcpdump -U writes them while it runs. on_idle runs exactly where reading would
// block, so the test writes the next piece there: a call too few hangs, a call too many is seen in the log.
#include <array>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

void write_all(int descriptor, const Bytes& bytes) {
  ASSERT_EQ(::write(descriptor, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

// Hands out one piece for each time that somebody waits; after the last the pipe is closed.
class SlowWriter {
 public:
  SlowWriter(int descriptor, std::deque<Bytes> pieces)
      : descriptor_(descriptor), pieces_(std::move(pieces)) {}
  void operator()() {
    ++calls_;
    if (pieces_.empty()) {
      ASSERT_EQ(::close(descriptor_), 0);
      return;
    }
    write_all(descriptor_, pieces_.front());
    pieces_.pop_front();
  }
  int calls() const { return calls_; }

 private:
  int descriptor_;
  std::deque<Bytes> pieces_;
  int calls_ = 0;
};

// Puts a pipe in place of standard input for the time of a test.
class PipedInput {
 public:
  PipedInput() : saved_(::dup(STDIN_FILENO)) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(::dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    ::close(ends[0]);
    write_end_ = ends[1];
  }
  ~PipedInput() {
    if (saved_ >= 0) {
      ::dup2(saved_, STDIN_FILENO);
      ::close(saved_);
    }
  }
  PipedInput(const PipedInput&) = delete;
  PipedInput& operator=(const PipedInput&) = delete;
  int write_end() const { return write_end_; }

 private:
  int saved_;
  int write_end_ = -1;
};

Bytes half(const Bytes& whole, bool second) {
  const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2);
  return second ? Bytes(middle, whole.end()) : Bytes(whole.begin(), middle);
}

TEST(StandardInput, IdleIsToldWhereReadingWouldBlock) {
  const PipedInput input;
  const Bytes second = pcap_record({2, 0, "second"});
  const Bytes third_and_fourth = pcap_record({3, 0, "third"}) + pcap_record({4, 0, "fourth"});
  SlowWriter writer(input.write_end(), {pcap_header(), pcap_record({1, 0, "first"}), half(second, false),
                                        half(second, true), third_and_fourth});
  auto source = open_source({"-"}, {.on_idle = [&writer] { writer(); }});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_EQ(writer.calls(), 1);
  EXPECT_EQ((*source)->bytes_total(), std::nullopt);

  const std::vector<std::pair<std::string, int>> expected{
      {"first", 2}, {"second", 4}, {"third", 5}, {"fourth", 5}};
  for (const auto& [bytes, calls] : expected) {
    Packet packet;
    ASSERT_EQ((*source)->next(packet), ReadState::packet);
    EXPECT_EQ(as_text(packet.bytes), bytes);
    EXPECT_EQ(writer.calls(), calls);
  }
  Packet packet;
  EXPECT_EQ((*source)->next(packet), ReadState::end);
  EXPECT_EQ(writer.calls(), 6);
  EXPECT_EQ((*source)->bytes_read(), 24 + 4 * 16 + 5 + 6 + 5 + 6);
}

TEST(StandardInput, WithNothingInItIsEmpty) {
  const PipedInput input;
  ASSERT_EQ(::close(input.write_end()), 0);
  EXPECT_EQ(error_of({"-"}), "standard input: is empty");
}

TEST(StandardInput, ThatBreaksOffIsNamed) {
  const PipedInput input;
  Bytes cut = pcap({{1, 0, "first"}, {2, 0, "second"}});
  cut.resize(cut.size() - 2);
  write_all(input.write_end(), cut);
  ASSERT_EQ(::close(input.write_end()), 0);
  const ReadBack read = read_all({"-"});
  EXPECT_EQ(read.packets.size(), 1U);
  EXPECT_THAT(
      read.problems,
      ElementsAre("standard input: cut off in the middle of packet 2; everything before it was read"));
}

TEST(StandardInput, CanStandBetweenFiles) {
  const TemporaryFolder folder;
  const std::string before = folder.write("a.pcap", pcap({{1, 0, "before"}}));
  const std::string behind = folder.write("b.pcap", pcap({{2, 0, "behind"}}));
  const PipedInput input;
  write_all(input.write_end(), pcap({{2, 0, "pipe"}}));
  ASSERT_EQ(::close(input.write_end()), 0);
  const ReadBack read = read_all({before, "-", behind});
  ASSERT_EQ(read.packets.size(), 3U);
  EXPECT_EQ(read.packets[1].bytes, "pipe");
  EXPECT_EQ(read.packets[2].bytes, "behind");
  EXPECT_EQ(read.packets[2].number, 3U);
}

// What a file holds behind the pipe's next packet waits for that one, and idle is told while it does.
TEST(StandardInput, IsWaitedForByFiles) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.pcap", pcap({{1, 0, "file 1"}, {3, 0, "file 3"}}));
  const PipedInput input;
  SlowWriter writer(input.write_end(),
                    {pcap_header(), pcap_record({2, 0, "pipe 2"}), pcap_record({4, 0, "pipe 4"})});
  auto source = open_source({file, "-"}, {.on_idle = [&writer] { writer(); }});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_EQ(writer.calls(), 1);
  EXPECT_EQ((*source)->bytes_total(), std::nullopt);
  const std::vector<std::pair<std::string, int>> expected{
      {"file 1", 2}, {"pipe 2", 2}, {"file 3", 3}, {"pipe 4", 3}};
  Packet packet;
  for (const auto& [bytes, calls] : expected) {
    ASSERT_EQ((*source)->next(packet), ReadState::packet);
    EXPECT_EQ(as_text(packet.bytes), bytes);
    EXPECT_EQ(writer.calls(), calls);
  }
  EXPECT_EQ((*source)->next(packet), ReadState::end);
}

TEST(StandardInput, FromAFileIsReadLikeAFile) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.pcap", pcap({{1, 0, "file"}}));
  const PipedInput input;
  const int descriptor = ::open(file.c_str(), O_RDONLY);
  ASSERT_EQ(::dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
  ::close(descriptor);
  int idle = 0;
  const ReadBack read = read_all({"-"}, {.on_idle = [&idle] { ++idle; }});
  EXPECT_EQ(read.packets.size(), 1U);
  EXPECT_EQ(idle, 0);
  ::close(input.write_end());
}

TEST(Fifo, IsReadLikeStandardInput) {
  const TemporaryFolder folder;
  const std::string path = folder.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int both_ends = ::open(path.c_str(), O_RDWR);  // so that neither end waits for the other
  SlowWriter writer(both_ends, {pcap_header(), pcap_record({1, 0, "first"})});
  const ReadBack read = read_all({path}, {.on_idle = [&writer] { writer(); }});
  ASSERT_EQ(read.packets.size(), 1U);
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_EQ(writer.calls(), 3);
}

// One program may write to all of them, and opens them in its own order; opening waits for the other end.
TEST(Fifo, OfSeveralIsNotWaitedForBeforeTheOthersAreOpen) {
  const TemporaryFolder folder;
  const std::vector<std::string> paths{folder.path("first"), folder.path("second"), folder.path("third")};
  for (const std::string& path : paths) ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&paths] {
    std::vector<int> descriptors;
    for (auto path = paths.rbegin(); path != paths.rend(); ++path)
      descriptors.push_back(::open(path->c_str(), O_WRONLY));
    std::uint32_t second = 9;
    for (const int descriptor : descriptors) {
      const Bytes bytes = pcap({{--second, 0, std::to_string(second)}});
      EXPECT_EQ(::write(descriptor, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
      ::close(descriptor);
    }
  });
  const ReadBack read = read_all(paths);
  writer.join();
  ASSERT_EQ(read.packets.size(), 3U);
  EXPECT_EQ(read.packets[0].bytes, "6");
  EXPECT_EQ(read.packets[1].bytes, "7");
  EXPECT_EQ(read.packets[2].bytes, "8");
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST(Fifo, IsWaitedForUntilSomebodyWritesToIt) {
  const TemporaryFolder folder;
  const std::string path = folder.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer;
  int idle = 0;
  const auto open_it = [&] {
    if (++idle > 1) return;
    writer = std::thread([&path] {
      const int descriptor = ::open(path.c_str(), O_WRONLY);
      const Bytes bytes = pcap({{1, 0, "first"}});
      EXPECT_EQ(::write(descriptor, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
      ::close(descriptor);
    });
  };
  const ReadBack read = read_all({path}, {.on_idle = open_it});
  ASSERT_TRUE(writer.joinable());
  writer.join();
  EXPECT_EQ(read.packets.size(), 1U);
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST(Fifo, ThatIsClosedWithoutAWordIsEmpty) {
  const TemporaryFolder folder;
  const std::string path = folder.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&path] { ::close(::open(path.c_str(), O_WRONLY)); });
  EXPECT_EQ(error_of({path}), path + ": is empty");
  writer.join();
}

TEST(Files, AreNeverIdle) {
  const TemporaryFolder folder;
  int idle = 0;
  const std::string path = folder.write("a.pcap", pcap({{1, 0, "first"}}));
  EXPECT_EQ(read_all({path}, {.on_idle = [&idle] { ++idle; }}).packets.size(), 1U);
  EXPECT_EQ(idle, 0);
}

}  // namespace
}  // namespace tlspeel::capture
