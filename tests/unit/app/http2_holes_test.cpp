// HTTP/2 of which bytes are missing: holes keep their place, frames are found again, no field is wrong.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http2_talk.hpp"

namespace tlspeel::app::test {
namespace {

using http2::kFlagPadded;
using http2::test::bytes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string noise(std::size_t size, std::uint32_t seed = 5) {
  std::mt19937 random(seed);
  std::string out(size, ' ');
  for (char& each : out) each = static_cast<char>('a' + random() % 26);
  return out;
}

// The request of a download, and the response up to its body.
struct Download : Talk {
  explicit Download(std::string_view length = "") {
    begin();
    client(from_client.headers(1, get("/"), true));
    FieldList head = ok();
    if (!length.empty()) head.emplace_back("content-length", length);
    server(from_server.headers(1, head));
  }
  // A piece of what the server says is not there.
  void server_lacks(const Bytes& all, std::size_t begin, std::size_t size, event::Hole hole) {
    say(Direction::server, ByteView(all).first(begin));
    this->hole(Direction::server, hole);
    say(Direction::server, ByteView(all).subspan(begin + size));
  }
  const event::HttpMessage& response() const { return *messages().at(1); }
};

TEST(Http2Holes, InTheContentOfOneFrame) {
  Download talk;
  talk.server_lacks(data(1, "0123456789") << data(1, "end", true), 9 + 3, 4, {4, true});
  EXPECT_EQ(as_text(talk.response().body.shown), "012789end");
  EXPECT_EQ(talk.response().body.missing, 4U);
  EXPECT_THAT(talk.response().body.holes, ElementsAre(event::HoleAt{3, {4, true}}));
  EXPECT_THAT(talk.problems(), IsEmpty());
}

TEST(Http2Holes, InPaddedContent) {
  Download talk;
  const Bytes padded =
      frame(FrameType::data, kFlagPadded | 1, 1, Bytes{4} << bytes("0123456789") << Bytes(4, 0));
  talk.server_lacks(padded, 9 + 1 + 8, 4, {4, true});
  EXPECT_EQ(talk.response().body.missing, 2U);
  EXPECT_EQ(as_text(talk.response().body.shown), "01234567");
}

TEST(Http2Holes, AnEstimateWithinOneFrame) {
  for (const std::uint64_t said : {300U, 290U, 310U}) {
    SCOPED_TRACE(said);
    Download talk;
    const std::string content = noise(5000);
    talk.server_lacks(data(1, content) << data(1, "more") << data(1, "end", true), 1000, 300, {said, false});
    talk.finish();
    const event::HttpMessage& m = talk.response();
    if (said == 300) {
      EXPECT_EQ(m.body.size, 4700U + 7U);
      EXPECT_EQ(m.body.missing, 300U);
      EXPECT_THAT(m.body.holes, ElementsAre(event::HoleAt{991, {300, true}}));
      EXPECT_THAT(talk.problems(), IsEmpty());
    } else {
      // What is behind it may be of another frame.
      EXPECT_EQ(m.body.size, 991U + 7U);
      EXPECT_FALSE(m.body.complete);
      EXPECT_THAT(talk.problems().at(0), HasSubstr("3,709 bytes behind it cannot be placed"));
    }
  }
}

TEST(Http2Holes, OverSeveralFramesWithAContentLength) {
  Download talk("9000");
  Bytes all;
  for (int i = 0; i < 9; ++i) append(all, data(1, noise(1000), i == 8));
  // From the middle of the second frame to the middle of the fifth.
  talk.server_lacks(all, 1009 + 500, 3027, {3027, true});
  const event::HttpMessage& m = talk.response();
  EXPECT_EQ(m.body.size + m.body.missing, 9000U);
  EXPECT_EQ(m.body.size, 9000U - 3509U);
  EXPECT_THAT(m.body.holes, ElementsAre(event::HoleAt{1491, {3509, true}}));
  EXPECT_FALSE(m.body.complete);
  EXPECT_THAT(
      talk.problems(),
      ElementsAre("3,027 bytes are missing where frames begin or end; 509 bytes behind it cannot be placed"));
}

TEST(Http2Holes, OfAnUnknownLengthWithoutAContentLength) {
  Download talk;
  talk.server_lacks(data(1, noise(1000)) << data(1, noise(1000)) << data(1, "end", true), 500, 700, {});
  talk.finish();
  EXPECT_EQ(talk.response().note, "frames were lost while it was under way");
  EXPECT_FALSE(talk.response().body.complete);
  EXPECT_THAT(talk.problems().at(0), HasSubstr("an unknown number of bytes is missing"));
}

TEST(Http2Holes, BodyThatLostNothingIsComplete) {
  Download talk("3");
  talk.client(talk.from_client.headers(3, get("/other"), true));
  talk.server_lacks(talk.from_server.headers(3, ok())
                        << data(3, noise(100)) << data(1, "end", true) << data(3, "", true),
                    20, 60, {60, true});
  ASSERT_EQ(talk.messages().size(), 4U);
  EXPECT_EQ(talk.messages().at(2)->stream, 1U);
  EXPECT_TRUE(talk.messages().at(2)->body.complete);
  EXPECT_EQ(talk.messages().at(2)->note, "");
}

// A body of gzip with one stored block (RFC 1951 section 3.2.4), so that each byte is decoded when it comes.
Bytes stored_gzip(std::string_view content) {
  const auto size = static_cast<std::uint8_t>(content.size());
  Bytes out = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, size, 0, static_cast<std::uint8_t>(~size), 0xFF};
  append(out, as_bytes(content));
  return out << Bytes(8);
}

struct CodedDownload : Download {
  CodedDownload() {
    client(from_client.headers(3, get("/coded"), true));
    FieldList head = ok();
    head.emplace_back("content-encoding", "gzip");
    head.emplace_back("content-type", "text/plain");
    server(from_server.headers(3, head));
  }
  const event::HttpBody& coded() const {
    for (const event::HttpMessage* each : messages()) {
      if (!each->request && each->stream == 3) return each->body;
    }
    return response().body;
  }
};

TEST(Http2Holes, NothingIsDecodedBehindOne) {
  CodedDownload talk;
  const std::string body(as_text(stored_gzip("0123456789")));
  talk.server_lacks(data(3, body, true), 9 + 15 + 4, 2, {2, true});
  EXPECT_EQ(as_text(talk.coded().shown), "0123");
  EXPECT_EQ(talk.coded().coding_note, "decoded up to where bytes are missing");
  EXPECT_FALSE(talk.coded().decoded_size);
}

TEST(Http2Holes, NothingIsDecodedBehindFramesThatAreLost) {
  CodedDownload talk;
  const std::string body(as_text(stored_gzip("0123456789")));
  talk.server(data(3, body.substr(0, 20)));
  talk.server_lacks(data(1, noise(100)) << data(1, noise(50)) << data(3, body.substr(20), true), 20, 100,
                    {100, true});
  talk.finish();
  EXPECT_EQ(as_text(talk.coded().shown), "01234");
  EXPECT_EQ(talk.coded().coding_note, "decoded up to where bytes may be missing");
}

TEST(Http2Holes, HeaderBlockThatIsLost) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(
      1, {{":method", "GET"}, {":path", "/"}, {":scheme", "https"}, {"cookie", "a"}, {"x-a", "1"}}, true));
  const Bytes second = talk.from_client.headers(
      3, {{":method", "GET"}, {":path", "/"}, {":scheme", "https"}, {"x-b", "2"}}, true);
  talk.say(Direction::client, ByteView(second).first(12));
  talk.hole(Direction::client, {second.size() - 12, true});
  talk.client(talk.from_client.headers(
      5, {{":method", "GET"}, {":path", "/"}, {":scheme", "https"}, {"x-a", "1"}, {"x-b", "2"}, {"x-c", "3"}},
      true));
  talk.client(talk.from_client.headers(
      7, {{":method", "GET"}, {":path", "/"}, {":scheme", "https"}, {"x-c", "3"}}, true));
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 4U) << talk.told();
  EXPECT_EQ(messages.at(1)->note, "bytes of its header are missing");
  EXPECT_EQ(messages.at(1)->stream, 3U);
  EXPECT_EQ(messages.at(2)->method, "GET");
  ASSERT_EQ(messages.at(2)->fields.size(), 3U);
  EXPECT_EQ(messages.at(2)->fields.at(0).name, "[field 63 of a table whose start was not captured]");
  EXPECT_EQ(messages.at(2)->fields.at(2).name, "x-c");
  EXPECT_EQ(messages.at(3)->fields.at(0).name, "x-c");
}

