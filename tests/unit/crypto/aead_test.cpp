#include <algorithm>

#include "tlspeel/crypto/ciphers.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

struct Record {
  BulkId id = BulkId::unknown;
  std::size_t tag_size = 0;
  Bytes key, nonce, aad, plaintext, sealed;
};

Record record_of(const Case& c) {
  const auto table = bulk_table();
  const auto info = std::ranges::find(table, c.text("cipher"), &BulkInfo::name);
  Record record;
  if (info == table.end()) {
    ADD_FAILURE() << "no cipher " << c.text("cipher");
    return record;
  }
  record = {info->id,       info->tag_size,       c.bytes("key"),       c.bytes("nonce"),
            c.bytes("aad"), c.bytes("plaintext"), c.bytes("ciphertext")};
  append(record.sealed, c.bytes("tag"));
  return record;
}

// OpenSSL has SM4-GCM and SM4-CCM from 3.1 on; everything else is there.
std::vector<Case> available_cases() {
  std::vector<Case> cases = read_cases("aead.txt");
  std::erase_if(cases, [](const Case& c) {
    const BulkId id = record_of(c).id;
    return (id == BulkId::sm4_gcm || id == BulkId::sm4_ccm) && !bulk_available(id);
  });
  return cases;
}

bool all_zeros(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

TEST(Aead, KnownAnswersBothWays) {
  for (const Case& c : available_cases()) {
    const Record r = record_of(c);
    AeadCipher cipher(r.id, r.key);
    Bytes out(r.plaintext.size(), 0xee);
    ASSERT_TRUE(cipher.open(r.nonce, r.aad, r.sealed, out)) << c.text("cipher") << ' ' << r.plaintext.size();
    EXPECT_EQ(out, r.plaintext) << c.text("cipher");
    Bytes sealed(r.sealed.size());
    ASSERT_TRUE(cipher.seal(r.nonce, r.aad, r.plaintext, sealed));
    EXPECT_EQ(to_hex(sealed), to_hex(r.sealed)) << c.text("cipher");
    // In place, as record layers do, and with the object that has sealed in between.
    const auto plain_part = std::span(sealed).first(r.plaintext.size());
    ASSERT_TRUE(cipher.open(r.nonce, r.aad, sealed, plain_part));
    EXPECT_EQ(to_hex(plain_part), to_hex(r.plaintext)) << c.text("cipher");
  }
}

TEST(Aead, EveryFlippedBitIsNoticedAndTheContextStaysUsable) {
  for (const Case& c : available_cases()) {
    Record r = record_of(c);
    if (r.plaintext.size() > 40) continue;
    AeadCipher cipher(r.id, r.key);
    for (Bytes* part : {&r.sealed, &r.nonce, &r.aad}) {
      for (std::uint8_t& byte : *part) {
        byte ^= 0x10;
        Bytes out(r.plaintext.size(), 0xee);
        ASSERT_FALSE(cipher.open(r.nonce, r.aad, r.sealed, out)) << c.text("cipher");
        ASSERT_TRUE(all_zeros(out)) << c.text("cipher");
        byte ^= 0x10;
        ASSERT_TRUE(cipher.open(r.nonce, r.aad, r.sealed, out)) << c.text("cipher");
        ASSERT_EQ(out, r.plaintext) << c.text("cipher");
      }
    }
  }
}

TEST(Aead, WrongSizesAreRefused) {
  for (const Case& c : available_cases()) {
    const Record r = record_of(c);
    AeadCipher cipher(r.id, r.key);
    for (std::size_t size = 0; size < r.sealed.size(); ++size) {
      Bytes out(size > r.tag_size ? size - r.tag_size : 0, 0xee);
      ASSERT_FALSE(cipher.open(r.nonce, r.aad, ByteView(r.sealed).first(size), out)) << c.text("cipher");
      ASSERT_TRUE(all_zeros(out));
    }
    Bytes too_large(r.plaintext.size() + 1, 0xee);
    EXPECT_FALSE(cipher.open(r.nonce, r.aad, r.sealed, too_large));
    EXPECT_TRUE(all_zeros(too_large));
    Bytes out(r.plaintext.size());
    EXPECT_FALSE(cipher.open(ByteView(r.nonce).first(r.nonce.size() - 1), r.aad, r.sealed, out));
    EXPECT_FALSE(cipher.seal(r.nonce, r.aad, r.plaintext, out));
  }
}

TEST(Aead, EveryAeadHasAVector) {
  const auto cases = read_cases("aead.txt");
  for (const BulkInfo& info : bulk_table()) {
    if (info.tag_size == 0 || info.kind == BulkKind::unsupported) continue;
    EXPECT_TRUE(std::ranges::any_of(cases, [&](const Case& c) { return c.text("cipher") == info.name; }))
        << info.name;
  }
}

TEST(Aead, NoncesHaveTwelveBytesButForTheDraft) {
  for (const BulkInfo& info : bulk_table()) {
    if (info.tag_size == 0 || info.kind == BulkKind::unsupported || !bulk_available(info.id)) continue;
    const AeadCipher cipher(info.id, Bytes(info.key_size, 3));
    EXPECT_EQ(cipher.nonce_size(), info.id == BulkId::chacha20_poly1305_draft ? 8U : 12U) << info.name;
  }
}

TEST(Aead, LargeRecordsAndNoAdditionalData) {
  for (const BulkInfo& info : bulk_table()) {
    const bool aead =
        info.kind == BulkKind::gcm || info.kind == BulkKind::ccm || info.kind == BulkKind::chacha;
    if (!aead || !bulk_available(info.id)) continue;
    AeadCipher cipher(info.id, Bytes(info.key_size, 3));
    const Bytes plaintext(16384 + 5, 0x5a);
    Bytes sealed(plaintext.size() + info.tag_size);
    Bytes out(plaintext.size());
    for (std::uint8_t n = 0; n < 3; ++n) {
      const Bytes nonce(cipher.nonce_size(), n);
      ASSERT_TRUE(cipher.seal(nonce, {}, plaintext, sealed)) << info.name;
      ASSERT_TRUE(cipher.open(nonce, {}, sealed, out)) << info.name;
      EXPECT_EQ(out, plaintext) << info.name;
    }
  }
}

}  // namespace
}  // namespace tlspeel::crypto
