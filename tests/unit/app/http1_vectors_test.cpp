// Every vector of testdata/vectors/http1: whole, byte by byte, at random splits, and cut at every length.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <random>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_text.hpp"
#include "vector_file.hpp"

namespace tlspeel::app::test {
namespace {

const std::vector<Case>& vectors() {
  static const std::vector<Case> cases = read_vectors(TLSPEEL_TESTDATA "/vectors/http1");
  return cases;
}

// next_piece(left): how many of the bytes that are left to push at once. limit: bytes of the whole case that
// come at all.
template <class NextPiece>
TextSink replay(const Case& c, NextPiece next_piece, std::size_t limit = SIZE_MAX) {
  TextSink sink;
  const auto parser = make_parser(c.alpn, {c.max_body}, sink);
  PacketRef at;
  for (const Step& step : c.steps) {
    if (limit == 0) break;
    ++at.number;
    if (step.kind == Step::Kind::gap) parser->gap(step.direction, at, step.hole);
    if (step.kind == Step::Kind::end) parser->end(step.direction, at);
    ByteView left = ByteView(step.bytes).first(std::min(step.bytes.size(), limit));
    limit -= left.size();
    while (!left.empty()) {
      const std::size_t count = std::min(left.size(), next_piece(left.size()));
      parser->push(step.direction, at, left.first(count));
      left = left.subspan(count);
    }
  }
  ++at.number;
  parser->finish(at);
  return sink;
}

std::size_t whole(std::size_t left) {
  return left;
}
std::size_t byte_by_byte(std::size_t /*left*/) {
  return 1;
}

std::size_t size_of(const Case& c) {
  std::size_t size = 0;
  for (const Step& step : c.steps) size += step.bytes.size();
  return size;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "= " + line + "\n";
  return text;
}

class Http1Vector : public testing::TestWithParam<Case> {};

TEST_P(Http1Vector, GivesTheExpectedEvents) {
  ASSERT_EQ(GetParam().problem, "");
  ASSERT_FALSE(GetParam().expected.empty());
  EXPECT_EQ(joined(replay(GetParam(), whole).lines), joined(GetParam().expected));
}

TEST_P(Http1Vector, GivesTheSameEventsByteByByte) {
  EXPECT_EQ(joined(replay(GetParam(), byte_by_byte).lines), joined(GetParam().expected));
}

TEST_P(Http1Vector, GivesTheSameEventsAtRandomSplits) {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    std::mt19937 random(seed);
    const auto piece = [&](std::size_t left) { return 1 + random() % std::min<std::size_t>(left, 1 + seed); };
    ASSERT_EQ(joined(replay(GetParam(), piece).lines), joined(GetParam().expected)) << "seed " << seed;
  }
}

std::size_t complete_messages(const TextSink& sink) {
  return static_cast<std::size_t>(std::ranges::count_if(sink.events, [](const event::Event& e) {
    const auto* message = std::get_if<event::HttpMessage>(&e);
    return message != nullptr && message->body.complete;
  }));
}

// Cut at any length it ends without a crash, says no more messages complete than a longer cut does, and
// claims no content that did not come.
TEST_P(Http1Vector, IsIncompleteWhereItIsCut) {
  const std::size_t size = size_of(GetParam());
  const std::size_t step = 1 + size / 2000;
  std::size_t before = 0;
  for (std::size_t cut = 0; cut < size; cut += step) {
    const TextSink sink = replay(GetParam(), whole, cut);
    if (cut == 0) {
      ASSERT_TRUE(sink.events.empty());
    }
    const std::size_t complete = complete_messages(sink);
    ASSERT_GE(complete, before) << "cut at " << cut;
    before = complete;
    std::uint64_t claimed = 0;
    for (const event::Event& e : sink.events) {
      if (const auto* message = std::get_if<event::HttpMessage>(&e)) claimed += message->body.size;
      if (const auto* opaque = std::get_if<event::OpaqueData>(&e)) claimed += opaque->size;
    }
    ASSERT_LE(claimed, cut);
  }
  ASSERT_LE(before, complete_messages(replay(GetParam(), whole)));
}

std::string test_name(const testing::TestParamInfo<Case>& vector) {
  std::string name = vector.param.name;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Http1Vector, testing::ValuesIn(vectors()), test_name);

TEST(Http1Vectors, AreThereAndHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Case& c : vectors()) EXPECT_TRUE(names.insert(c.name).second) << c.name;
  EXPECT_GE(names.size(), 50U);
}

// What each length of a cut response has to say, in numbers.
TEST(Http1Truncation, IsExactAtEveryLength) {
  const std::string start = "HTTP/1.1 200 OK\r\n";
  const std::string head = start + "Content-Length: 5\r\nContent-Type: text/plain\r\n\r\n";
  const std::string all = head + "hello";
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    SCOPED_TRACE(cut);
    TextSink sink;
    const auto parser = make_parser("http/1.1", {}, sink);
    parser->push(Direction::server, {1, 0}, as_bytes(all).first(cut));
    parser->end(Direction::server, {2, 0});
    parser->finish({2, 0});
    if (cut == 0) {
      EXPECT_TRUE(sink.events.empty());
    }
    if (cut > 0 && cut < start.size()) {
      ASSERT_EQ(sink.events.size(), 2U);
      EXPECT_TRUE(std::holds_alternative<event::Problem>(sink.events.front()));
      EXPECT_EQ(std::get<event::OpaqueData>(sink.events.back()).size, cut);
    }
    if (cut < start.size()) continue;
    ASSERT_EQ(sink.events.size(), 1U);
    const auto& message = std::get<event::HttpMessage>(sink.events.front());
    EXPECT_EQ(message.status, 200U);
    EXPECT_EQ(message.body.complete, cut == all.size());
    const std::size_t body = cut < head.size() ? 0 : cut - head.size();
    EXPECT_EQ(message.body.size, body);
    EXPECT_EQ(message.body.missing, cut < head.size() ? 0 : 5 - body);
    EXPECT_EQ(as_text(message.body.shown), std::string_view("hello").substr(0, body));
  }
}

}  // namespace
}  // namespace tlspeel::app::test