TEST(Http2Holes, PromiseThatIsLost) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/"), true));
  const Bytes promise = frame(FrameType::push_promise, http2::kFlagEndHeaders, 1,
                              http2::test::u32(2) << talk.from_server.block(get("/style")));
  talk.say(Direction::server, ByteView(promise).first(11));
  talk.hole(Direction::server, {promise.size() - 11, true});
  talk.server(talk.from_server.headers(1, {{":status", "200"}}, true)
              << talk.from_server.headers(2, {{":status", "200"}}, true));
  talk.finish();
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 3U) << talk.told();
  EXPECT_EQ(messages.at(1)->stream, 1U);
  EXPECT_EQ(messages.at(1)->status, 200U);
  EXPECT_EQ(messages.at(2)->note, "response without a captured request");
  EXPECT_THAT(talk.problems().at(0), HasSubstr("a stream is promised that is not known"));
}

TEST(Http2Holes, RequestThatIsLost) {
  Talk talk;
  talk.begin();
  const Bytes lost = talk.from_client.headers(1, get("/lost"), true);
  talk.hole(Direction::client, {lost.size(), true});
  talk.client(talk.from_client.headers(3, get("/there"), true)
              << frame(FrameType::window_update, 0, 0, Bytes{0, 0, 1, 0}));
  talk.server(talk.from_server.headers(1, ok(), true) << talk.from_server.headers(3, ok(), true));
  talk.finish();
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages.at(1)->note, "response without a captured request");
  EXPECT_EQ(messages.at(1)->stream, 1U);
  EXPECT_EQ(messages.at(2)->exchange, messages.at(0)->exchange);
}

