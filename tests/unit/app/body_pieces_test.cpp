// What is handed on of bodies: every byte that was in them, without their codings, however they arrive.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../coding/vectors.hpp"
#include "http2_talk.hpp"

namespace tlspeel::app::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr Options kAllOfIt{16, true};  // far more is handed on than is shown
constexpr std::array<std::size_t, 6> kSplits{1, 2, 7, 1000, 20'000, 1'000'000};

// HTTP/1 from one side, in pieces of one size.
class OneSide {
 public:
  explicit OneSide(std::size_t split, Options options = kAllOfIt, Direction from = Direction::server)
      : parser_(make_parser("http/1.1", options, sink)), split_(split), from_(from) {}

  void say(std::string_view text) {
    ++at_.number;
    for (std::size_t i = 0; i < text.size(); i += split_)
      parser_->push(from_, at_, as_bytes(text.substr(i, split_)));
  }
  void hole(const event::Hole& hole) { parser_->gap(from_, at_, hole); }
  const event::BodyHandedOn& finish() {
    parser_->finish(at_);
    EXPECT_FALSE(sink.pieces_left());
    const auto message = std::ranges::find_if(
        sink.events, [](const event::Event& e) { return std::holds_alternative<event::HttpMessage>(e); });
    static const event::BodyHandedOn kNothing{0, false, false, "NOTHING WAS HANDED ON"};
    if (message == sink.events.end()) return kNothing;
    const auto& how = std::get<event::HttpMessage>(*message).body.handed_on;
    return how ? *how : kNothing;
  }
  std::string body() const { return sink.bodies.empty() ? std::string() : sink.bodies.front(); }

  TextSink sink;

 private:
  std::unique_ptr<Parser> parser_;
  std::size_t split_;
  Direction from_;
  PacketRef at_;
};

std::string file(const std::string& name) {
  const Bytes bytes = coding::test::vector_file(name);
  return std::string(as_text(bytes));
}

std::string response(std::string_view fields, std::string_view body) {
  return fmt::format("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n{}", fields, body.size(), body);
}

std::string chunked(std::string_view fields, std::string_view body, std::size_t chunk) {
  std::string out = fmt::format("HTTP/1.1 200 OK\r\n{}Transfer-Encoding: chunked\r\n\r\n", fields);
  for (std::size_t i = 0; i < body.size(); i += chunk) {
    const std::string_view piece = body.substr(i, chunk);
    out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  }
  return out + "0\r\n\r\n";
}

std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 7;
  for (char& c : out) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24U);
  }
  return out;
}

class Coded : public testing::TestWithParam<coding::test::Vector> {};

