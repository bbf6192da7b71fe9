// A sink that keeps what it gets and holds every call against the contract of stream_sink.hpp.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/tcp/stream_sink.hpp"

namespace tlspeel::tcp::test {

// The same numbers in every run: a failure must come again.
inline std::mt19937 seeded(std::uint32_t seed) {
  return std::mt19937(seed);
}

struct Collected {
  ConnectionInfo info;
  std::array<std::string, 2> bytes;  // a gap is a run of '?'
  std::array<std::uint64_t, 2> size{};
  std::array<std::uint64_t, 2> lost{};
  std::array<bool, 2> stream_ended{};
  std::array<DirectionStats, 2> stats;
  std::optional<EndReason> reason;
  std::uint64_t end_rank = 0;  // the smaller, the earlier it ended
};

class Collector final : public StreamSink {
 public:
  // keep: false only adds up.
  Collector(Collected& out, bool keep) : out_(&out), keep_(keep) {}

  void on_data(const StreamChunk& chunk) override {
    const auto d = index(chunk.direction);
    EXPECT_FALSE(chunk.bytes.empty());
    expect_next(d, chunk.offset);
    if (keep_) out_->bytes.at(d) += as_text(chunk.bytes);
    out_->size.at(d) += chunk.bytes.size();
  }
  void on_gap(const StreamGap& gap) override {
    const auto d = index(gap.direction);
    EXPECT_GT(gap.length, 0U);
    expect_next(d, gap.offset);
    if (keep_) out_->bytes.at(d).append(gap.length, '?');
    out_->size.at(d) += gap.length;
    out_->lost.at(d) += gap.length;
  }
  void on_stream_end(Direction direction, PacketRef) override {
    EXPECT_FALSE(out_->stream_ended.at(index(direction)));
    out_->stream_ended.at(index(direction)) = true;
  }
  void on_end(EndReason reason, PacketRef, const std::array<DirectionStats, 2>& stats) override {
    EXPECT_FALSE(out_->reason.has_value());
    out_->reason = reason;
    static std::uint64_t ends = 0;
    out_->end_rank = ++ends;
    out_->stats = stats;
    for (const std::size_t d : {0U, 1U}) {
      EXPECT_EQ(stats.at(d).lost_bytes, out_->lost.at(d));
      EXPECT_EQ(stats.at(d).bytes + stats.at(d).lost_bytes, out_->size.at(d));
    }
  }
  bool wants_data() const override { return true; }

 private:
  void expect_next(std::size_t d, std::uint64_t offset) const {
    EXPECT_FALSE(out_->stream_ended.at(d));
    EXPECT_FALSE(out_->reason.has_value());
    EXPECT_EQ(offset, out_->size.at(d));
  }
  Collected* out_;
  bool keep_;
};

// Every connection of a table, in the order in which their sinks were opened.
struct Collection {
  std::vector<std::unique_ptr<Collected>> connections;

  SinkFactory factory(bool keep = true) {
    return [this, keep](const ConnectionInfo& info) {
      connections.push_back(std::make_unique<Collected>());
      connections.back()->info = info;
      return std::make_unique<Collector>(*connections.back(), keep);
    };
  }
};

}  // namespace tlspeel::tcp::test