TEST(Http2Holes, StartThatWasNotCaptured) {
  Talk talk;
  talk.from_client.block({{"x-known", "before"}});
  talk.hole(Direction::client, {});
  talk.hole(Direction::server, {});
  talk.client(bytes("tail of something")
              << talk.from_client.headers(
                     41,
                     {{":method", "GET"}, {":path", "/late"}, {":scheme", "https"}, {"x-known", "before"}},
                     true)
              << frame(FrameType::window_update, 0, 41, Bytes{0, 0, 1, 0}));
  talk.server(talk.from_server.headers(41, ok()) << data(41, "late", true));
  talk.finish();
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages.at(0)->target, "/late");
  EXPECT_EQ(messages.at(0)->fields.at(0).name, "[field 62 of a table whose start was not captured]");
  EXPECT_EQ(as_text(messages.at(1)->body.shown), "late");
  EXPECT_THAT(talk.problems().at(0), HasSubstr("17 bytes behind it cannot be placed"));
}

// Any one hole, of whatever length and however well that is known: no field and no body says what was not
// sent, all that is claimed is what came, and one byte at a time gives the same.
class Http2AnyHole : public testing::TestWithParam<int> {};

// Every hole in it has a length that is said to be certain, and it ended.
bool at_exact(const event::HttpMessage& m) {
  return std::ranges::all_of(m.body.holes, [](const event::HoleAt& at) { return at.hole.exact; }) &&
         m.note != "ended inside the body" && m.note != "its end was not captured";
}

