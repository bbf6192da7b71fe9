// Uses of a secret are counted by its label: different secrets have different ones, however they are called.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/secrets/store.hpp"

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;

const std::string kLine = "CLIENT_RANDOM " + std::string(64, 'a') + ' ' + std::string(96, 'b') + '\n';

std::vector<std::string> labels(const Store& store) {
  std::vector<std::string> out;
  for (const Store::Described& each : store.secrets()) out.push_back(each.label);
  return out;
}

TEST(Labels, OfSeveralKeysOfOneIdentityAreNumbered) {
  Config config;
  config.psks = {"device:01", "device:02", "03", "04", "other:05", "device:06"};
  const auto store = Store::load(config);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_THAT(labels(*store), ElementsAre("PSK device", "PSK device, key 2", "PSK", "PSK, key 2", "PSK other",
                                          "PSK device, key 3"));
}

TEST(Labels, OfCapturesWithOneNameAreTheirPaths) {
  Store store;
  store.add_capture_secrets(0, "a/capture.pcapng", as_bytes(kLine));
  store.add_capture_secrets(0, "b/capture.pcapng", as_bytes(kLine));
  store.add_capture_secrets(0, "a/capture.pcapng", as_bytes(kLine));
  store.add_capture_secrets(0, "other.pcapng", as_bytes(kLine));
  EXPECT_THAT(labels(store), ElementsAre("secrets in capture.pcapng", "secrets in b/capture.pcapng",
                                         "secrets in other.pcapng"));
}

// What a pipe has brought so far must not change what an earlier packet sees.
TEST(CaptureSecretsInAStore, CountFromTheirPacket) {
  Store store;
  EXPECT_TRUE(store.empty());
  store.add_capture_secrets(7, "pipe", as_bytes(kLine));
  EXPECT_FALSE(store.empty());
  EXPECT_TRUE(store.empty(7));
  EXPECT_FALSE(store.empty(8));
}

}  // namespace
}  // namespace tlspeel::secrets
