#include "tlspeel/crypto/mac.hpp"

#include <map>

#include "tlspeel/crypto/error.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

const std::map<std::string, HashId> kHashes = {{"md5", HashId::md5},
                                               {"sha1", HashId::sha1},
                                               {"sha256", HashId::sha256},
                                               {"sha384", HashId::sha384},
                                               {"sha512", HashId::sha512}};

template <class Mac>
void expect_mac(HashId id, const Case& c) {
  Mac mac(id, c.bytes("key"));
  const Bytes message = c.bytes("message");
  Bytes out(mac.size());
  // Again and again with one object, and cut into parts at every place.
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    mac.compute({ByteView(message).first(cut), ByteView(message).subspan(cut)}, out);
    ASSERT_EQ(to_hex(out), c.text("output")) << c.text("source");
  }
  Mac moved = std::move(mac);
  moved.compute({message}, out);
  EXPECT_EQ(to_hex(out), c.text("output"));
}

TEST(Mac, KnownAnswers) {
  for (const Case& c : read_cases("mac.txt")) {
    const HashId id = kHashes.at(c.text("hash"));
    if (c.text("mac") == "ssl3") {
      expect_mac<Ssl3Mac>(id, c);
    } else {
      expect_mac<Hmac>(id, c);
    }
  }
}

TEST(Mac, WhatCannotBeIsRefused) {
  EXPECT_THROW(Ssl3Mac(HashId::sha256, Bytes(32)), CryptoError);
  EXPECT_THROW(Hmac(HashId::none, Bytes(32)), CryptoError);
  Hmac mac(HashId::sha1, Bytes(20));
  Bytes too_small(19);
  EXPECT_THROW(mac.compute({}, too_small), CryptoError);
}

TEST(Mac, EqualLooksAtSizeAndEveryByte) {
  const Bytes a = {1, 2, 3};
  EXPECT_TRUE(equal(a, Bytes{1, 2, 3}));
  EXPECT_TRUE(equal({}, {}));
  EXPECT_FALSE(equal(a, Bytes{1, 2}));
  EXPECT_FALSE(equal(a, Bytes{1, 2, 4}));
  EXPECT_FALSE(equal(a, Bytes{0, 2, 3}));
}

TEST(Digest, GoesOnAfterFinishAndClonesPartWays) {
  Digest digest(HashId::sha256);
  const Bytes empty = digest.finish();
  EXPECT_EQ(to_hex(empty), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  digest.update(as_bytes("a"));
  Digest clone = digest.clone();
  digest.update(as_bytes("bc"));
  // FIPS 180-2 appendix B.1.
  EXPECT_EQ(to_hex(digest.finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest.finish(), hash(HashId::sha256, {as_bytes("ab"), as_bytes("c")}));
  clone.update(as_bytes("x"));
  EXPECT_EQ(clone.finish(), hash(HashId::sha256, {as_bytes("ax")}));
  EXPECT_THROW(Digest{HashId::none}, CryptoError);
}

TEST(Digest, SizesAreThoseOfTheHashes) {
  for (const auto& [name, id] : kHashes) EXPECT_EQ(hash(id, {}).size(), hash_size(id)) << name;
}

}  // namespace
}  // namespace tlspeel::crypto
