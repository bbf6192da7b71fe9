// Damage anywhere: nothing crashes, what was decoded before it is there, and it is the same however the bytes
// are split.
#include <gtest/gtest.h>

#include "vectors.hpp"

namespace tlspeel::coding {
namespace {

using test::decode;
using test::Decoded;

class Damage : public testing::TestWithParam<test::Vector> {};

TEST_P(Damage, AtAnyByteGivesTheSameForAnySplit) {
  const Bytes coded = test::vector_file(GetParam().file);
  for (std::size_t at = 0; at < coded.size(); at += at < 40 || at + 20 > coded.size() ? 1U : 37U) {
    for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
      Bytes damaged = coded;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ flip);
      const Decoded whole = decode(GetParam().codings, damaged);
      ASSERT_EQ(decode(GetParam().codings, damaged, 1), whole) << at;
      ASSERT_EQ(decode(GetParam().codings, damaged, 100), whole) << at;
      if (!whole.whole) {
        EXPECT_NE(whole.note, "");
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Damage, testing::ValuesIn(test::kVectors));

// What comes before the damage is shown: a body that came in one piece does not lose more than one in many.
TEST(ContentDecoder, WhatComesBeforeDamageIsThere) {
  const Bytes plain = test::vector_file("plain.txt");
  // zstd has blocks: a small text is one of them, and nothing of it comes before it is whole.
  for (const auto& [file, coding] : {std::pair("one.gz", "gzip"), std::pair("best.br", "br"),
                                     std::pair("bits16.Z", "compress"), std::pair("frames.zst", "zstd")}) {
    Bytes damaged = test::vector_file(file);
    std::fill(damaged.begin() + static_cast<std::ptrdiff_t>(damaged.size() * 3 / 4), damaged.end(), 0xFF);
    const Decoded out = decode(coding, damaged);
    EXPECT_GT(out.content.size(), 5000U) << file;
    EXPECT_TRUE(std::equal(plain.begin(), plain.begin() + 5000, out.content.begin())) << file;
    EXPECT_NE(out.note, "");
  }
}

TEST(ContentDecoder, ChecksumsCount) {
  for (const auto& [file, coding, reason] :
       {std::tuple("one.gz", "gzip", "gzip is damaged: incorrect data check"),
        std::tuple("wrapped.deflate", "deflate", "deflate is damaged: incorrect data check"),
        std::tuple("checked.zst", "zstd", "zstd is damaged: Restored data doesn't match checksum")}) {
    Bytes damaged = test::vector_file(file);
    const std::size_t from_end = std::string_view(coding) == "gzip" ? 8 : 1;
    damaged[damaged.size() - from_end] ^= 1U;
    const Decoded out = decode(coding, damaged);
    EXPECT_EQ(out.note, reason);
    EXPECT_EQ(out.content, test::vector_file("plain.txt"));
  }
}

TEST(ContentDecoder, WhatIsNotCodedIsSaid) {
  const Bytes plain = test::vector_file("plain.txt");
  EXPECT_EQ(decode("gzip", plain), (Decoded{{}, false, "gzip is damaged: incorrect header check"}));
  EXPECT_EQ(decode("compress", plain), (Decoded{{}, false, "compress is damaged: incorrect header"}));
  EXPECT_EQ(decode("zstd", plain), (Decoded{{}, false, "zstd is damaged: Unknown frame descriptor"}));
}

// RFC 9659: a browser refuses a window of more than 8 MiB as well.
TEST(ContentDecoder, AWindowThatIsTooLargeIsRefused) {
  const Bytes frame = {0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x70, 0x01, 0x00, 0x00};  // 16 MiB; an empty last block
  EXPECT_EQ(decode("zstd", frame).note, "zstd is damaged: Frame requires too much memory for decoding");
}

// A code that is not made yet, and one for a table that was just cleared.
TEST(ContentDecoder, CodesOfLzwThatMeanNothing) {
  for (const Bytes& coded : {Bytes{0x1F, 0x9D, 0x90, 0x61, 0xFE, 0x03}, Bytes{0x1F, 0x9D, 0x90, 0xFF, 0x01},
                             Bytes{0x1F, 0x9D, 0x10, 0x00, 0x01}}) {
    EXPECT_EQ(decode("compress", coded).note, "compress is damaged: a code that means nothing yet");
  }
  EXPECT_EQ(decode("compress", Bytes{0x1F, 0x9D, 0x91}).note, "compress is damaged: its flags are unknown");
  EXPECT_EQ(decode("compress", Bytes{0x1F, 0x9D, 0xB0}).note, "compress is damaged: its flags are unknown");
  EXPECT_EQ(decode("compress", Bytes{0x1F, 0x9D, 0x88}).note, "compress is damaged: its flags are unknown");
}

}  // namespace
}  // namespace tlspeel::coding