TEST_P(Coded, BodiesAreHandedOnDecoded) {
  const std::string plain = file("plain.txt");
  const std::string coded = file(GetParam().file);
  const std::string fields =
      fmt::format("Content-Type: image/png\r\nContent-Encoding: {}\r\n", GetParam().codings);
  for (const std::string& text : {response(fields, coded), chunked(fields, coded, 321)}) {
    for (const std::size_t split : kSplits) {
      OneSide side(split);
      side.say(text);
      const event::BodyHandedOn& how = side.finish();
      EXPECT_EQ(how.size, plain.size());
      EXPECT_TRUE(how.decoded);
      EXPECT_TRUE(how.complete);
      EXPECT_EQ(how.note, "");
      EXPECT_TRUE(side.body() == plain) << split;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Coded, testing::ValuesIn(coding::test::kVectors));

TEST(BodyPieces, BinaryBodiesOfAnyLength) {
  const std::string body = noise(300'000);
  for (const std::size_t split : kSplits) {
    OneSide side(split);
    side.say(response("Content-Type: application/octet-stream\r\n", body));
    const event::BodyHandedOn& how = side.finish();
    EXPECT_EQ(how.size, body.size());
    EXPECT_FALSE(how.decoded);
    EXPECT_EQ(how.note, "");
    EXPECT_TRUE(side.body() == body) << split;
  }
}

TEST(BodyPieces, Uploads) {
  OneSide side(5, kAllOfIt, Direction::client);
  side.say(
      "PUT /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nfirstPOST /b HTTP/1.1\r\nContent-Length: 6\r\n\r\nsecond");
  side.finish();
  EXPECT_THAT(side.sink.bodies, ElementsAre("first", "second"));
}

TEST(BodyPieces, UntilTheConnectionCloses) {
  OneSide side(3);
  side.say("HTTP/1.0 200 OK\r\n\r\nall that comes");
  EXPECT_EQ(side.finish().size, 14U);
  EXPECT_EQ(side.body(), "all that comes");
}

TEST(BodyPieces, NobodyWantsThem) {
  OneSide side(1000, {16, false});
  side.say(response("Content-Encoding: gzip\r\n", file("one.gz")));
  EXPECT_EQ(side.finish().note, "NOTHING WAS HANDED ON");
  EXPECT_TRUE(side.sink.bodies.empty());
}

TEST(BodyPieces, NoneOfAResponseWithoutABody) {
  OneSide side(1000);
  side.say(
      "HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
      "0\r\n\r\n");
  EXPECT_EQ(side.finish().note, "NOTHING WAS HANDED ON");
}

TEST(BodyPieces, UnknownCodingsStay) {
  for (const std::size_t split : kSplits) {
    OneSide side(split);
    side.say(response("Content-Encoding: gzip, exi\r\n", "coded"));
    const event::BodyHandedOn& how = side.finish();
    EXPECT_FALSE(how.decoded);
    EXPECT_EQ(how.note, "as it came, since not all of its codings are known");
    EXPECT_EQ(side.body(), "coded");
  }
}

TEST(BodyPieces, APartOfWhatWasCodedStays) {
  for (const auto& [range, decoded] :
       {std::pair{"bytes 5-9/100", false}, std::pair{"bytes 0-9999/10000", true}}) {
    OneSide side(1000);
    const std::string coded = file("one.gz");
    side.say(
        fmt::format("HTTP/1.1 206 Partial Content\r\nContent-Encoding: gzip\r\nContent-Range: {}\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    range, coded.size(), coded));
    EXPECT_EQ(side.finish().decoded, decoded);
    EXPECT_TRUE(side.body() == (decoded ? file("plain.txt") : coded));
  }
}

// A server that names a coding and does not apply it.
TEST(BodyPieces, WhatIsNotCodedComesAsItIs) {
  const std::string body = "<html>" + std::string(20'000, 'x');
  for (const std::string_view coding : {"gzip", "zstd", "gzip, gzip"}) {
    for (const std::size_t split : kSplits) {
      OneSide side(split);
      side.say(response(fmt::format("Content-Encoding: {}\r\n", coding), body));
      const event::BodyHandedOn& how = side.finish();
      EXPECT_FALSE(how.decoded);
      EXPECT_TRUE(how.complete);
      EXPECT_THAT(how.note, HasSubstr(" is damaged: "));
      EXPECT_TRUE(how.note.ends_with("; as it came")) << how.note;
      EXPECT_TRUE(side.body() == body) << coding << split;
    }
  }
}

TEST(BodyPieces, EndWhereDecodingFails) {
  std::string coded = file("one.gz");
  coded.at(coded.size() / 2) = static_cast<char>(coded.at(coded.size() / 2) ^ 0x55);
  std::string first;
  for (const std::size_t split : kSplits) {
    OneSide side(split);
    side.say(response("Content-Encoding: gzip\r\n", coded) + response("", "next"));
    const event::BodyHandedOn how = side.finish();
    EXPECT_TRUE(how.decoded);
    EXPECT_FALSE(how.complete);
    EXPECT_THAT(how.note, StartsWith("gzip is damaged: "));
    EXPECT_EQ(how.size, side.body().size());
    EXPECT_GT(side.body().size(), 1000U);
    EXPECT_EQ(side.sink.bodies.back(), "next");
    if (first.empty()) first = side.body();
    EXPECT_TRUE(side.body() == first) << split;
  }
}

TEST(BodyPieces, AnEndThatIsMissingIsSaid) {
  const std::string coded = file("one.gz");
  OneSide side(1000);
  side.say(response("Content-Encoding: gzip\r\n", coded.substr(0, coded.size() - 4)));
  const event::BodyHandedOn& how = side.finish();
  EXPECT_EQ(how.note, "the end of gzip is missing");
  EXPECT_FALSE(how.complete);
  EXPECT_TRUE(side.body() == file("plain.txt"));
}

TEST(BodyPieces, HolesOfKnownLengthAreLeftOpen) {
  OneSide side(3);
  side.say("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nbefore");
  side.hole({4, true});
  side.say("behind the");
  EXPECT_EQ(side.finish().size, 20U);
  EXPECT_EQ(side.body(), "before....behind the");
}

TEST(BodyPieces, HolesOfUnknownLengthAreSaid) {
  OneSide side(3);
  side.say("HTTP/1.0 200 OK\r\n\r\nbefore");
  side.hole({});
  side.say("behind");
  side.hole({7, true});
  const event::BodyHandedOn& how = side.finish();
  EXPECT_EQ(how.size, 19U);
  EXPECT_EQ(how.note,
            "behind byte 6 some are missing, nobody knows how many: what follows stands right behind it");
  EXPECT_EQ(side.body(), "beforebehind.......");
}

TEST(BodyPieces, NothingIsDecodedBehindAHole) {
  const std::string coded = file("one.gz");
  OneSide side(100);
  side.say(response("Content-Encoding: gzip\r\n", coded).substr(0, 4000));
  side.hole({100, true});
  side.say(std::string(1000, 'x'));
  const event::BodyHandedOn& how = side.finish();
  EXPECT_TRUE(how.decoded);
  EXPECT_EQ(how.note, "decoded up to where bytes are missing");
  EXPECT_GT(how.size, 5000U);
  EXPECT_TRUE(file("plain.txt").starts_with(side.body()));
}

TEST(BodyPieces, ABombIsStopped) {
  const std::string coded = file("zeros.bomb.br");
  for (const std::size_t split : kSplits) {
    OneSide side(split);
    side.say(response("Content-Encoding: br\r\n", coded));
    const event::BodyHandedOn& how = side.finish();
    EXPECT_EQ(how.note, "not decoded further: br makes more than 256 times as much of it");
    EXPECT_LE(how.size, 65'536U + 256 * coded.size() + 8192);
    EXPECT_GE(how.size, 65'536U);
  }
}

// ---- HTTP/2

TEST(BodyPieces, OfStreamsThatTakeTurns) {
  Talk talk(kAllOfIt);
  talk.begin();
  const std::string coded = file("best.br");
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(3, get("/3"), true));
  talk.server(talk.from_server.headers(3, {{":status", "200"}, {"content-encoding", "br"}}));
  talk.server(talk.from_server.headers(1, ok("image/png")));
  const std::string body = noise(coded.size());
  for (std::size_t i = 0; i < coded.size(); i += 500)
    talk.server(data(1, body.substr(i, 500)) << data(3, coded.substr(i, 500)));
  talk.server(data(1, "", true) << data(3, "", true));
  talk.finish();
  EXPECT_FALSE(talk.sink.pieces_left());
  ASSERT_THAT(talk.sink.bodies, SizeIs(2));
  EXPECT_TRUE(talk.sink.bodies.front() == body);
  EXPECT_TRUE(talk.sink.bodies.back() == file("plain.txt"));
}

TEST(BodyPieces, FramesThatAreLostEndDecoding) {
  const std::string coded = file("one.gz");
  Talk talk(kAllOfIt);
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(3, get("/3"), true));
  talk.server(talk.from_server.headers(1, {{":status", "200"}, {"content-encoding", "gzip"}}));
  talk.server(talk.from_server.headers(3, ok()));
  talk.server(data(1, coded.substr(0, 4000)) << data(3, "before"));
  talk.hole(Direction::server, {});
  talk.server(data(1, coded.substr(5000)) << data(3, "behind", true) << data(1, "", true));
  talk.finish();
  ASSERT_THAT(talk.messages(), SizeIs(4));
  const event::BodyHandedOn& plain = *talk.messages().at(2)->body.handed_on;
  EXPECT_EQ(plain.note, "behind byte 6 some may be missing");
  EXPECT_EQ(talk.sink.bodies.front(), "beforebehind");
  const event::BodyHandedOn& decoded = *talk.messages().at(3)->body.handed_on;
  EXPECT_EQ(decoded.note, "decoded up to where bytes may be missing");
  EXPECT_TRUE(file("plain.txt").starts_with(talk.sink.bodies.back()));
}

TEST(BodyPieces, NoDoubtIsLeftWhereAllCame) {
  Talk talk(kAllOfIt);
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true));
  talk.server(talk.from_server.headers(1, {{":status", "200"}, {"content-length", "12"}})
              << data(1, "before"));
  talk.hole(Direction::server, {});
  talk.server(data(1, "behind", true));
  talk.finish();
  ASSERT_THAT(talk.messages(), SizeIs(2));
  EXPECT_EQ(talk.messages().back()->body.handed_on->note, "");
  EXPECT_EQ(talk.sink.bodies.back(), "beforebehind");
}

// Windows are large: not every stream has one.
TEST(BodyPieces, SoManyAreDecodedAtOnce) {
  Talk talk(kAllOfIt);
  talk.begin();
  const std::string coded = file("best.br");
  constexpr std::uint32_t kStreams = 130;
  for (std::uint32_t i = 0; i < kStreams; ++i) {
    const std::uint32_t stream = 2 * i + 1;
    talk.client(talk.from_client.headers(stream, get("/"), true));
    talk.server(talk.from_server.headers(stream, {{":status", "200"}, {"content-encoding", "br"}}));
  }
  for (std::uint32_t i = 0; i < kStreams; ++i) talk.server(data(2 * i + 1, coded, true));
  const std::string plain = file("plain.txt");
  EXPECT_EQ(std::ranges::count(talk.sink.bodies, plain), 128);
  EXPECT_EQ(std::ranges::count(talk.sink.bodies, coded), 2);
  // Those are through: there is room again.
  talk.client(talk.from_client.headers(999, get("/"), true));
  talk.server(talk.from_server.headers(999, {{":status", "200"}, {"content-encoding", "br"}})
              << data(999, coded, true));
  EXPECT_TRUE(talk.sink.bodies.back() == plain);
}

}  // namespace
}  // namespace tlspeel::app::test
