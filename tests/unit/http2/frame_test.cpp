#include <gtest/gtest.h>

#include "frames.hpp"

namespace tlspeel::http2 {
namespace {

FrameHeader header(FrameType type, std::uint32_t length, std::uint32_t stream, std::uint8_t flags = 0) {
  return {length, type, flags, false, stream};
}

TEST(Http2Frame, HeaderIsReadAsItWasWritten) {
  const FrameHeader in{0x123456, FrameType::push_promise, 0x0c, true, 0x7fffffff};
  const auto octets = bytes_of(in);
  Reader reader(octets);
  const FrameHeader out = read_frame_header(reader);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.empty());
  EXPECT_EQ(out.length, in.length);
  EXPECT_EQ(out.type, in.type);
  EXPECT_EQ(out.flags, in.flags);
  EXPECT_TRUE(out.reserved);
  EXPECT_EQ(out.stream, in.stream);
}

TEST(Http2Frame, SaysWhatNoPeerMaySend) {
  EXPECT_EQ(fault_of(header(FrameType::data, 0, 1)), "");
  EXPECT_NE(fault_of(header(FrameType::data, 0, 0)), "");
  EXPECT_NE(fault_of(header(FrameType::data, 0, 1, kFlagPadded)), "");
  EXPECT_NE(fault_of(header(FrameType::headers, 5, 1, kFlagPadded | kFlagPriority)), "");
  EXPECT_EQ(fault_of(header(FrameType::headers, 6, 1, kFlagPadded | kFlagPriority)), "");
  EXPECT_NE(fault_of(header(FrameType::settings, 6, 1)), "");
  EXPECT_NE(fault_of(header(FrameType::settings, 7, 0)), "");
  EXPECT_NE(fault_of(header(FrameType::settings, 6, 0, kFlagAck)), "");
  EXPECT_EQ(fault_of(header(FrameType::settings, 6, 0)), "");
  EXPECT_NE(fault_of(header(FrameType::ping, 7, 0)), "");
  EXPECT_NE(fault_of(header(FrameType::goaway, 7, 0)), "");
  EXPECT_NE(fault_of(header(FrameType::rst_stream, 5, 1)), "");
  EXPECT_EQ(fault_of(header(FrameType::window_update, 4, 0)), "");
  EXPECT_EQ(fault_of(header(FrameType::window_update, 4, 3)), "");
  EXPECT_EQ(fault_of(header(static_cast<FrameType>(0x2a), 99, 7)), "") << "unknown types are anybody's";
}

TEST(Http2Frame, NamesErrorsAsIanaDoes) {
  EXPECT_EQ(error_text(0), "NO_ERROR");
  EXPECT_EQ(error_text(8), "CANCEL");
  EXPECT_EQ(error_text(13), "HTTP_1_1_REQUIRED");
  EXPECT_EQ(error_text(0x1f), "error 0x1f");
  EXPECT_EQ(frame_name(FrameType::priority_update), "PRIORITY_UPDATE");
  EXPECT_EQ(frame_name(static_cast<FrameType>(0x2a)), "");
}

}  // namespace
}  // namespace tlspeel::http2
