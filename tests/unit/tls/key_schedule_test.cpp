#include "tls/key_schedule.hpp"

#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

Parameters parameters(std::uint16_t version, std::uint16_t suite) {
  const CipherSuite* row = find_cipher_suite(suite);
  EXPECT_NE(row, nullptr);
  return {version, row, false, false};
}

Randoms randoms() {
  return {Bytes(32, 0x11), Bytes(32, 0x22)};
}

TEST(KeySchedule, PrfDependsOnVersionAndOnlyInTls12OnTheSuite) {
  EXPECT_EQ(prf_of(parameters(kSsl3, 0x002f)), crypto::PrfId::ssl3);
  EXPECT_EQ(prf_of(parameters(kTls10, 0x002f)), crypto::PrfId::md5_sha1);
  EXPECT_EQ(prf_of(parameters(kTls11, 0x002f)), crypto::PrfId::md5_sha1);
  EXPECT_EQ(prf_of(parameters(kTls12, 0x002f)), crypto::PrfId::sha256);
  EXPECT_EQ(prf_of(parameters(kTls12, 0x009c)), crypto::PrfId::sha256);
  EXPECT_EQ(prf_of(parameters(kTls12, 0x009d)), crypto::PrfId::sha384);
}

struct Sizes {
  std::uint16_t version = 0;
  std::uint16_t suite = 0;
  std::size_t mac = 0, key = 0, iv = 0;
};

// RFC 5246 section 6.3 and appendix C; an IV only before TLS 1.1 and for AEAD.
TEST(KeySchedule, PartsHaveTheSizesOfTheSuite) {
  for (const Sizes& row : {Sizes{kTls12, 0x003b, 32, 0, 0},     // NULL_SHA256
                           Sizes{kTls12, 0x0005, 20, 16, 0},    // RC4_128_SHA
                           Sizes{kTls10, 0x0035, 20, 32, 16},   // AES_256_CBC_SHA
                           Sizes{kTls11, 0x0035, 20, 32, 0},    //
                           Sizes{kTls12, 0x003d, 32, 32, 0},    // AES_256_CBC_SHA256
                           Sizes{kSsl3, 0x000a, 20, 24, 8},     // 3DES_EDE_CBC_SHA
                           Sizes{kTls12, 0x009c, 0, 16, 4},     // AES_128_GCM_SHA256
                           Sizes{kTls12, 0xc0a1, 0, 32, 4},     // AES_256_CCM_8
                           Sizes{kTls10, 0x0006, 16, 16, 8},    // RSA_EXPORT RC2_CBC_40_MD5
                           Sizes{kSsl3, 0x0003, 16, 16, 0}}) {  // RSA_EXPORT RC4_40_MD5
    const KeyBlock block = key_block(parameters(row.version, row.suite), Bytes(48, 0x33), randoms());
    for (const DirectionKeys& keys : block) {
      EXPECT_EQ(keys.mac_key.size(), row.mac) << row.suite;
      EXPECT_EQ(keys.key.size(), row.key) << row.suite;
      EXPECT_EQ(keys.iv.size(), row.iv) << row.suite;
    }
  }
}

// The parts stand in the order of RFC 5246 section 6.3 in what the PRF gives.
TEST(KeySchedule, PartsAreCutInOrder) {
  const Parameters p = parameters(kTls12, 0x009c);
  const Bytes master(48, 0x33);
  const Randoms r = randoms();
  const SecretBytes all =
      crypto::prf(crypto::PrfId::sha256, master, "key expansion", {r.server, r.client}, 40);
  const KeyBlock block = key_block(p, master, r);
  Bytes joined;
  append(joined, block[0].key.view());
  append(joined, block[1].key.view());
  append(joined, block[0].iv.view());
  append(joined, block[1].iv.view());
  EXPECT_EQ(joined, to_bytes(all.view()));
}

TEST(KeySchedule, MasterSecretIsThePrfOverBothRandoms) {
  const Bytes premaster(48, 0x44);
  const Randoms r = randoms();
  EXPECT_EQ(
      to_bytes(master_secret(parameters(kTls12, 0x009c), premaster, r).view()),
      to_bytes(
          crypto::prf(crypto::PrfId::sha256, premaster, "master secret", {r.client, r.server}, 48).view()));
  EXPECT_EQ(to_bytes(master_secret(parameters(kSsl3, 0x0005), premaster, r).view()),
            to_bytes(crypto::ssl3_prf(premaster, r.client, r.server, 48).view()));
}

TEST(KeySchedule, VerifyDataDependsOnTheSideAndHasTheSizeOfTheVersion) {
  const Bytes master(48, 0x55);
  const Bytes handshake(200, 0x66);
  for (const std::uint16_t version : {std::uint16_t{kSsl3}, std::uint16_t{kTls10}, std::uint16_t{kTls12}}) {
    const Parameters p = parameters(version, 0x002f);
    const Bytes client = verify_data(p, master, Direction::client, handshake);
    EXPECT_EQ(client.size(), version == kSsl3 ? 36U : 12U);
    EXPECT_NE(client, verify_data(p, master, Direction::server, handshake));
  }
}

}  // namespace
}  // namespace tlspeel::tls
