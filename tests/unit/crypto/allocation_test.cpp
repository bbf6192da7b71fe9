// A record allocates nothing: neither with operator new nor inside OpenSSL.
#include <array>

#include <openssl/crypto.h>

#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/crypto/mac.hpp"

#include "unit/counted_allocations.hpp"
#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

// Allocations of the second run of something: the first may set up what is kept.
template <class Run>
std::size_t allocations_of(Run run) {
  EXPECT_TRUE(run());
  const std::size_t before = allocations();
  const bool ok = run();
  const std::size_t after = allocations();
  EXPECT_TRUE(ok);
  return after - before;
}

TEST(Allocation, IsCounted) {
  const std::size_t before = allocations();
  Bytes* volatile made = new Bytes(100);
  delete made;
  EXPECT_EQ(allocations(), before + 2);
  if (!openssl_is_counted()) GTEST_SKIP() << "OpenSSL was in use before the test began";
  OPENSSL_free(OPENSSL_malloc(1));
  EXPECT_EQ(allocations(), before + 3);
}

TEST(Allocation, NoneInAnAeadRecord) {
  for (const BulkInfo& info : bulk_table()) {
    if (info.tag_size == 0 || info.kind == BulkKind::unsupported || !bulk_available(info.id)) continue;
    AeadCipher cipher(info.id, Bytes(info.key_size, 3));
    const Bytes nonce(cipher.nonce_size(), 9);
    const Bytes aad(13, 1);
    Bytes sealed(1000U + info.tag_size);
    Bytes out(1000);
    ASSERT_TRUE(cipher.seal(nonce, aad, out, sealed));
    EXPECT_EQ(allocations_of([&] { return cipher.open(nonce, aad, sealed, out); }), 0U) << info.name;
  }
}

TEST(Allocation, NoneInACbcRecord) {
  for (const BulkInfo& info : bulk_table()) {
    // libgcrypt's memory is not OpenSSL's; nothing of it is counted.
    if (info.kind != BulkKind::cbc || !bulk_available(info.id)) continue;
    CbcCipher cipher(info.id, Bytes(info.key_size, 3));
    const Bytes iv(info.block_size, 9);
    Bytes record(960);
    EXPECT_EQ(allocations_of([&] { return cipher.decrypt(iv, record, record); }), 0U) << info.name;
  }
}

TEST(Allocation, NoneInAMac) {
  for (const HashId id : {HashId::md5, HashId::sha1, HashId::sha256, HashId::sha384, HashId::sha512}) {
    Hmac mac(id, Bytes(20, 1));
    const Bytes message(1000, 2);
    Bytes out(mac.size());
    EXPECT_EQ(allocations_of([&] {
                mac.compute({message}, out);
                return true;
              }),
              0U)
        << hash_name(id);
  }
}

}  // namespace
}  // namespace tlspeel::crypto
