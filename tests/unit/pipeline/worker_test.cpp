#include "pipeline/worker.hpp"

#include <chrono>
#include <future>
#include <string_view>

#include <gtest/gtest.h>

namespace tlspeel::pipeline {
namespace {

// When a run is left early, one worker may be waiting for what another one has seen.
TEST(Worker, NobodyWaitsForAWorkerThatStopped) {
  const secrets::Store store;
  secrets::SessionCache sessions(2);
  secrets::PremastersAhead premasters;
  RunConfig config;
  config.threads = 2;
  Worker stopped(1, 2, config, store, sessions, premasters);
  stopped.leave();
  sessions.advance(0, 100);
  auto waiting = std::async(std::launch::async, [&] { return sessions.get(100, as_bytes("session")); });
  const auto state = waiting.wait_for(std::chrono::seconds(20));
  EXPECT_EQ(state, std::future_status::ready);
  if (state != std::future_status::ready) sessions.finished(1);
  EXPECT_EQ(waiting.get(), nullptr);
}

}  // namespace
}  // namespace tlspeel::pipeline
