#include "http2/frame_search.hpp"

#include <random>

#include <gtest/gtest.h>

#include "frames.hpp"

namespace tlspeel::http2 {
namespace {

using test::operator<<;  // NOLINT(misc-unused-using-decls): clang-tidy does not see that operators are used

const FrameBounds kServer{Direction::server, 16384, 21};

Bytes noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  Bytes out(size);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
  return out;
}

TEST(Http2FrameSearch, FindsARunOfFrames) {
  const Bytes run = test::data(21, std::string(1000, 'x')) << test::data(21, "end", true);
  for (std::size_t before = 0; before < 50; ++before) {
    const FrameSighting found = find_frame(noise(before, 7) << run, 0, kServer, false);
    EXPECT_TRUE(found.found);
    EXPECT_EQ(found.at, before);
  }
}

TEST(Http2FrameSearch, OneHeaderIsNoProofUntilItsSuccessorComes) {
  const Bytes first = noise(20, 3) << test::data(21, std::string(1000, 'x'));
  FrameSighting found = find_frame(first, 0, kServer, false);
  EXPECT_FALSE(found.found);
  EXPECT_EQ(found.at, 20U);
  EXPECT_TRUE(find_frame(first, 0, kServer, true).found) << "the bytes end where it does";
  found = find_frame(first << test::data(21, "", true), 20, kServer, false);
  EXPECT_TRUE(found.found);
  EXPECT_FALSE(find_frame(first << Bytes(30, 'x'), 20, kServer, true).found);
}

TEST(Http2FrameSearch, ZerosAndNoiseAreNoFrames) {
  EXPECT_FALSE(find_frame(Bytes(5000, 0), 0, kServer, true).found);
  Bytes settings_like;
  for (int i = 0; i < 500; ++i) append(settings_like, Bytes{0, 0, 0, 4, 0, 0, 0, 0, 0});
  EXPECT_FALSE(find_frame(settings_like, 0, kServer, true).found);
  for (std::uint32_t seed = 0; seed < 50; ++seed)
    EXPECT_FALSE(find_frame(noise(20'000, seed), 0, kServer, true).found);
}

TEST(Http2FrameSearch, FramesThatSayNothingAreNotWaitedFor) {
  Bytes empty;
  for (int i = 0; i < 5000; ++i) append(empty, test::settings());
  const FrameSighting sighting = find_frame(empty, 0, kServer, false);
  EXPECT_FALSE(sighting.found);
  EXPECT_GT(sighting.at, empty.size() - 200) << "what is before is not kept";
}

TEST(Http2FrameSearch, FramesThatCannotBe) {
  const auto found = [](const Bytes& bytes, const FrameBounds& bounds) {
    return find_frame(bytes, 0, bounds, true);
  };
  const FrameBounds client{Direction::client, 16384, 21};
  EXPECT_TRUE(found(test::data(21, "a") << test::data(21, "b"), client).found);
  EXPECT_EQ(found(test::data(20, "a") << test::data(21, "b"), client).at, 10U) << "a stream of the server";
  EXPECT_NE(found(test::data(90'001, "a") << test::data(21, "b"), kServer).at, 0U);
  const Bytes continuation = test::frame(FrameType::continuation, kFlagEndHeaders, 21, Bytes(10, 0x82));
  EXPECT_NE(found(continuation << test::data(21, "b") << test::data(21, "b"), kServer).at, 0U);
  const Bytes headers = test::frame(FrameType::headers, 0, 21, Bytes(10, 0x82));
  EXPECT_EQ(found(headers << continuation, kServer).at, 0U);
  EXPECT_FALSE(found(headers << test::data(21, "b"), kServer).found &&
               found(headers << test::data(21, "b"), kServer).at == 0);
}

TEST(Http2FrameSearch, GuessAtAPlaceThatIsNamed) {
  EXPECT_EQ(frame_at(test::data(21, "abc"), kServer, false), FrameGuess::yes);
  EXPECT_EQ(frame_at(ByteView(test::data(21, "abc")).first(8), kServer, false), FrameGuess::need_more);
  EXPECT_EQ(frame_at(test::bytes("HTTP/1.1 200 OK"), kServer, false), FrameGuess::no);
  EXPECT_EQ(frame_at({}, kServer, true), FrameGuess::yes);
}

}  // namespace
}  // namespace tlspeel::http2
