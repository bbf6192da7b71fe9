// Sizes that a peer controls, and amounts too large for text vectors.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "event_text.hpp"

namespace tlspeel::app::test {
namespace {

const event::HttpMessage& message(const TextSink& sink, std::size_t i) {
  return std::get<event::HttpMessage>(sink.events.at(i));
}

TEST(Http1Limits, LongHeadersAreWhole) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  const std::string value(900000, 'v');
  parser->push(Direction::client, {1, 0}, as_bytes("GET / HTTP/1.1\r\nCookie: " + value + "\r\n\r\n"));
  ASSERT_EQ(sink.events.size(), 1U);
  EXPECT_EQ(message(sink, 0).fields.at(0).value, value);
}

// whole and in pieces: the message with what came before the limit, a Problem, and every further byte as
// opaque data.
class TooLongHead : public testing::TestWithParam<std::size_t> {};

TEST_P(TooLongHead, IsCutAndTheRestIsShownAsItIs) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string text = start + "Cookie: " + std::string(2000000, 'v') + "\r\n\r\n";
  for (std::size_t i = 0; i < text.size(); i += GetParam()) {
    parser->push(Direction::client, {1, 0}, as_bytes(std::string_view(text).substr(i, GetParam())));
  }
  parser->finish({2, 0});
  ASSERT_EQ(sink.events.size(), 3U);
  EXPECT_FALSE(message(sink, 0).body.complete);
  EXPECT_EQ(message(sink, 0).note, "the header is too long");
  ASSERT_EQ(message(sink, 0).fields.size(), 1U);
  EXPECT_EQ(std::get<event::Problem>(sink.events.at(1)).layer, "http");
  EXPECT_EQ(std::get<event::OpaqueData>(sink.events.at(2)).size, text.size() - start.size());
}
INSTANTIATE_TEST_SUITE_P(Pieces, TooLongHead, testing::Values(1, 16384, 1000003, 4000000));

TEST(Http1Limits, ManySmallFieldsCountWithWhatTheyCost) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  std::string text = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 300000; ++i) text += "a:\n";
  parser->push(Direction::client, {1, 0}, as_bytes(text));
  parser->finish({2, 0});
  ASSERT_EQ(sink.events.size(), 3U);
  EXPECT_LT(message(sink, 0).fields.size(), 20000U);
  EXPECT_GT(message(sink, 0).fields.size(), 10000U);
}

TEST(Http1Limits, LinesThatDoNotEndAreNotKeptWhereTheyCannotBeHttp) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  parser->push(Direction::client, {1, 0}, as_bytes(std::string(100, 'x')));
  ASSERT_EQ(sink.events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<event::Problem>(sink.events.front()));
}

TEST(Http1Limits, ChunkSizeLinesAreBounded) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string line = "5;" + std::string(20000, 'e') + "\r\n";
  parser->push(Direction::server, {1, 0}, as_bytes(head + line));
  parser->finish({2, 0});
  ASSERT_EQ(sink.events.size(), 3U);
  EXPECT_FALSE(message(sink, 0).body.complete);
  EXPECT_EQ(std::get<event::OpaqueData>(sink.events.at(2)).size, line.size());
}

TEST(Http1Limits, RequestsThatWaitAreBounded) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  for (int i = 0; i < 66000; ++i) parser->push(Direction::client, {1, 0}, as_bytes("GET / HTTP/1.1\r\n\r\n"));
  const auto problems = std::ranges::count_if(
      sink.events, [](const event::Event& e) { return std::holds_alternative<event::Problem>(e); });
  EXPECT_EQ(problems, 1);
  parser->push(Direction::server, {2, 0}, as_bytes("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_EQ(std::get<event::HttpMessage>(sink.events.back()).note, "too many requests waited to be paired");
}

TEST(Http1Limits, ResponsesThatWaitForTheirRequestAreBoundedAndNotLost) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  parser->push(Direction::client, {1, 0}, as_bytes("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"));
  for (int i = 0; i < 20; ++i)
    parser->push(Direction::server, {2, 0}, as_bytes("HTTP/1.1 102 Processing\r\n\r\n"));
  EXPECT_EQ(sink.events.size(), 4U);
  parser->push(Direction::client, {3, 0}, as_bytes("hello"));
  ASSERT_EQ(sink.events.size(), 21U);
  EXPECT_TRUE(message(sink, 4).request);
}

TEST(Http1Limits, WhatWaitsBehindConnectIsBoundedAndNotLost) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  parser->push(Direction::client, {1, 0}, as_bytes("CONNECT a:1 HTTP/1.1\r\n\r\n"));
  const std::string data(200000, '\x01');
  parser->push(Direction::client, {2, 0}, as_bytes(data));
  parser->push(Direction::server, {3, 0}, as_bytes("HTTP/1.1 200 OK\r\n\r\nhello"));
  parser->finish({4, 0});
  ASSERT_EQ(sink.events.size(), 4U);
  EXPECT_EQ(std::get<event::OpaqueData>(sink.events.at(1)).size, data.size());
  EXPECT_EQ(message(sink, 2).exchange, 1U);
  EXPECT_EQ(std::get<event::OpaqueData>(sink.events.at(3)).size, 5U);
}

// Beyond the end of memory: a body is counted, whatever its length.
TEST(Http1Limits, BodiesAreCountedBeyond32Bits) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  parser->push(Direction::server, {1, 0},
               as_bytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5368709120\r\n\r\n"));
  const Bytes piece(std::size_t{1} << 24, 'x');
  for (int i = 0; i < 320; ++i) parser->push(Direction::server, {2, 0}, piece);
  ASSERT_EQ(sink.events.size(), 1U);
  EXPECT_EQ(message(sink, 0).body.size, 5368709120U);
  EXPECT_EQ(message(sink, 0).body.shown.size(), 65536U);
  EXPECT_TRUE(message(sink, 0).body.complete);
}

}  // namespace
}  // namespace tlspeel::app::test
