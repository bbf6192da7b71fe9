#include <array>
#include <set>

#include <gtest/gtest.h>

#include "tlspeel/net/segment.hpp"

namespace tlspeel::net {
namespace {

Endpoint v4(std::uint8_t last, std::uint16_t port) {
  return {IpAddress::from_v4(std::array<std::uint8_t, 4>{192, 0, 2, last}), port};
}
Endpoint v6(std::uint8_t last, std::uint16_t port) {
  return {IpAddress::from_v6(
              std::array<std::uint8_t, 16>{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}),
          port};
}

TEST(SymmetricHash, IsTheSameForBothDirections) {
  for (std::uint16_t port = 1; port < 1000; ++port) {
    EXPECT_EQ(symmetric_hash({v4(1, port), v4(2, 443)}), symmetric_hash({v4(2, 443), v4(1, port)}));
    EXPECT_EQ(symmetric_hash({v6(1, port), v6(1, 443)}), symmetric_hash({v6(1, 443), v6(1, port)}));
  }
}

// The shard of a connection follows from it, and with that the order of what is printed: it may never change
// between builds.
TEST(SymmetricHash, IsTheSameOnEveryPlatform) {
  EXPECT_EQ(symmetric_hash({v4(7, 51234), v4(4, 443)}), 3507835267U);
  EXPECT_EQ(symmetric_hash({v6(1, 51234), v6(2, 443)}), 307133681U);
}

TEST(SymmetricHash, SpreadsConnectionsOverShards) {
  constexpr std::uint32_t kShards = 64;
  std::array<int, kShards> counts{};
  for (std::uint32_t i = 0; i < 6400; ++i) {
    const auto client = static_cast<std::uint16_t>(32768 + i);
    ++counts[symmetric_hash({v4(static_cast<std::uint8_t>(i % 7), client), v4(200, 443)}) % kShards];
  }
  for (const int count : counts) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 160);
  }
}

TEST(SymmetricHash, KeepsEndsApartThatShareAnAddressOrAPort) {
  std::set<std::uint32_t> seen;
  for (std::uint16_t a = 1; a < 40; ++a) {
    for (std::uint16_t b = a; b < 40; ++b) seen.insert(symmetric_hash({v4(1, a), v4(1, b)}));
  }
  EXPECT_EQ(seen.size(), 39U * 40U / 2);
}

}  // namespace
}  // namespace tlspeel::net
