#include "tlspeel/output/figures_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tlspeel/base/counts.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

constexpr double kSecond = 1e9;  // nanoseconds

class Lines {
 public:
  // "  records         1,234 (1,200 opened, 3 closed)"
  template <class... Args>
  void add(std::string_view name, fmt::format_string<Args...> format, Args&&... args) {
    append_format(out_, "  {:<15} ", name);
    append_format(out_, format, std::forward<Args>(args)...);
    out_ += '\n';
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_ = "figures of this run:\n";
};

// "210.3 MB/s"
std::string rate_text(std::uint64_t bytes, std::int64_t time) {
  constexpr double kMega = 1e6;
  const double seconds = static_cast<double>(std::max<std::int64_t>(time, 1)) / kSecond;
  return fmt::format("{:.1f} MB/s", static_cast<double>(bytes) / kMega / seconds);
}

double seconds_of(std::int64_t time) {
  return static_cast<double>(time) / kSecond;
}

// "0:16", "12:05", "3:01:07"
std::string clock_text(std::uint64_t seconds) {
  constexpr std::uint64_t kMinute = 60;
  constexpr std::uint64_t kHour = 3600;
  if (seconds < kHour) return fmt::format("{}:{:02}", seconds / kMinute, seconds % kMinute);
  return fmt::format("{}:{:02}:{:02}", seconds / kHour, seconds / kMinute % kMinute, seconds % kMinute);
}

}  // namespace

std::string figures_text(const event::RunFigures& figures) {
  Lines lines;
  lines.add("read", "{}, {}", counted(figures.bytes_read, "byte"), counted(figures.packets, "packet"));
  lines.add("connections", "{} TCP, {} TLS", grouped(figures.tcp_connections),
            grouped(figures.tls_connections));
  lines.add("TLS records", "{} ({} opened, {} closed)", grouped(figures.records),
            grouped(figures.records_opened), grouped(figures.records_closed));
  lines.add("opened data", "{}", counted(figures.application_bytes, "byte"));
  lines.add("private keys", "{}", counted(figures.private_key_operations, "operation"));
  lines.add("time", "{:.3f} s, {}; processor {:.3f} s", seconds_of(figures.elapsed),
            rate_text(figures.bytes_read, figures.elapsed), seconds_of(figures.processor));
  lines.add("of processor",
            "reading {:.3f} s, connections {:.3f} s (private keys {:.3f} s), writing {:.3f} s",
            seconds_of(figures.reading), seconds_of(figures.connections), seconds_of(figures.private_key),
            seconds_of(figures.writing));
  if (figures.peak_memory != 0) lines.add("memory", "{} at most", size_text(figures.peak_memory));
  return lines.take();
}

std::string progress_text(const event::Progress& progress, std::int64_t elapsed) {
  constexpr double kPercent = 100;
  std::string out = size_text(progress.bytes_read);
  const std::uint64_t total = progress.bytes_total.value_or(0);
  // A file that grows while it is read has more than its total.
  const std::uint64_t read = std::min(progress.bytes_read, total);
  if (total != 0) {
    append_format(out, " of {} ({:.0f}%)", size_text(total),
                  std::floor(static_cast<double>(read) * kPercent / static_cast<double>(total)));
  }
  append_format(out, ", {}, {}, ", rate_text(progress.bytes_read, elapsed),
                counted(progress.tls_connections, "connection"));
  if (read == 0) {
    append_format(out, "{} so far", clock_text(static_cast<std::uint64_t>(seconds_of(elapsed))));
  } else {
    const double left = seconds_of(elapsed) * static_cast<double>(total - read) / static_cast<double>(read);
    append_format(out, "{} left", clock_text(static_cast<std::uint64_t>(std::ceil(left))));
  }
  return out;
}

}  // namespace tlspeel::output
