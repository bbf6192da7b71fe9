#include "tcp/held_bytes.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "collector.hpp"

namespace tlspeel::tcp {
namespace {

std::string drain(HeldBytes& held) {
  std::string out;
  while (!held.empty()) {
    const auto first = held.first();
    const auto piece = held.take_first();
    out += std::to_string(first) + ":" + std::string(as_text(piece.bytes)) + " ";
  }
  return out;
}

TEST(HeldBytes, FirstCopyStaysAndDifferencesAreCounted) {
  HeldBytes held;
  held.insert(10, as_bytes("abcd"), {}, true);
  const auto overlap = held.insert(8, as_bytes("XYabQdZZ"), {}, true);
  EXPECT_EQ(overlap.duplicate, 4U);
  EXPECT_EQ(overlap.conflicting, 1U);
  EXPECT_EQ(drain(held), "8:XY 10:abcd 14:ZZ ");
  EXPECT_EQ(held.cost(), 0U);
}

TEST(HeldBytes, LengthsOnly) {
  HeldBytes held;
  held.insert(10, as_bytes("abcd"), {}, false);
  const auto overlap = held.insert(12, as_bytes("xxyy"), {}, false);
  EXPECT_EQ(overlap.duplicate, 2U);
  EXPECT_EQ(overlap.conflicting, 0U);  // nothing to compare with
  EXPECT_EQ(held.take_first().length, 4U);
  EXPECT_EQ(held.first(), 14U);
  EXPECT_EQ(held.take_first().length, 2U);
}

TEST(HeldBytes, AgreesWithAByteMap) {
  std::mt19937 random = test::seeded(20);
  for (int round = 0; round < 300; ++round) {
    HeldBytes held;
    std::map<std::uint64_t, std::uint8_t> model;
    for (int i = 0; i < 30; ++i) {
      const std::uint64_t position = random() % 100;
      Bytes bytes(1 + random() % 20);
      for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3);
      HeldBytes::Overlap expected;
      for (std::size_t k = 0; k < bytes.size(); ++k) {
        const auto [at, inserted] = model.emplace(position + k, bytes[k]);
        if (inserted) continue;
        ++expected.duplicate;
        if (at->second != bytes[k]) ++expected.conflicting;
      }
      const auto overlap = held.insert(position, bytes, {}, true);
      ASSERT_EQ(overlap.duplicate, expected.duplicate);
      ASSERT_EQ(overlap.conflicting, expected.conflicting);
    }
    std::map<std::uint64_t, std::uint8_t> got;
    std::uint64_t last = 0;
    while (!held.empty()) {
      const auto first = held.first();
      ASSERT_GE(first, last);
      const auto piece = held.take_first();
      ASSERT_EQ(piece.length, piece.bytes.size());
      for (std::size_t k = 0; k < piece.bytes.size(); ++k) got[first + k] = piece.bytes[k];
      last = first + piece.length;
    }
    ASSERT_EQ(got, model);
    ASSERT_EQ(held.cost(), 0U);
  }
}

}  // namespace
}  // namespace tlspeel::tcp