std::string replay(const Bytes& requests, const Bytes& responses, std::size_t begin, std::size_t size,
                   const event::Hole& hole, bool split, std::vector<event::HttpMessage>* messages) {
  Talk talk({65536, true});
  const auto say = [&](Direction from, ByteView all) {
    if (!split) return talk.say(from, all);
    for (std::size_t at = 0; at < all.size(); ++at) talk.say(from, all.subspan(at, 1));
  };
  talk.say(Direction::client, requests);
  say(Direction::server, ByteView(responses).first(begin));
  talk.hole(Direction::server, hole);
  say(Direction::server, ByteView(responses).subspan(begin + size));
  talk.finish();
  std::string out;
  for (const event::HttpMessage* m : talk.messages()) {
    out += fmt::format("{} {} {} {} {} {}{}\n", m->stream, m->status, m->body.size, m->body.missing,
                       m->body.complete, m->note, holes_text(m->body.holes));
    if (messages != nullptr) messages->push_back(*m);
  }
  for (const std::string& problem : talk.problems()) out += problem + "\n";
  for (const std::string& body : talk.sink.bodies) out += body + "\n";
  EXPECT_FALSE(talk.sink.pieces_left());
  return out;
}

TEST_P(Http2AnyHole, ShowsNothingThatWasNotSent) {
  std::mt19937 random(static_cast<std::uint32_t>(GetParam()));
  Deflater from_client;
  Deflater from_server;
  Bytes requests = bytes(kPreface) << settings();
  Bytes responses = settings() << settings_ack();
  std::array<std::string, 12> content;
  std::vector<std::uint32_t> turns;
  for (std::uint32_t i = 0; i < content.size(); ++i) {
    content.at(i) = noise(random() % 4000);
    append(requests, from_client.headers(2 * i + 1, get("/"), true));
    append(responses, from_server.headers(2 * i + 1, {{":status", "200"},
                                                      {"content-type", "text/plain"},
                                                      {"x-number", std::to_string(i % 5)},
                                                      {i % 2 == 0 ? "content-length" : "x-length",
                                                       std::to_string(content.at(i).size())}}));
    for (int k = 0; k < 3; ++k) turns.push_back(i);
  }
  std::ranges::shuffle(turns, random);
  std::array<std::size_t, 12> done{};
  std::array<int, 12> times{};
  for (const std::uint32_t i : turns) {
    const bool last = ++times.at(i) == 3;
    const std::size_t size = last ? content.at(i).size() - done.at(i) : content.at(i).size() / 3;
    append(responses, data(2 * i + 1, std::string_view(content.at(i)).substr(done.at(i), size), last));
    done.at(i) += size;
  }
  for (int round = 0; round < 60; ++round) {
    const std::size_t begin = 40 + random() % (responses.size() - 100);
    const std::size_t size = 1 + random() % std::min<std::size_t>(3000, responses.size() - begin - 1);
    event::Hole hole{size, true};
    if (round % 3 == 1) hole = {size + random() % 20, false};
    if (round % 3 == 2) hole = {};
    std::vector<event::HttpMessage> messages;
    const std::string whole = replay(requests, responses, begin, size, hole, false, &messages);
    ASSERT_EQ(whole, replay(requests, responses, begin, size, hole, true, nullptr))
        << begin << " " << size << " " << round;
    for (const event::HttpMessage& m : messages) {
      if (m.request) continue;
      const std::string& sent = content.at(m.stream / 2);
      ASSERT_LE(m.body.size, sent.size());
      if (m.body.complete && m.status == 200) {
        ASSERT_EQ(as_text(m.body.shown), sent);
      }
      if (m.body.holes.empty()) {
        ASSERT_TRUE(sent.starts_with(as_text(m.body.shown)) || !m.body.complete);
      }
      for (const event::HttpField& field : m.fields) {
        if (field.name == "x-number") {
          ASSERT_EQ(field.value, std::to_string(m.stream / 2 % 5));
        }
        if (field.name == "content-length") {
          ASSERT_EQ(field.value, std::to_string(sent.size()));
        }
      }
      for (const event::HoleAt& at : m.body.holes) ASSERT_LE(at.position, m.body.size);
      if (m.status == 200 && !m.body.holes.empty() && at_exact(m)) {
        ASSERT_EQ(m.body.size + m.body.missing, sent.size()) << whole << begin << " " << size << " " << round;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Http2AnyHole, testing::Range(1, 30));

}  // namespace
}  // namespace tlspeel::app::test
