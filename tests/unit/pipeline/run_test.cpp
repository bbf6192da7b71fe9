#include "tlspeel/pipeline/run.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recorder.hpp"

namespace tlspeel::pipeline {
namespace {

using testing::HasSubstr;

std::string in_case(const std::string& name) {
  return std::string(TLSPEEL_TESTDATA) + "/captures/" + name;
}

RunConfig config_for(const std::string& name, std::size_t threads) {
  RunConfig config;
  config.captures = {in_case(name + "/capture.pcap")};
  config.threads = threads;
  return config;
}

class RunWithThreads : public testing::TestWithParam<std::size_t> {};

TEST_P(RunWithThreads, OpensASessionThatAnotherConnectionResumes) {
  auto store = secrets::Store::load({{in_case("resumed_inside/server.key")}});
  ASSERT_TRUE(store);
  Recorder recorder;
  const auto report = run(config_for("resumed_inside", GetParam()), *store, {{&recorder}});
  ASSERT_TRUE(report);
  EXPECT_GT(report->tls_connections, 1U);
  EXPECT_EQ(report->connections_opened, report->tls_connections);
  EXPECT_EQ(report->connections_closed, 0U);
  ASSERT_FALSE(recorder.events.empty());
  const auto* summary = std::get_if<event::RunSummary>(&recorder.events.back().event);
  ASSERT_NE(summary, nullptr);
  ASSERT_EQ(summary->secrets.size(), 1U);
  EXPECT_EQ(summary->secrets[0].connections, report->tls_connections);
  EXPECT_EQ(recorder.finishes, 1U);
}

// More than one batch, so that the run is really left while others are at work.
TEST_P(RunWithThreads, EndsWhenNobodyReadsAnyMore) {
  auto store = secrets::Store::load({{in_case("openssl_matrix/server.key")}});
  ASSERT_TRUE(store);
  Recorder whole;
  Recorder left;
  const RunConfig config = config_for("openssl_matrix", GetParam());
  ASSERT_TRUE(run(config, *store, {{&whole}}));
  ASSERT_TRUE(run(config, *store, {{&left}, [] { return true; }}));
  EXPECT_LT(left.events.size(), whole.events.size());
  EXPECT_EQ(left.finishes, 1U);
}

TEST_P(RunWithThreads, DamageIsToldInItsPlaceAndInTheReport) {
  Recorder recorder;
  secrets::Store store;
  const auto report = run(config_for("truncated_file", GetParam()), store, {{&recorder}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->capture_problems, 1U);
  ASSERT_EQ(report->problems.size(), 1U);
  EXPECT_THAT(report->problems[0], HasSubstr("capture.pcap"));
  EXPECT_GT(report->tls_connections, 0U);
}

TEST_P(RunWithThreads, WhatWasLeftOutIsToldFirst) {
  RunConfig config = config_for("truncated_file", GetParam());
  config.problems = {"other.pcap: broken"};
  Recorder recorder;
  secrets::Store store;
  const auto report = run(config, store, {{&recorder}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->capture_problems, 2U);
  ASSERT_EQ(report->problems.size(), 2U);
  EXPECT_EQ(report->problems[0], "other.pcap: broken");
  const auto* told = std::get_if<event::CaptureProblem>(&recorder.events.front().event);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->message, "other.pcap: broken");
}

// The second connection resumes the session of the first.
TEST_P(RunWithThreads, CountsWhatPrivateKeysDid) {
  auto store = secrets::Store::load({{in_case("resumed_inside/server.key")}});
  ASSERT_TRUE(store);
  Recorder recorder;
  const auto report = run(config_for("resumed_inside", GetParam()), *store, {{&recorder}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->connections_opened, 2U);
  EXPECT_EQ(report->figures.private_key_operations, 1U);
  EXPECT_GT(report->figures.private_key, 0);
  EXPECT_GE(report->figures.connections, report->figures.private_key);
  EXPECT_GE(report->figures.reading, 0);
}

TEST_P(RunWithThreads, TellsHowFarItIs) {
  secrets::Store store;
  Recorder recorder;
  std::vector<event::Progress> told;
  const RunConfig config = config_for("openssl_matrix", GetParam());
  const auto report =
      run(config, store, {{&recorder}, {}, [&](const event::Progress& each) { told.push_back(each); }});
  ASSERT_TRUE(report);
  ASSERT_GT(told.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(told, {}, &event::Progress::bytes_read));
  EXPECT_LT(told.front().bytes_read, told.back().bytes_read);
  EXPECT_EQ(told.back().bytes_read, report->figures.bytes_read);
  EXPECT_EQ(told.back().bytes_total, report->figures.bytes_read);
  EXPECT_EQ(told.back().tls_connections, report->tls_connections);
}

TEST_P(RunWithThreads, WhatCannotBeReadIsAnError) {
  Recorder recorder;
  secrets::Store store;
  const auto report = run(config_for("no such case", GetParam()), store, {{&recorder}});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("no such case"));
  EXPECT_TRUE(recorder.events.empty());
}

INSTANTIATE_TEST_SUITE_P(Threads, RunWithThreads, testing::Values(1, 2, 4, 8));

}  // namespace
}  // namespace tlspeel::pipeline
