// Secrets in what a PacketSource reads: all of a regular file before its first packet, those of a pipe where
// they stand.
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

// What was told, each with how many packets the source had handed out by then.
struct Told {
  std::uint64_t after_packet = 0;
  std::string capture;
  std::string key_log;
  std::uint64_t handed_out = 0;
  friend bool operator==(const Told&, const Told&) = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << told.key_log << " of " << told.capture << " after " << told.after_packet << ", told after "
       << told.handed_out;
}

struct Log {
  std::vector<Told> told;
  std::uint64_t handed_out = 0;

  SourceOptions options() {
    SourceOptions out;
    out.on_secrets = [this](const CaptureSecrets& secrets) {
      told.push_back({secrets.after_packet, std::string(secrets.capture),
                      std::string(as_text(secrets.key_log)), handed_out});
    };
    return out;
  }
  void read(const std::vector<std::string>& paths) {
    auto source = open_source(paths, options());
    ASSERT_TRUE(source.has_value()) << source.error().message;
    Packet packet;
    for (ReadState state{}; (state = (*source)->next(packet)) != ReadState::end;) {
      if (state == ReadState::packet) ++handed_out;
    }
  }
};

Bytes packet(const std::string& bytes = "packet") {
  return pcapng_packet(Order::little, 0, 1, bytes);
}

Bytes start() {
  return pcapng_section(Order::little) + pcapng_interface(Order::little, 1);
}

Bytes secrets(const std::string& text) {
  return pcapng_secrets(Order::little, text);
}

// Writes into a FIFO from a thread of its own, because opening one waits for the other side.
class FilledFifo {
 public:
  FilledFifo(std::string path, Bytes bytes) : path_(std::move(path)) {
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    writer_ = std::thread([this, data = std::move(bytes)] {
      const int descriptor = ::open(path_.c_str(), O_WRONLY);
      for (ByteView rest = data; !rest.empty();) {
        const ssize_t written = ::write(descriptor, rest.data(), rest.size());
        if (written <= 0) break;
        rest = rest.subspan(static_cast<std::size_t>(written));
      }
      ::close(descriptor);
    });
  }
  ~FilledFifo() { writer_.join(); }
  FilledFifo(const FilledFifo&) = delete;
  FilledFifo& operator=(const FilledFifo&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::thread writer_;
};

TEST(SecretsOfFiles, AreAllToldBeforeTheFirstPacket) {
  const TemporaryFolder folder;
  const std::string a =
      folder.write("a.pcapng", start() + packet() + secrets("a1") + packet() + secrets("a2"));
  const std::string b = folder.write("b.pcapng", start() + packet() + secrets("b1"));
  const std::string classic = folder.write("c.pcap", pcap({{1, 0, "packet"}}));
  Log log;
  log.read({a, classic, b});
  EXPECT_EQ(log.handed_out, 4U);
  EXPECT_THAT(log.told, ElementsAre(Told{0, a, "a1", 0}, Told{0, a, "a2", 0}, Told{0, b, "b1", 0}));
}

TEST(SecretsOfFiles, OfAnotherKindAreNotTold) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("a.pcapng", start() + pcapng_secrets(Order::little, "other", 0x57474b4c) + packet());
  Log log;
  log.read({path});
  EXPECT_THAT(log.told, IsEmpty());
}

TEST(SecretsOfFiles, NobodyNeedsToAskFor) {
  const TemporaryFolder folder;
  const ReadBack read = read_all({folder.write("a.pcapng", start() + secrets("a") + packet())});
  EXPECT_EQ(read.packets.size(), 1U);
  const FilledFifo fifo(folder.path("fifo"), start() + secrets("a") + packet());
  EXPECT_EQ(read_all({fifo.path()}).packets.size(), 1U);
}

TEST(SecretsOfFiles, OnStandardInputAreToldBeforeTheFirstPacket) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.pcapng", start() + packet() + secrets("behind"));
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(path.c_str(), O_RDONLY);
  ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);
  Log log;
  log.read({"-"});
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
  EXPECT_EQ(log.handed_out, 1U);
  EXPECT_THAT(log.told, ElementsAre(Told{0, "standard input", "behind", 0}));
}

TEST(SecretsOfPipes, CountFromWhereTheyStand) {
  const TemporaryFolder folder;
  const FilledFifo fifo(folder.path("fifo"), start() + secrets("before") + packet() + packet() +
                                                 secrets("between") + packet() + secrets("behind"));
  Log log;
  log.read({fifo.path()});
  EXPECT_EQ(log.handed_out, 3U);
  ASSERT_EQ(log.told.size(), 3U);
  EXPECT_EQ(log.told[0].after_packet, 0U);
  EXPECT_EQ(log.told[1].after_packet, 2U);
  EXPECT_EQ(log.told[2].after_packet, 3U);
  // Read ahead or not: never too late.
  for (const Told& told : log.told) EXPECT_LE(told.handed_out, told.after_packet);
}

// Far more than one read: what is told depends on packets, not on pieces.
TEST(SecretsOfPipes, AreToldBeforeThePacketsBehindThem) {
  const TemporaryFolder folder;
  Bytes bytes = start();
  for (std::uint64_t n = 0; n < 2000; ++n) {
    append(bytes, secrets(std::to_string(n)));
    append(bytes, packet(std::string(1500, 'x')));
  }
  const FilledFifo fifo(folder.path("fifo"), std::move(bytes));
  Log log;
  log.read({fifo.path()});
  ASSERT_EQ(log.told.size(), 2000U);
  for (std::uint64_t n = 0; n < 2000; ++n) {
    EXPECT_EQ(log.told[n].key_log, std::to_string(n));
    EXPECT_EQ(log.told[n].after_packet, n);
    EXPECT_LE(log.told[n].handed_out, n);
  }
}

// Files first, because what they hold counts for all; then packets of all captures are counted on.
TEST(SecretsOfPipes, CountThePacketsOfTheCapturesBefore) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.pcapng", start() + packet() + packet() + secrets("file"));
  const FilledFifo first(folder.path("first"), start() + packet() + secrets("first"));
  const FilledFifo second(folder.path("second"), start() + secrets("second") + packet() + secrets("third"));
  Log log;
  log.read({first.path(), file, second.path()});
  EXPECT_EQ(log.handed_out, 4U);
  std::vector<std::pair<std::uint64_t, std::string>> told;
  for (const Told& each : log.told) told.emplace_back(each.after_packet, each.key_log);
  EXPECT_THAT(told, ElementsAre(std::pair(0, "file"), std::pair(1, "first"), std::pair(3, "second"),
                                std::pair(4, "third")));
}

}  // namespace
}  // namespace tlspeel::capture
