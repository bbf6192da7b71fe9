// Secrets that stand in the capture, over whole runs: a recorded capture is written again as pcapng, with
// what its key opened as secrets between the packets. Regular files count them for all packets, pipes from
// where they stand; and neither the number of threads nor how far the reader is ahead changes anything.
#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/pipeline/run.hpp"

#include "recorder.hpp"
#include "recording_writer.hpp"
#include "unit/capture/capture_files.hpp"

namespace tlspeel::pipeline {
namespace {

using capture::test::Order;
using capture::test::TemporaryFolder;

const std::string kCase = std::string(TLSPEEL_TESTDATA) + "/captures/openssl_matrix/";

constexpr std::uint64_t kAtTheEnd = ~std::uint64_t{0};

// A key log's lines by the first packet of the connection that they open.
using Lines = std::map<std::uint64_t, std::string>;

struct Recorded {
  Lines lines;
  std::map<std::uint64_t, std::uint64_t> last_packet;  // of the same connections
};

Recorded record_lines() {
  auto store = secrets::Store::load({{kCase + "server.key"}});
  EXPECT_TRUE(store);
  RunConfig config;
  config.captures = {kCase + "capture.pcap"};
  config.keylog_lines = true;
  Recorder recorder;
  EXPECT_TRUE(run(config, *store, {{&recorder}}));
  std::map<std::uint64_t, std::string> by_connection;
  Recorded out;
  for (const event::Placed& placed : recorder.events) {
    if (const auto* secrets = std::get_if<event::SecretsRecovered>(&placed.event)) {
      for (const event::KeyLogLine& line : *secrets->lines) {
        by_connection[placed.connection] +=
            std::string(line.label) + ' ' + to_hex(line.id) + ' ' + to_hex(line.secret.view()) + '\n';
      }
    } else if (const auto* end = std::get_if<event::ConnectionEnd>(&placed.event)) {
      if (by_connection.contains(placed.connection)) {
        out.lines[end->first.number] = by_connection[placed.connection];
        out.last_packet[end->first.number] = end->last.number;
      }
    }
  }
  EXPECT_GT(out.lines.size(), 5U);
  return out;
}

const Recorded& recorded() {
  static const Recorded lines = record_lines();
  return lines;
}

// The capture as pcapng, with secrets before the packets that `lines` names.
Bytes rewritten(const Lines& lines) {
  using namespace capture::test;
  auto source = capture::open_source({kCase + "capture.pcap"}, {});
  EXPECT_TRUE(source);
  Bytes out = pcapng_section(Order::little);
  bool first = true;
  capture::Packet packet;
  while ((*source)->next(packet) == capture::ReadState::packet) {
    if (std::exchange(first, false)) {
      append(out, pcapng_interface(Order::little, static_cast<std::uint16_t>(packet.link_type), 9));
    }
    const auto here = lines.find(packet.at.number);
    if (here != lines.end()) append(out, pcapng_secrets(Order::little, here->second));
    append(out, pcapng_packet(Order::little, 0, static_cast<std::uint64_t>(packet.at.time_ns),
                              std::string(as_text(packet.bytes))));
  }
  const auto behind = lines.find(kAtTheEnd);
  if (behind != lines.end()) append(out, pcapng_secrets(Order::little, behind->second));
  return out;
}

struct Ran {
  std::string text;
  RunReport report;
};

Ran run_it(const std::string& path, std::size_t threads) {
  secrets::Store store;
  RunConfig config;
  config.captures = {path};
  config.threads = threads;
  RecordingWriter writer;
  const auto report = run(config, store, {{&writer}});
  EXPECT_TRUE(report) << report.error().message;
  return {writer.text(), report ? *report : RunReport{}};
}

Ran run_pipe(const TemporaryFolder& folder, const Bytes& bytes, std::size_t threads) {
  const std::string path = folder.path("capture.pcapng");
  EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread feeder([&] {
    const int pipe = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    for (ByteView rest = bytes; !rest.empty();) {
      const ssize_t written = ::write(pipe, rest.data(), rest.size());
      if (written <= 0) break;
      rest = rest.subspan(static_cast<std::size_t>(written));
    }
    ::close(pipe);
  });
  Ran ran = run_it(path, threads);
  feeder.join();
  EXPECT_EQ(::unlink(path.c_str()), 0);
  return ran;
}

// All in one block behind the last packet.
TEST(CaptureSecrets, BehindThePacketsOpenARegularFile) {
  const TemporaryFolder folder;
  std::string all;
  for (const auto& [packet, lines] : recorded().lines) all += lines;
  const Bytes file = rewritten({{kAtTheEnd, all}});
  const Ran one = run_it(folder.write("capture.pcapng", file), 1);
  EXPECT_GE(one.report.connections_opened, recorded().lines.size());
  EXPECT_TRUE(one.report.secrets_given);
  const Ran many = run_it(folder.path("capture.pcapng"), 4);
  EXPECT_EQ(many.text, one.text);
  // On a pipe they come too late for everything, and still were given.
  const TemporaryFolder other;
  const Ran pipe = run_pipe(other, file, 4);
  EXPECT_EQ(pipe.report.connections_opened, 0U);
  EXPECT_TRUE(pipe.report.secrets_given);
}

TEST(CaptureSecrets, AreNotGivenWhereThereAreNone) {
  const TemporaryFolder folder;
  const Ran ran = run_it(folder.write("capture.pcapng", rewritten({})), 1);
  EXPECT_FALSE(ran.report.secrets_given);
  EXPECT_EQ(ran.report.connections_opened, 0U);
}

// Each before its connection, as a program writes them that captures and logs keys at once.
TEST(CaptureSecrets, BeforeTheirConnectionsOpenAPipe) {
  const TemporaryFolder folder;
  const Bytes bytes = rewritten(recorded().lines);
  const Ran one = run_pipe(folder, bytes, 1);
  EXPECT_GE(one.report.connections_opened, recorded().lines.size());
  for (const std::size_t threads : {2U, 4U, 8U}) {
    EXPECT_EQ(run_pipe(folder, bytes, threads).text, one.text) << threads << " threads";
  }
}

// In the middle of their connections, some too late: workers that lag behind the reader must not use what
// stands behind their packet, whatever has been read already.
TEST(CaptureSecrets, InTheMiddleOfConnectionsCountFromThere) {
  const TemporaryFolder folder;
  Lines late;
  std::size_t n = 0;
  for (const auto& [first, lines] : recorded().lines) {
    const std::uint64_t last = recorded().last_packet.at(first);
    late[std::min(first + n++ % 16, last)] += lines;
  }
  const Bytes bytes = rewritten(late);
  const Ran one = run_pipe(folder, bytes, 1);
  EXPECT_GT(one.report.connections_opened, 0U);
  EXPECT_LT(one.report.connections_opened, recorded().lines.size());
  for (int repeat = 0; repeat < 5; ++repeat) {
    for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
      EXPECT_EQ(run_pipe(folder, bytes, threads).text, one.text) << threads << " threads";
    }
  }
  // The same bytes as a file open everything.
  const Ran file = run_it(folder.write("late.pcapng", bytes), 3);
  EXPECT_GE(file.report.connections_opened, recorded().lines.size());
}

}  // namespace
}  // namespace tlspeel::pipeline
