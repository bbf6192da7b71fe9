// Every hole of a conversation, its length exact, estimated and unknown: what is said about it is true.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "event_text.hpp"

namespace tlspeel::app::test {
namespace {

constexpr std::string_view kRequest1 = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kRequest2 = "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kHead2 = "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n";
constexpr std::string_view kBody2 = "second";

// A length of its own in every place, so that text from elsewhere would show.
std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("<{}>\r\n", i);
  return text;
}

struct Conversation {
  std::string server;  // both responses
  std::size_t second = 0;
};

Conversation counted() {
  const std::string body = numbers(12) + "HTTP/1.1 200 OK\r\n" + numbers(12);
  const std::string head =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n", body.size());
  const std::string first = head + body;
  return {first + std::string(kHead2) + std::string(kBody2), first.size()};
}

Conversation chunked() {
  std::string first = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 1; i < 8; ++i) {
    const std::string text = numbers(i);
    first += fmt::format("{:x}\r\n{}\r\n", text.size(), text);
  }
  first += "0\r\n\r\n";
  return {first + std::string(kHead2) + std::string(kBody2), first.size()};
}

struct Cut {
  std::size_t begin = 0;
  std::size_t end = 0;
  event::Hole hole;
};

// The requests come one by one, the second when the first response is over.
TextSink talk(const Conversation& c, const Cut& cut, std::size_t piece) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {65536, true}, sink);
  PacketRef at{1, 0};
  const auto server = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; i += piece) {
      const std::size_t count = std::min(piece, end - i);
      parser->push(Direction::server, at, as_bytes(std::string_view(c.server).substr(i, count)));
    }
  };
  parser->push(Direction::client, at, as_bytes(kRequest1));
  at.number = 2;
  server(0, std::min(cut.begin, c.second));
  const auto gap = [&] { parser->gap(Direction::server, at, cut.hole); };
  if (cut.begin < c.second) gap();
  server(cut.end, c.second);
  at.number = 3;
  parser->push(Direction::client, at, as_bytes(kRequest2));
  at.number = 4;
  server(c.second, cut.begin);
  if (cut.begin >= c.second) gap();
  server(std::max(cut.end, c.second), c.server.size());
  parser->end(Direction::server, {5, 0});
  parser->finish({5, 0});
  return sink;
}

// Each piece between holes stands in the stream as it is.
void expect_sent(const Bytes& shown, const std::vector<event::HoleAt>& holes, std::string_view sent) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= holes.size(); ++i) {
    const std::size_t end = i < holes.size() ? static_cast<std::size_t>(holes[i].position) : shown.size();
    ASSERT_LE(begin, end);
    ASSERT_LE(end, shown.size());
    const std::string_view piece = as_text(shown).substr(begin, end - begin);
    EXPECT_NE(sent.find(piece), std::string_view::npos) << piece;
    begin = end;
  }
}

void check_message(const event::HttpMessage& m, const Conversation& c, const Cut& cut) {
  const bool is_chunked = m.body.framing == event::BodyFraming::chunked;
  // Framing is left out between chunks, and is content where a hole took what would tell.
  if (!is_chunked) expect_sent(m.body.shown, m.body.holes, c.server);
  if (m.body.framing != event::BodyFraming::content_length) return;
  for (const event::HttpField& field : m.fields) {
    if (field.name == "Content-Length") {
      EXPECT_EQ(std::to_string(m.body.size + m.body.missing), field.value);
    }
  }
  if (m.body.complete) {
    EXPECT_EQ(m.body.missing, 0U);
    EXPECT_TRUE(m.body.holes.empty());
    EXPECT_EQ(m.body.handed_on->size, m.body.size);
    EXPECT_EQ(m.body.handed_on->note, "");
  }
  if (m.body.handed_on) {
    EXPECT_GE(m.body.handed_on->size, m.body.size);
  }
  for (const event::HoleAt& at : m.body.holes) {
    if (at.hole.exact && cut.end <= c.second) {
      EXPECT_EQ(at.hole.length, cut.end - cut.begin);
    }
  }
}

void check(const Conversation& c, const Cut& cut) {
  const TextSink sink = talk(c, cut, SIZE_MAX / 2);
  bool second = false;
  for (const event::Event& e : sink.events) {
    if (const auto* m = std::get_if<event::HttpMessage>(&e)) {
      check_message(*m, c, cut);
      const bool whole = m->status == 404 && m->body.complete && as_text(m->body.shown) == kBody2;
      second = second || (whole && m->exchange == 2);
    } else if (const auto* opaque = std::get_if<event::OpaqueData>(&e)) {
      expect_sent(opaque->shown, opaque->holes, c.server);
    }
  }
  if (cut.end <= c.second) {
    EXPECT_TRUE(second);
  }
  EXPECT_EQ(talk(c, cut, 1).lines, sink.lines);
}

class EveryHole : public testing::TestWithParam<Conversation> {};

TEST_P(EveryHole, IsSaidAsItIs) {
  const Conversation& c = GetParam();
  for (std::size_t begin = 0; begin < c.server.size(); ++begin) {
    // Every end next to a hole's beginning, and some far from it.
    for (std::size_t end = begin + 1; end <= c.server.size(); end += 1 + (end - begin) / 8) {
      const std::uint64_t length = end - begin;
      for (const event::Hole hole :
           {event::Hole{length, true}, event::Hole{length, false}, event::Hole{length + 7, false},
            event::Hole{length / 2 + 1, false}, event::Hole{}}) {
        check(c, {begin, end, hole});
        if (HasFailure()) {
          FAIL() << begin << " to " << end << " length " << hole.length.value_or(0) << " exact "
                 << hole.exact;
        }
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Of, EveryHole, testing::Values(counted(), chunked()));

}  // namespace
}  // namespace tlspeel::app::test
