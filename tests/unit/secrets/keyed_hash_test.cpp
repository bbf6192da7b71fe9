#include "secrets/keyed_hash.hpp"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

namespace tlspeel::secrets {
namespace {

// SipHash: a fast short-input PRF (Aumasson, Bernstein 2012), appendix A: key 00 01 ... 0f, message 00 01 ...
// 0e.
TEST(KeyedHash, KnownAnswersOfSipHash) {
  constexpr std::uint64_t kKey0 = 0x0706050403020100;
  constexpr std::uint64_t kKey1 = 0x0f0e0d0c0b0a0908;
  Bytes message(15);
  std::iota(message.begin(), message.end(), std::uint8_t{0});
  EXPECT_EQ(siphash(kKey0, kKey1, message), 0xa129ca6149be45e5U);
  // Of the reference implementation's list.
  EXPECT_EQ(siphash(kKey0, kKey1, {}), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(siphash(kKey0, kKey1, ByteView(message).first(1)), 0x74f839c593dc67fdU);
  EXPECT_EQ(siphash(kKey0, kKey1, ByteView(message).first(8)), 0x93f5f5799a932462U);
}

TEST(KeyedHash, IsTheSameAgainAndAnotherForEachKindAndByte) {
  const Bytes id(32, 7);
  EXPECT_EQ(keyed_hash(id, 1), keyed_hash(Bytes(32, 7), 1));
  std::set<std::uint64_t> seen = {keyed_hash(id, 1), keyed_hash(id, 2),
                                  keyed_hash(ByteView(id).first(31), 1)};
  for (std::size_t i = 0; i < id.size(); ++i) {
    Bytes other = id;
    other[i] ^= 1;
    seen.insert(keyed_hash(other, 1));
  }
  EXPECT_EQ(seen.size(), 35U);
}

}  // namespace
}  // namespace tlspeel::secrets
