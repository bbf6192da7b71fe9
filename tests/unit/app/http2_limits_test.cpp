// What a peer may claim, and what is kept of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http2_talk.hpp"

namespace tlspeel::app::test {
namespace {

using http2::kFlagEndHeaders;
using http2::kFlagEndStream;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Http2Limits, BlockThatExpands) {
  Talk talk;
  talk.begin();
  Bytes block{0x82, 0x84, 0x87, 0x40, 0x01, 'a', 0x7f, 0xa1, 0x1e};
  append(block, as_bytes(std::string(4000, 'v')));
  block.resize(block.size() + 100'000, 0xbe);
  talk.client(frame(FrameType::headers, kFlagEndHeaders | kFlagEndStream, 1, block));
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_LT(messages.at(0)->fields.size(), 300U);
  EXPECT_THAT(messages.at(0)->note, HasSubstr("beyond the first of its header are not shown"));
}

TEST(Http2Limits, FloodOfContinuations) {
  Talk talk;
  talk.begin();
  talk.client(frame(FrameType::headers, 0, 1, talk.from_client.block(get("/"))));
  const Bytes more = frame(FrameType::continuation, 0, 1, Bytes(16'000, 0x82));
  for (int i = 0; i < 1000; ++i) talk.client(more);
  talk.client(frame(FrameType::continuation, kFlagEndHeaders, 1, {}));
  talk.client(talk.from_client.headers(3, get("/next"), true));
  talk.finish();
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages.at(0)->target, "/next");
  EXPECT_EQ(messages.at(1)->note, "its header is too long; ended inside the body");
}

TEST(Http2Limits, HeadersFrameOfSixteenMebibytes) {
  Talk talk;
  talk.begin();
  talk.client(frame(FrameType::headers, kFlagEndHeaders | kFlagEndStream, 1, Bytes(16'000'000, 0x82)));
  ASSERT_EQ(talk.messages().size(), 1U);
  EXPECT_EQ(talk.messages().at(0)->note, "its header is too long");
}

TEST(Http2Limits, StreamsThatAreResetAtOnce) {
  Talk talk;
  talk.begin();
  for (std::uint32_t id = 1; id < 200'000; id += 2)
    talk.client(talk.from_client.headers(id, get("/"), true) << reset(id, 8));
  EXPECT_EQ(talk.messages().size(), 200'000U);
  EXPECT_THAT(talk.problems(), IsEmpty());
}

TEST(Http2Limits, StreamsThatAreNeverAnswered) {
  Talk talk;
  talk.begin();
  for (std::uint32_t id = 1; id < 6000; id += 2) talk.client(talk.from_client.headers(id, get("/"), true));
  talk.finish();
  EXPECT_EQ(talk.messages().size(), 1024U);
  EXPECT_THAT(talk.problems(),
              ElementsAre("more than 1,024 streams are under way at once; further ones are not shown",
                          "1,976 streams were not shown"));
}

// Of streams whose end may be among what was lost, the oldest make room.
TEST(Http2Limits, StreamsWhoseEndWasLostMakeRoom) {
  Talk talk;
  talk.begin();
  talk.hole(Direction::server, {});
  for (std::uint32_t id = 1; id < 6000; id += 2) {
    talk.client(talk.from_client.headers(id, get("/"), true));
    if (id % 4 == 1) talk.server(talk.from_server.headers(id, ok()) << data(id, "some"));
    if (id % 100 == 99) talk.hole(Direction::server, {});
  }
  talk.finish();
  EXPECT_THAT(talk.problems(), testing::Not(testing::Contains(HasSubstr("streams are under way"))));
  EXPECT_EQ(talk.messages().size(), 3000U + 1500U);
}

TEST(Http2Limits, BodiesOfAllStreamsTogether) {
  Talk talk({1U << 20});
  talk.begin();
  const std::string piece(16'000, 't');
  for (std::uint32_t id = 1; id < 100; id += 2)
    talk.client(talk.from_client.headers(
        id, {{":method", "PUT"}, {":path", "/"}, {":scheme", "https"}, {"content-type", "text/plain"}}));
  for (int i = 0; i < 60; ++i) {
    for (std::uint32_t id = 1; id < 100; id += 2) talk.client(data(id, piece));
  }
  talk.finish();
  std::size_t kept = 0;
  for (const auto* message : talk.messages()) {
    kept += message->body.shown.size();
    EXPECT_EQ(message->body.size, 960'000U);
    EXPECT_THAT(message->note, HasSubstr("not all of this one was kept"));
  }
  EXPECT_LT(kept, std::size_t{20} << 20);
}

TEST(Http2Limits, FramesThatAreMalformedOneAfterTheOther) {
  Talk talk;
  talk.begin();
  for (int i = 0; i < 20; ++i) talk.client(frame(FrameType::ping, 0, 0, Bytes(7, 0)));
  talk.finish();
  EXPECT_EQ(talk.problems().size(), 9U);
  EXPECT_THAT(talk.problems().back(), HasSubstr("this is no HTTP/2"));
}

TEST(Http2Limits, ProblemsAreToldUpToABound) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/"), true));
  for (int i = 0; i < 1000; ++i) talk.client(talk.from_client.headers(1, get("/"), true));
  EXPECT_EQ(talk.problems().size(), 65U);
}

}  // namespace
}  // namespace tlspeel::app::test
