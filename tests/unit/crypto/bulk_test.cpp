#include <algorithm>

#include "tlspeel/crypto/ciphers.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

const BulkInfo& named(const std::string& name) {
  const auto table = bulk_table();
  const auto found = std::ranges::find(table, name, &BulkInfo::name);
  if (found == table.end()) ADD_FAILURE() << "no cipher " << name;
  return found == table.end() ? bulk_info(BulkId::unknown) : *found;
}

void expect_cbc(const BulkInfo& info, const Case& c) {
  CbcCipher cipher(info.id, c.bytes("key"));
  const Bytes iv = c.bytes("iv");
  const Bytes ciphertext = c.bytes("ciphertext");
  for (std::size_t size = 0; size <= ciphertext.size(); ++size) {
    Bytes out(size);
    const bool whole = size % info.block_size == 0;
    ASSERT_EQ(cipher.decrypt(iv, ByteView(ciphertext).first(size), out), whole) << info.name;
    if (whole) {
      EXPECT_EQ(to_hex(out), c.text("plaintext").substr(0, 2 * size)) << info.name;
    }
  }
  Bytes in_place = ciphertext;
  ASSERT_TRUE(cipher.decrypt(iv, in_place, in_place));
  EXPECT_EQ(to_hex(in_place), c.text("plaintext")) << info.name;
  ASSERT_TRUE(cipher.encrypt(iv, in_place, in_place));
  EXPECT_EQ(in_place, ciphertext) << info.name;
  EXPECT_FALSE(cipher.decrypt(ByteView(iv).first(iv.size() - 1), ciphertext, in_place));
}

void expect_stream(const BulkInfo& info, const Case& c) {
  const Bytes ciphertext = c.bytes("ciphertext");
  for (std::size_t cut = 0; cut <= ciphertext.size(); ++cut) {
    StreamCipher cipher(info.id, c.bytes("key"));
    Bytes out(ciphertext.size());
    cipher.process(ByteView(ciphertext).first(cut), std::span(out).first(cut));
    cipher.process(ByteView(ciphertext).subspan(cut), std::span(out).subspan(cut));
    ASSERT_EQ(to_hex(out), c.text("plaintext")) << info.name << " cut at " << cut;
  }
}

TEST(Bulk, KnownAnswers) {
  for (const Case& c : read_cases("bulk.txt")) {
    const BulkInfo& info = named(c.text("cipher"));
    // A build without libgcrypt has no IDEA; where it is there, it must be right.
    if (info.id == BulkId::idea_cbc && !bulk_available(info.id)) continue;
    if (info.kind == BulkKind::stream) {
      expect_stream(info, c);
    } else {
      expect_cbc(info, c);
    }
  }
}

TEST(Bulk, EveryStreamAndCbcCipherHasAVector) {
  const auto cases = read_cases("bulk.txt");
  for (const BulkInfo& info : bulk_table()) {
    if (info.kind != BulkKind::stream && info.kind != BulkKind::cbc) continue;
    EXPECT_TRUE(std::ranges::any_of(cases, [&](const Case& c) { return c.text("cipher") == info.name; }))
        << info.name;
  }
}

}  // namespace
}  // namespace tlspeel::crypto
