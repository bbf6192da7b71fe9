#include "tls/remembered_session.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::tls {
namespace {

using secrets::SessionCache;
using secrets::Store;

const Bytes kId = {1, 2, 3};

Store store_with_psk() {
  secrets::Config config;
  config.psks = {"ada:00112233"};
  auto store = Store::load(config);
  EXPECT_TRUE(store);
  return *std::move(store);
}

constexpr std::chrono::seconds kLong(60);
constexpr std::chrono::milliseconds kShort(100);

// Packet 10 of two workers, the other one of which is at the first packet still.
struct TwoWorkers {
  explicit TwoWorkers(Store given) : store(std::move(given)) {
    environment.store = &store;
    environment.sessions = &sessions;
    environment.current_packet = 10;
    sessions.advance(0, environment.current_packet);
  }
  // Whether an answer comes within that time, before the other worker is through.
  bool answers_within(std::chrono::milliseconds time) {
    auto answer = std::async(std::launch::async, [&] { return remembered_session(environment, kId); });
    const bool answered = answer.wait_for(time) == std::future_status::ready;
    sessions.finished(1);
    EXPECT_EQ(answer.get(), nullptr);
    return answered;
  }

  Store store;
  SessionCache sessions{2};
  Environment environment;
};

TEST(RememberedSession, WaitsForNobodyWhereNoSecretIsGiven) {
  EXPECT_TRUE(TwoWorkers(Store()).answers_within(kLong));
}

TEST(RememberedSession, WaitsForSecretsOfTheCaptureOnlyBehindThem) {
  TwoWorkers before((Store()));
  before.store.add_capture_secrets(10, "capture.pcapng", {});
  EXPECT_TRUE(before.answers_within(kLong));
  TwoWorkers behind((Store()));
  behind.store.add_capture_secrets(9, "capture.pcapng", {});
  EXPECT_FALSE(behind.answers_within(kShort));
}

TEST(RememberedSession, IsFoundWhereASecretIsGiven) {
  EXPECT_FALSE(TwoWorkers(store_with_psk()).answers_within(kShort));
  TwoWorkers workers(store_with_psk());
  const auto session = std::make_shared<const secrets::SessionSecret>();
  workers.sessions.put(5, kId, session);
  workers.sessions.finished(1);
  EXPECT_EQ(remembered_session(workers.environment, kId), session);
  EXPECT_EQ(remembered_session(workers.environment, {}), nullptr);
  workers.environment.sessions = nullptr;
  EXPECT_EQ(remembered_session(workers.environment, kId), nullptr);
}

}  // namespace
}  // namespace tlspeel::tls
