#include <map>

#include "tlspeel/crypto/error.hpp"
#include "tlspeel/crypto/prf.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

const std::map<std::string, PrfId> kPrfs = {{"ssl3", PrfId::ssl3},
                                            {"md5_sha1", PrfId::md5_sha1},
                                            {"sha256", PrfId::sha256},
                                            {"sha384", PrfId::sha384}};
const std::map<std::string, HashId> kHashes = {{"sha256", HashId::sha256}, {"sha384", HashId::sha384}};

TEST(Prf, KnownAnswersAndEveryShorterSizeIsAPrefix) {
  for (const Case& c : read_cases("prf.txt")) {
    const PrfId id = kPrfs.at(c.text("prf"));
    const Bytes seed = c.bytes("seed");
    const Bytes secret = c.bytes("secret");
    const std::string expected = c.text("output");
    const ByteView head = ByteView(seed).first(seed.size() / 2);
    const ByteView tail = ByteView(seed).subspan(seed.size() / 2);
    for (std::size_t size = 0; size <= expected.size() / 2; ++size) {
      EXPECT_EQ(to_hex(prf(id, secret, c.text("label"), {head, tail}, size).view()),
                expected.substr(0, 2 * size))
          << c.text("source");
    }
  }
}

TEST(Prf, Ssl3TakesTheRandomsInOrderAndKnowsItsLimit) {
  const Bytes secret(48, 1);
  const Bytes a(32, 2);
  const Bytes b(32, 3);
  EXPECT_EQ(to_hex(ssl3_prf(secret, a, b, 48).view()),
            to_hex(prf(PrfId::ssl3, secret, {}, {a, b}, 48).view()));
  EXPECT_NE(to_hex(ssl3_prf(secret, a, b, 48).view()), to_hex(ssl3_prf(secret, b, a, 48).view()));
  EXPECT_THROW(ssl3_prf(secret, a, b, 417), CryptoError);
}

TEST(Hkdf, KnownAnswers) {
  for (const Case& c : read_cases("hkdf.txt")) {
    const HashId id = kHashes.at(c.text("hash"));
    const Bytes expected = c.bytes("output");
    SecretBytes got;
    if (c.text("what") == "extract") got = hkdf_extract(id, c.bytes("salt"), c.bytes("ikm"));
    if (c.text("what") == "expand")
      got = hkdf_expand(id, c.bytes("secret"), c.bytes("info"), expected.size());
    if (c.text("what") == "expand_label") {
      got = hkdf_expand_label(id, c.bytes("secret"), c.text("label"), c.bytes("context"), expected.size());
    }
    EXPECT_EQ(to_hex(got.view()), to_hex(expected)) << c.text("source");
  }
  EXPECT_THROW(hkdf_expand(HashId::sha256, Bytes(32), {}, std::size_t{255} * 32 + 1), CryptoError);
  EXPECT_EQ(hkdf_expand(HashId::sha256, Bytes(32), {}, std::size_t{255} * 32).size(), 255U * 32);
}

}  // namespace
}  // namespace tlspeel::crypto
