#include "tlspeel/base/reader.hpp"

#include <gtest/gtest.h>

namespace tlspeel {
namespace {

const Bytes kBytes = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

TEST(Reader, ReadsNumbersInNetworkOrder) {
  Reader r(kBytes);
  EXPECT_EQ(r.u8(), 0x01);
  EXPECT_EQ(r.u16(), 0x0203);
  EXPECT_EQ(r.u24(), 0x040506U);
  EXPECT_EQ(r.u16(), 0x0708);
  EXPECT_TRUE(r.ok());
  EXPECT_TRUE(r.empty());
}

TEST(Reader, ReadsLittleEndianWhereAsked) {
  Reader r(kBytes);
  EXPECT_EQ(r.u16le(), 0x0201);
  EXPECT_EQ(r.u32le(), 0x06050403U);
}

TEST(Reader, ReadsSixtyFourBits) {
  Reader r(kBytes);
  EXPECT_EQ(r.u64(), 0x0102030405060708ULL);
}

TEST(Reader, FailureIsStickyAndTheFirstOneIsKept) {
  Reader r(ByteView(kBytes).first(3));
  r.skip(2);
  EXPECT_EQ(r.u16(), 0);
  EXPECT_FALSE(r.ok());
  EXPECT_EQ(r.u8(), 0);  // there is a byte left, but what follows a failure means nothing
  EXPECT_EQ(r.remaining(), 0U);
  r.fail("something else");
  EXPECT_STREQ(r.error().what, "field runs past the end");
  EXPECT_EQ(r.error().offset, 2U);
}

TEST(Reader, FinishRejectsWhatIsLeftOver) {
  Reader r(kBytes);
  r.skip(7);
  const auto result = r.finish(1);
  ASSERT_FALSE(result);
  EXPECT_STREQ(result.error().what, "trailing bytes");
  EXPECT_EQ(result.error().offset, 7U);
}

TEST(Reader, FinishPartialLeavesTheRestToOthers) {
  Reader r(kBytes);
  r.skip(1);
  EXPECT_EQ(r.finish_partial(5), 5);
}

TEST(Reader, VectorsTakeTheirLengthFromTheFront) {
  const Bytes bytes = {2, 0xaa, 0xbb, 0, 1, 0xcc, 0, 0, 1, 0xdd};
  Reader r(bytes);
  EXPECT_EQ(to_bytes(r.vector8()), (Bytes{0xaa, 0xbb}));
  EXPECT_EQ(to_bytes(r.vector16()), Bytes{0xcc});
  EXPECT_EQ(to_bytes(r.vector24()), Bytes{0xdd});
  EXPECT_TRUE(r.finish(0));
}

TEST(Reader, SubReaderCountsOffsetsInTheOutermostBuffer) {
  Reader r(kBytes, 100);
  r.skip(2);
  Reader nested = r.sub(3);
  nested.skip(3);
  EXPECT_EQ(nested.u8(), 0);
  EXPECT_EQ(nested.error().offset, 105U);
  EXPECT_TRUE(r.ok());
  r.absorb(nested);
  EXPECT_FALSE(r.ok());
  EXPECT_EQ(r.error().offset, 105U);
}

TEST(Reader, SubReaderOfMoreThanThereIsFailsBoth) {
  Reader r(kBytes);
  Reader nested = r.sub(9);
  EXPECT_FALSE(nested.ok());
  EXPECT_FALSE(r.ok());
}

TEST(Reader, EveryLengthIsSafe) {
  for (std::size_t size = 0; size <= kBytes.size(); ++size) {
    Reader r(ByteView(kBytes).first(size));
    (void)r.u8();
    (void)r.vector16();
    (void)r.u32();
    EXPECT_FALSE(r.finish(0).has_value());
  }
}

}  // namespace
}  // namespace tlspeel
