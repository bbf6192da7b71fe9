#include "tlspeel/output/figures_text.hpp"

#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMillisecond = 1'000'000;

event::RunFigures some_figures() {
  event::RunFigures figures;
  figures.bytes_read = 560'123'456;
  figures.packets = 1'234'567;
  figures.tcp_connections = 12;
  figures.tls_connections = 10;
  figures.records = 45'678;
  figures.records_opened = 45'000;
  figures.records_closed = 12;
  figures.private_key_operations = 3;
  figures.application_bytes = 500'000'001;
  figures.elapsed = 2 * kSecond;
  figures.processor = 2 * kSecond + 345 * kMillisecond;
  figures.reading = 300 * kMillisecond;
  figures.connections = kSecond;
  figures.private_key = 3 * kMillisecond;
  figures.writing = 1;
  figures.peak_memory = 12'345'678;
  return figures;
}

TEST(FiguresText, All) {
  EXPECT_EQ(figures_text(some_figures()),
            "figures of this run:\n"
            "  read            560,123,456 bytes, 1,234,567 packets\n"
            "  connections     12 TCP, 10 TLS\n"
            "  TLS records     45,678 (45,000 opened, 12 closed)\n"
            "  opened data     500,000,001 bytes\n"
            "  private keys    3 operations\n"
            "  time            2.000 s, 280.1 MB/s; processor 2.345 s\n"
            "  of processor    reading 0.300 s, connections 1.000 s (private keys 0.003 s), writing 0.000 s\n"
            "  memory          12.3 MB at most\n");
}

TEST(FiguresText, OfNothing) {
  const std::string text = figures_text({});
  EXPECT_NE(text.find("  read            0 bytes, 0 packets\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  time            0.000 s, 0.0 MB/s;"), std::string::npos) << text;
  EXPECT_EQ(text.find("memory"), std::string::npos) << text;
}

TEST(ProgressText, OfAKnownTotal) {
  EXPECT_EQ(progress_text({1'234'000'000, 4'500'000'000, 1234}, 6 * kSecond),
            "1.2 GB of 4.5 GB (27%), 205.7 MB/s, 1,234 connections, 0:16 left");
  EXPECT_EQ(progress_text({1'000'000, 3'600'000'000, 1}, 2 * kSecond),
            "1.0 MB of 3.6 GB (0%), 0.5 MB/s, 1 connection, 1:59:58 left");
  EXPECT_EQ(progress_text({4'499'999'999, 4'500'000'000, 0}, kSecond),
            "4.5 GB of 4.5 GB (99%), 4500.0 MB/s, 0 connections, 0:01 left");
  EXPECT_EQ(progress_text({20'000, 20'000, 0}, kSecond),
            "20.0 kB of 20.0 kB (100%), 0.0 MB/s, 0 connections, 0:00 left");
  // It grew since its size was asked for.
  EXPECT_EQ(progress_text({30'000, 20'000, 0}, kSecond),
            "30.0 kB of 20.0 kB (100%), 0.0 MB/s, 0 connections, 0:00 left");
}

TEST(ProgressText, OfAnUnknownTotal) {
  EXPECT_EQ(progress_text({1'234'000'000, std::nullopt, 7}, 66 * kSecond + 1),
            "1.2 GB, 18.7 MB/s, 7 connections, 1:06 so far");
  EXPECT_EQ(progress_text({0, std::nullopt, 0}, 1), "0 bytes, 0.0 MB/s, 0 connections, 0:00 so far");
  EXPECT_EQ(progress_text({0, 1'000'000, 0}, 3 * kSecond),
            "0 bytes of 1.0 MB (0%), 0.0 MB/s, 0 connections, 0:03 so far");
}

}  // namespace
}  // namespace tlspeel::output
