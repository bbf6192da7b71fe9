// Whole runs over real captures: the same events for any number of threads, and input that pauses.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <tuple>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/pipeline/run.hpp"

#include "recording_writer.hpp"

namespace tlspeel::pipeline {
namespace {

const std::string kCaptures = std::string(TLSPEEL_TESTDATA) + "/captures/";

struct Ran {
  std::string text;
  RunReport report;
};

RunConfig config_of(const std::string& capture, std::size_t threads) {
  RunConfig config;
  config.captures = {capture};
  config.threads = threads;
  config.plaintext = true;
  return config;
}

secrets::Store key_of(const std::string& test_case) {
  auto store = secrets::Store::load({{kCaptures + test_case + "/server.key"}});
  EXPECT_TRUE(store) << store.error().message;
  return *std::move(store);
}

Ran run_it(const std::string& test_case, std::size_t threads) {
  secrets::Store store = key_of(test_case);
  RecordingWriter writer;
  const RunConfig config = config_of(kCaptures + test_case + "/capture.pcap", threads);
  const auto report = run(config, store, {{&writer}});
  EXPECT_TRUE(report) << report.error().message;
  return {writer.text(), report ? *report : RunReport{}};
}

// What of the figures does not depend on the machine.
auto counts(const event::RunFigures& figures) {
  return std::tuple(figures.bytes_read, figures.packets, figures.tcp_connections, figures.tls_connections,
                    figures.records, figures.records_opened, figures.records_closed,
                    figures.private_key_operations, figures.application_bytes);
}

class Determinism : public testing::TestWithParam<std::string> {};

TEST_P(Determinism, AnyNumberOfThreadsGivesTheSameEvents) {
  const Ran one = run_it(GetParam(), 1);
  EXPECT_GT(one.report.connections_opened, 0U);
  const event::RunFigures& figures = one.report.figures;
  EXPECT_EQ(figures.bytes_read, std::filesystem::file_size(kCaptures + GetParam() + "/capture.pcap"));
  EXPECT_EQ(figures.tls_connections, one.report.tls_connections);
  EXPECT_GT(figures.private_key_operations, 0U);
  EXPECT_GT(figures.application_bytes, 0U);
  EXPECT_GT(figures.records_opened, 0U);
  EXPECT_LT(figures.records_opened + figures.records_closed, figures.records);  // those in clear
  EXPECT_GT(figures.peak_memory, 0U);
  for (const std::size_t threads : {2U, 3U, 4U, 8U, 64U}) {
    const Ran many = run_it(GetParam(), threads);
    EXPECT_EQ(many.text, one.text) << threads << " threads";
    EXPECT_EQ(many.report.connections_opened, one.report.connections_opened);
    EXPECT_EQ(counts(many.report.figures), counts(figures));
  }
}

// Those with resumption make workers wait for each other's sessions.
INSTANTIATE_TEST_SUITE_P(Captures, Determinism,
                         testing::Values("nginx_rsa", "resumed_inside", "resumed_ticket", "openssl_matrix"),
                         [](const testing::TestParamInfo<std::string>& row) { return row.param; });

// A pipe that pauses: what it held so far is shown before the rest arrives.
class Pausing : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("tlspeel-pausing-" + std::to_string(getpid()));
    std::filesystem::create_directory(directory_);
    fifo_ = directory_ / "pipe.pcap";
    ASSERT_EQ(mkfifo(fifo_.c_str(), S_IRUSR | S_IWUSR), 0);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
  std::filesystem::path fifo_;
};

TEST_P(Pausing, ShowsWhatThereIs) {
  std::ifstream file(kCaptures + "nginx_rsa/capture.pcap", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  RecordingWriter writer;
  std::atomic<bool> shown{false};
  std::thread feeder([&] {
    const int pipe = open(fifo_.c_str(), O_WRONLY | O_CLOEXEC);
    const std::size_t half = bytes.size() / 2;
    EXPECT_EQ(write(pipe, bytes.data(), half), static_cast<ssize_t>(half));
    for (int i = 0; i < 2000 && (writer.flushes == 0 || writer.events == 0); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    shown = writer.flushes > 0 && writer.events > 0;
    EXPECT_EQ(write(pipe, bytes.data() + half, bytes.size() - half),
              static_cast<ssize_t>(bytes.size() - half));
    close(pipe);
  });
  secrets::Store store = key_of("nginx_rsa");
  const auto report = run(config_of(fifo_, GetParam()), store, {{&writer}});
  feeder.join();
  EXPECT_TRUE(report);
  EXPECT_TRUE(shown);
  EXPECT_EQ(writer.text(), run_it("nginx_rsa", 1).text);
}

INSTANTIATE_TEST_SUITE_P(Threads, Pausing, testing::Values(1, 4));

}  // namespace
}  // namespace tlspeel::pipeline
