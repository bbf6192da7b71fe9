#include <algorithm>
#include <map>

#include "tlspeel/crypto/private_key.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

const std::map<std::string, KeyKind> kKinds = {
    {"ec", KeyKind::ec}, {"x25519", KeyKind::x25519}, {"x448", KeyKind::x448}, {"dh", KeyKind::dh}};

PrivateKey key_of(const Case& c) {
  auto keys = PrivateKey::from_file_bytes(c.bytes("key"), c.text("source"), {});
  if (!keys) throw std::runtime_error(keys.error().message);
  return std::move(keys->front());
}

Case first_of(const std::string& description) {
  for (const Case& c : read_cases("agreement.txt")) {
    if (c.text("description") == description) return c;
  }
  throw std::runtime_error("no case of " + description);
}

std::string agreed(const PrivateKey& key, const Bytes& peer) {
  const auto secret = key.agree(peer);
  return secret ? to_hex(secret->view()) : "refused";
}

TEST(Agreement, KnownAnswers) {
  for (const Case& c : read_cases("agreement.txt")) {
    const PrivateKey key = key_of(c);
    EXPECT_EQ(key.kind(), kKinds.at(c.text("kind")));
    EXPECT_EQ(key.description(), c.text("description"));
    EXPECT_EQ(to_hex(key.public_key()), c.text("public")) << c.text("source");
    EXPECT_EQ(agreed(key, c.bytes("peer")), c.text("secret")) << c.text("description") << c.text("source");
  }
}

TEST(Agreement, LeadingZerosOfAPublicNumberDoNotMatter) {
  for (const Case& c : read_cases("agreement.txt")) {
    if (c.text("kind") != "dh") continue;
    const PrivateKey key = key_of(c);
    for (const std::size_t zeros : {1U, 2U, 700U}) {
      Bytes peer(zeros);
      append(peer, c.bytes("peer"));
      EXPECT_EQ(agreed(key, peer), c.text("secret")) << zeros;
    }
  }
}

TEST(Agreement, PointsThatAreNotOnTheCurveAreRefused) {
  for (const Case& c : read_cases("agreement.txt")) {
    if (c.text("kind") != "ec") continue;
    const PrivateKey key = key_of(c);
    const Bytes good = c.bytes("peer");
    for (std::size_t i = 0; i < good.size(); i += 5) {
      Bytes bad = good;
      bad[i] ^= 0x40;
      EXPECT_EQ(agreed(key, bad), "refused") << c.text("description") << ' ' << i;
    }
    EXPECT_EQ(agreed(key, {0x00}), "refused") << "the point at infinity";
    Bytes zeros(good.size());
    zeros[0] = 4;
    EXPECT_EQ(agreed(key, zeros), "refused");
    for (std::size_t size = 0; size < good.size(); ++size) {
      ASSERT_EQ(agreed(key, to_bytes(ByteView(good).first(size))), "refused") << size;
    }
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_EQ(agreed(key, longer), "refused");
  }
}

TEST(Agreement, XValuesOfAnotherSizeOrOfSmallOrderAreRefused) {
  for (const char* description : {"X25519", "X448"}) {
    const Case c = first_of(description);
    const PrivateKey key = key_of(c);
    const Bytes good = c.bytes("peer");
    for (std::size_t size = 0; size < good.size(); ++size) {
      EXPECT_EQ(agreed(key, to_bytes(ByteView(good).first(size))), "refused");
    }
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_EQ(agreed(key, longer), "refused");
    // RFC 7748 section 6: the secret would be all zeros.
    Bytes small(good.size());
    EXPECT_EQ(agreed(key, small), "refused") << "0";
    small[0] = 1;
    EXPECT_EQ(agreed(key, small), "refused") << "1";
  }
}

// SP 800-56A section 5.6.2.3.1: 2 to p - 2.
TEST(Agreement, NumbersOutsideTheGroupAreRefused) {
  const Case c = first_of("DH 2048");
  const PrivateKey key = key_of(c);
  EXPECT_EQ(agreed(key, {}), "refused");
  EXPECT_EQ(agreed(key, {0}), "refused");
  EXPECT_EQ(agreed(key, {1}), "refused");
  // p of ffdhe2048 (RFC 7919 appendix A.1) begins and ends with 64 ones.
  EXPECT_EQ(agreed(key, Bytes(256, 0xff)), "refused") << "above p";
  EXPECT_EQ(agreed(key, Bytes(257, 1)), "refused") << "longer than p";
  EXPECT_NE(agreed(key, {4}), "refused") << "a square, so an element of the group";
}

TEST(Agreement, KeysOfOtherKindsAgreeOnNothing) {
  for (const char* name : {"rsa1024_pkcs1.pem", "ed25519.pem"}) {
    const auto keys =
        PrivateKey::from_file_bytes(read_test_file("vectors/crypto/keys/" + std::string(name)), name, {});
    ASSERT_TRUE(keys);
    EXPECT_TRUE(keys->front().public_key().empty());
    EXPECT_EQ(agreed(keys->front(), Bytes(32, 9)), "refused");
    EXPECT_EQ(agreed(keys->front(), {}), "refused");
  }
  EXPECT_FALSE(key_of(first_of("X25519")).decrypt_premaster(Bytes(128, 1)));
  EXPECT_EQ(key_of(first_of("X25519")).rsa_modulus_size(), 0U);
}

}  // namespace
}  // namespace tlspeel::crypto
