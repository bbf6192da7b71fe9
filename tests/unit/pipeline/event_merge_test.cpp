#include "pipeline/event_merge.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/output/key_log_saver.hpp"

#include "recorder.hpp"

namespace tlspeel::pipeline {
namespace {

using event::ConnectionOutcome;
using testing::ElementsAre;

Emitted emitted(std::uint64_t packet, std::uint64_t connection, std::uint64_t ordinal, event::Event event) {
  return {packet, connection, ordinal, 0, {0, {packet, 0}, std::move(event)}};
}
event::ConnectionEnd end_of(ConnectionOutcome outcome, std::string opened_with = "") {
  event::ConnectionEnd end;
  end.outcome = outcome;
  if (!opened_with.empty()) end.secrets_used = {opened_with};
  end.opened_with = std::move(opened_with);
  return end;
}

class EventMergeTest : public testing::Test {
 protected:
  void write(std::vector<std::vector<Emitted>> results) {
    batch_.results = std::move(results);
    merge_.write(batch_);
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places() const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    for (const event::Placed& each : recorder_.events) all.emplace_back(each.at.number, each.connection);
    return all;
  }

  Recorder recorder_;
  Outputs outputs_{{&recorder_}};
  EventMerge merge_{outputs_};
  Batch batch_;
};

TEST_F(EventMergeTest, OrdersByPacketWhateverWorkerItCameFrom) {
  batch_.reader_events.push_back(emitted(5, 0, 0, event::CaptureProblem{"damaged"}));
  write({{emitted(7, 7, 0, event::ConnectionStart{}), emitted(9, 7, 1, end_of(ConnectionOutcome::opened))},
         {emitted(4, 4, 0, event::ConnectionStart{}), emitted(8, 4, 1, end_of(ConnectionOutcome::closed))}});
  using Place = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_THAT(places(), ElementsAre(Place(4, 1), Place(5, 0), Place(7, 2), Place(8, 1), Place(9, 2)));
}

TEST_F(EventMergeTest, AConnectionKeepsItsNumberOverBatches) {
  write({{emitted(1, 1, 0, event::ConnectionStart{}), emitted(2, 2, 0, event::ConnectionStart{})}});
  write({{emitted(3, 2, 1, end_of(ConnectionOutcome::opened))}});
  write({{emitted(4, 1, 1, end_of(ConnectionOutcome::opened))}});
  EXPECT_EQ(recorder_.events[2].connection, 2U);
  EXPECT_EQ(recorder_.events[3].connection, 1U);
}

TEST_F(EventMergeTest, OneConnectionsEventsOfAPacketKeepTheirOrder) {
  write({{emitted(1, 1, 0, event::ConnectionStart{}),
          emitted(1, 1, 1, event::Problem{std::nullopt, "a", "first"}),
          emitted(1, 1, 2, event::Problem{std::nullopt, "a", "second"})}});
  EXPECT_EQ(std::get<event::Problem>(recorder_.events[1].event).message, "first");
  EXPECT_EQ(std::get<event::Problem>(recorder_.events[2].event).message, "second");
}

TEST_F(EventMergeTest, CountsOutcomesAndUsesOfKeys) {
  write({{emitted(1, 1, 0, event::ConnectionStart{}), emitted(2, 2, 0, event::ConnectionStart{}),
          emitted(3, 3, 0, event::ConnectionStart{}),
          emitted(4, 1, 1, end_of(ConnectionOutcome::opened, "server.key")),
          emitted(5, 2, 1, end_of(ConnectionOutcome::partly_opened, "server.key")),
          emitted(6, 3, 1, end_of(ConnectionOutcome::closed))}});
  EXPECT_EQ(merge_.report().tls_connections, 3U);
  EXPECT_EQ(merge_.report().connections_opened, 2U);
  EXPECT_EQ(merge_.report().connections_closed, 2U);
  EXPECT_EQ(merge_.connections_opened_with("server.key"), 2U);
  EXPECT_EQ(merge_.connections_opened_with("other.key"), 0U);
}

class Lines final : public output::ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void flush() override { ++flushes; }

  std::string text;
  int flushes = 0;
};

event::SecretsRecovered recovered(std::string_view label, std::uint8_t id) {
  auto lines = std::make_shared<std::vector<event::KeyLogLine>>();
  lines->push_back({label, Bytes{id}, SecretBytes(ByteView(Bytes{0xab}))});
  return {std::move(lines)};
}

TEST_F(EventMergeTest, TheKeyLogIsInTheOrderOfTheRun) {
  Lines lines;
  output::KeyLogSaver saver(lines);
  outputs_.writers.push_back(&saver);
  write({{emitted(1, 1, 0, event::ConnectionStart{}), emitted(6, 1, 1, recovered("LATE", 1))},
         {emitted(2, 2, 0, event::ConnectionStart{}), emitted(5, 2, 1, recovered("EARLY", 2))}});
  EXPECT_EQ(lines.text, "EARLY 02 ab\nLATE 01 ab\n");
  EXPECT_EQ(lines.flushes, 0);
  batch_.idle = true;
  write({{}});
  EXPECT_EQ(lines.flushes, 1);
}

TEST_F(EventMergeTest, FlushesWhenTheInputPausesAndFinishesAfterTheSummary) {
  write({{}});
  EXPECT_EQ(recorder_.flushes, 0U);
  batch_.idle = true;
  write({{}});
  EXPECT_EQ(recorder_.flushes, 1U);
  merge_.write_summary({}, {9, 0});
  ASSERT_EQ(recorder_.events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<event::RunSummary>(recorder_.events[0].event));
  EXPECT_EQ(recorder_.finishes, 1U);
}

}  // namespace
}  // namespace tlspeel::pipeline
