#include <algorithm>
#include <type_traits>

#include <gtest/gtest.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/base/hex.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel {
namespace {

TEST(Hex, GoesBothWays) {
  const Bytes bytes = {0x00, 0x7f, 0x80, 0xff};
  EXPECT_EQ(to_hex(bytes), "007f80ff");
  EXPECT_EQ(from_hex("007f80ff"), bytes);
  EXPECT_EQ(from_hex("007F80FF"), bytes);
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, RefusesWhatIsNotHex) {
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
  EXPECT_FALSE(from_hex("00 "));
}

TEST(Endpoint, PrintsAsUsersWriteIt) {
  const Bytes v4 = {192, 0, 2, 7};
  const Bytes v6 = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_EQ((Endpoint{IpAddress::from_v4(v4), 443}.to_string()), "192.0.2.7:443");
  EXPECT_EQ((Endpoint{IpAddress::from_v6(v6), 443}.to_string()), "[2001:db8::1]:443");
}

TEST(Endpoint, AddressesOfDifferentFamiliesDiffer) {
  EXPECT_NE(IpAddress::from_v4(Bytes(4, 0)), IpAddress::from_v6(Bytes(16, 0)));
}

// A secret can be neither copied by accident nor compared or printed.
static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);

TEST(Counts, AreGroupedByThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(18446744073709551615U), "18,446,744,073,709,551,615");
  EXPECT_EQ(counted(1, "byte"), "1 byte");
  EXPECT_EQ(counted(0, "byte"), "0 bytes");
  EXPECT_EQ(counted(3241, "byte"), "3,241 bytes");
}

TEST(SecretBytes, WipeZeroesBeforeItLetsGo) {
  SecretBytes secret(ByteView(Bytes(64, 0xa5)));
  const std::uint8_t* memory = secret.view().data();
  secret.truncate(32);
  // The memory beyond the new size still belongs to the vector: it must hold zeros.
  EXPECT_TRUE(std::all_of(memory + 32, memory + 64, [](std::uint8_t b) { return b == 0; }));
  EXPECT_EQ(secret.size(), 32U);
}

TEST(SecretBytes, CleanseZeroes) {
  Bytes bytes(16, 0xff);
  cleanse(bytes);
  EXPECT_EQ(bytes, Bytes(16, 0));
}

TEST(SecretBytes, MovingLeavesNothingBehind) {
  SecretBytes first(ByteView(Bytes{1, 2, 3}));
  SecretBytes second = std::move(first);
  EXPECT_EQ(second.size(), 3U);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
}

}  // namespace
}  // namespace tlspeel
