#include "tlspeel/crypto/bulk_table.hpp"

#include <gtest/gtest.h>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/crypto/error.hpp"

#include "crypto/gcrypt_cbc.hpp"
#include "crypto/library.hpp"

namespace tlspeel::crypto {
namespace {

TEST(BulkTable, EveryCipherIsThere) {
  for (const BulkInfo& info : bulk_table()) {
    if (info.id >= BulkId::sm4_gcm || info.id == BulkId::idea_cbc) continue;
    EXPECT_TRUE(bulk_available(info.id)) << info.name;
  }
}

// Debian's OpenSSL is built without IDEA: it is there exactly where libgcrypt is.
TEST(BulkTable, IdeaComesFromTheSecondSource) {
  const bool in_openssl = library::cipher(BulkId::idea_cbc) != nullptr;
  EXPECT_EQ(bulk_available(BulkId::idea_cbc), in_openssl || gcrypt_cbc_available(BulkId::idea_cbc));
#ifdef TLSPEEL_LIBGCRYPT
  EXPECT_TRUE(gcrypt_cbc_available(BulkId::idea_cbc));
  EXPECT_NO_THROW(GcryptCbc(BulkId::idea_cbc, Bytes(16)));
  EXPECT_THROW(GcryptCbc(BulkId::idea_cbc, Bytes(15)), CryptoError);
#else
  EXPECT_FALSE(gcrypt_cbc_available(BulkId::idea_cbc));
  EXPECT_THROW(GcryptCbc(BulkId::idea_cbc, Bytes(16)), CryptoError);
#endif
  EXPECT_FALSE(gcrypt_cbc_available(BulkId::aes_128_cbc));
  EXPECT_THROW(GcryptCbc(BulkId::aes_128_cbc, Bytes(16)), CryptoError);
}

TEST(BulkTable, WhatHasNoSourceIsReportedAndThrowsNoOtherWay) {
  EXPECT_FALSE(bulk_available(BulkId::unknown));
  EXPECT_FALSE(bulk_available(BulkId::magma_ctr));
  for (const BulkInfo& info : bulk_table()) {
    const Bytes key(info.key_size, 7);
    if (info.kind == BulkKind::cbc && !bulk_available(info.id)) {
      EXPECT_THROW(CbcCipher(info.id, key), CryptoError) << info.name;
    }
    EXPECT_THROW(StreamCipher(info.id, Bytes(info.key_size + 1U)), CryptoError) << info.name;
    EXPECT_THROW(CbcCipher(info.id, Bytes(info.key_size + 1U)), CryptoError) << info.name;
    EXPECT_THROW(AeadCipher(info.id, Bytes(info.key_size + 1U)), CryptoError) << info.name;
  }
}

TEST(BulkTable, KindsDoNotMix) {
  EXPECT_THROW(CbcCipher(BulkId::aes_128_gcm, Bytes(16)), CryptoError);
  EXPECT_THROW(AeadCipher(BulkId::aes_128_cbc, Bytes(16)), CryptoError);
  EXPECT_THROW(StreamCipher(BulkId::aes_128_cbc, Bytes(16)), CryptoError);
  EXPECT_THROW(AeadCipher(BulkId::unknown, Bytes()), CryptoError);
}

}  // namespace
}  // namespace tlspeel::crypto
