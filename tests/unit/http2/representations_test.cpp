#include "http2/representations.hpp"

#include <gtest/gtest.h>

#include "frames.hpp"

namespace tlspeel::http2 {
namespace {

TEST(Http2Representations, IntegersOfTheStandardsExamples) {
  // RFC 7541 appendix C.1: 10 and 1337 with a prefix of 5 bits.
  Bytes out;
  append_integer(out, 0x20, 5, 10);
  append_integer(out, 0x20, 5, 1337);
  EXPECT_EQ(out, (Bytes{0x2a, 0x3f, 0x9a, 0x0a}));
  Reader in(out);
  EXPECT_EQ(next_representation(in)->size, 10U);
  EXPECT_EQ(next_representation(in)->size, 1337U);
  EXPECT_TRUE(in.empty());
}

TEST(Http2Representations, WhatTheyReferTo) {
  const Bytes block =
      Bytes{0x82, 0xff, 0x00, 0x40, 0x01, 'a', 0x02, 'b', 'c', 0x7f, 0x01, 0x00, 0x1f, 0x10, 0x81, 0xff};
  Reader in(block);
  auto next = next_representation(in);
  EXPECT_EQ(next->kind, RepresentationKind::indexed);
  EXPECT_EQ(next->index, 2U);
  next = next_representation(in);
  EXPECT_EQ(next->index, 127U);
  next = next_representation(in);
  EXPECT_EQ(next->kind, RepresentationKind::literal_indexed);
  EXPECT_EQ(next->index, 0U);
  EXPECT_EQ(to_bytes(next->strings), (Bytes{0x01, 'a', 0x02, 'b', 'c'}));
  EXPECT_EQ(next->longest, 2U);
  EXPECT_EQ(next->whole.size(), 6U);
  next = next_representation(in);
  EXPECT_EQ(next->index, 64U);
  EXPECT_EQ(to_bytes(next->strings), Bytes{0x00});
  next = next_representation(in);
  EXPECT_EQ(next->kind, RepresentationKind::literal_never_indexed);
  EXPECT_EQ(next->index, 31U);
  EXPECT_TRUE(in.empty());
}

TEST(Http2Representations, EndsWhereTheBlockBreaksTheFormat) {
  for (const Bytes& block : {Bytes{0x80}, Bytes{0xff}, Bytes{0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01},
                             Bytes{0x40, 0x05, 'a'}, Bytes{0x00, 0x01, 'a'}, Bytes{0x41}}) {
    Reader in(block);
    EXPECT_FALSE(next_representation(in));
  }
}

TEST(Http2Representations, LargestIntegerIsOf32Bits) {
  const Bytes block{0x3f, 0xff, 0xff, 0xff, 0xff, 0x7f};
  Reader in(block);
  EXPECT_EQ(next_representation(in)->size, 0xffffffffU);
}

}  // namespace
}  // namespace tlspeel::http2
