// What other programs coded is decoded, however it is split and wherever the limit is.
#include "vectors.hpp"

#include <gtest/gtest.h>

namespace tlspeel::coding {
namespace {

using test::decode;
using test::Decoded;

class Vectors : public testing::TestWithParam<test::Vector> {
 protected:
  Bytes coded_ = test::vector_file(GetParam().file);
  Bytes plain_ = test::vector_file("plain.txt");
};

TEST_P(Vectors, AreDecodedInPiecesOfAnySize) {
  ASSERT_FALSE(plain_.empty());
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 1000U, 4096U, 1'000'000U})
    EXPECT_EQ(decode(GetParam().codings, coded_, piece), (Decoded{plain_, true, ""})) << piece;
}

TEST_P(Vectors, AreDecodedAsFarAsThereIsRoom) {
  for (const std::uint64_t most : {0U, 1U, 500U, 4096U, 4097U, 21'787U}) {
    const Decoded out = decode(GetParam().codings, coded_, 1'000'000, most);
    EXPECT_EQ(out.content, to_bytes(ByteView(plain_).first(most))) << most;
    EXPECT_FALSE(out.whole);
    EXPECT_EQ(out.note, "");
    EXPECT_EQ(decode(GetParam().codings, coded_, 1, most), out);
  }
  EXPECT_TRUE(decode(GetParam().codings, coded_, 1, plain_.size()).whole);
}

// Cut anywhere, there is a beginning of the text, and no more is claimed.
TEST_P(Vectors, AreCutAnywhere) {
  for (std::size_t size = 0; size < coded_.size();
       size += size < 64 || size + 64 > coded_.size() ? 1U : 61U) {
    const Decoded out = decode(GetParam().codings, ByteView(coded_).first(size));
    ASSERT_LE(out.content.size(), plain_.size());
    EXPECT_TRUE(std::equal(out.content.begin(), out.content.end(), plain_.begin())) << size;
    // LZW has no end, nor has what consists of several streams: there a cut may look like one.
    if (GetParam().file.ends_with(".Z") || out.whole) continue;
    EXPECT_TRUE(out.note.starts_with("the end of ")) << out.note;
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Vectors, testing::ValuesIn(test::kVectors));

TEST(ContentDecoder, DeflateWithoutAWrapperMayBeStored) {
  const Bytes coded = test::vector_file("stored.deflate");
  EXPECT_EQ(decode("deflate", coded, 1).content,
            to_bytes(ByteView(test::vector_file("plain.txt")).first(100)));
  EXPECT_TRUE(decode("deflate", coded).whole);
}

TEST(ContentDecoder, NamesAreCodingsOfAnyCase) {
  EXPECT_TRUE(ContentDecoder::make("GZip"));
  EXPECT_TRUE(ContentDecoder::make("identity,\tbr , ,zstd"));
  EXPECT_FALSE(ContentDecoder::make("gzip, exi"));
  EXPECT_FALSE(ContentDecoder::make("br, br, br, br, br"));
  EXPECT_FALSE(ContentDecoder::make("identity"));
  EXPECT_FALSE(ContentDecoder::make(""));
}

TEST(ContentDecoder, WhatFollowsTheEndIsCounted) {
  for (const auto& [file, coding] :
       {std::pair("one.gz", "gzip"), std::pair("raw.deflate", "deflate"), std::pair("best.br", "br")}) {
    Bytes coded = test::vector_file(file);
    append(coded, as_bytes(std::string_view("\0\x1f\0", 3)));
    const Decoded out = decode(coding, coded, 1);
    EXPECT_TRUE(out.whole);
    EXPECT_EQ(out.note, std::string("3 bytes come behind the end of ") + coding);
    EXPECT_EQ(decode(coding, coded), out);
  }
}

TEST(ContentDecoder, NothingMoreIsDecodedBehindAHole) {
  const auto decoder = ContentDecoder::make("gzip");
  const Bytes coded = test::vector_file("one.gz");
  Bytes out;
  decoder->push(ByteView(coded).first(1000), out, test::kAll);
  const std::size_t before = out.size();
  decoder->stop("decoded up to a hole");
  decoder->push(ByteView(coded).subspan(1100), out, test::kAll);
  decoder->finish();
  EXPECT_EQ(out.size(), before);
  EXPECT_FALSE(decoder->whole());
  EXPECT_EQ(decoder->note(), "decoded up to a hole");
}

}  // namespace
}  // namespace tlspeel::coding
