// HTTP/2 as it should be: frames of both sides in, messages out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http2_talk.hpp"

namespace tlspeel::app::test {
namespace {

using http2::kFlagEndHeaders;
using http2::kFlagEndStream;
using http2::kFlagPadded;
using http2::kFlagPriority;
using http2::test::bytes;
using http2::test::u32;

TEST(Http2, RequestAndResponse) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/a"), true));
  talk.server(talk.from_server.headers(1, ok()) << data(1, "hel"));
  talk.server(data(1, "lo", true));
  EXPECT_EQ(talk.told(),
            "@4 (4-4) #1 client GET /a HTTP/2 stream=1\n"
            "  host: example.com\n"
            "@6 (5-6) #1 server HTTP/2 200  stream=1\n"
            "  content-type: text/plain\n"
            "  body data size=5 text/plain text \"hello\"\n");
  talk.finish();
  EXPECT_EQ(talk.told(), "");
}

TEST(Http2, StreamsThatTakeTurns) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(3, get("/3"), true));
  talk.server(talk.from_server.headers(3, ok()) << talk.from_server.headers(1, ok()));
  for (int i = 0; i < 3; ++i) talk.server(data(1, "one ") << data(3, "three "));
  talk.server(data(3, "", true));
  talk.server(data(1, "", true));
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages.at(2)->stream, 3U);
  EXPECT_EQ(messages.at(2)->exchange, 2U);
  EXPECT_EQ(as_text(messages.at(2)->body.shown), "three three three ");
  EXPECT_EQ(messages.at(3)->exchange, 1U);
  EXPECT_EQ(as_text(messages.at(3)->body.shown), "one one one ");
}

TEST(Http2, UploadTrailersAndInterimResponses) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, {{":method", "POST"},
                                           {":scheme", "https"},
                                           {":path", "/up"},
                                           {"content-length", "4"},
                                           {"content-type", "text/plain"}}));
  talk.server(talk.from_server.headers(1, {{":status", "100"}}));
  talk.client(data(1, "body") << talk.from_client.headers(1, {{"checksum", "1"}}, true));
  talk.server(talk.from_server.headers(1, {{":status", "103"}, {"link", "</s>"}})
              << talk.from_server.headers(1, {{":status", "204"}}, true));
  EXPECT_EQ(talk.told(),
            "@6 (4-6) #1 client POST /up HTTP/2 stream=1\n"
            "  content-length: 4\n"
            "  content-type: text/plain\n"
            "  body data size=4 text/plain text \"body\"\n"
            "  trailer checksum: 1\n"
            "@6 (5-5) #1 server HTTP/2 100  interim stream=1\n"
            "@7 (7-7) #1 server HTTP/2 103  interim stream=1\n"
            "  link: </s>\n"
            "@7 (7-7) #1 server HTTP/2 204  stream=1\n");
}

TEST(Http2, ResponseWaitsForItsRequest) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, {{":method", "POST"}, {":path", "/"}, {":scheme", "https"}}));
  talk.server(talk.from_server.headers(1, {{":status", "413"}}, true));
  EXPECT_TRUE(talk.messages().empty());
  talk.server(reset(1, 0));
  EXPECT_EQ(talk.told(),
            "@6 (4-4) #1 client POST / HTTP/2 stream=1\n"
            "  body data size=0 cut\n"
            "  note the server reset the stream: NO_ERROR\n"
            "@6 (5-5) #1 server HTTP/2 413  stream=1\n");
}

TEST(Http2, PaddingPriorityContinuation) {
  Talk talk;
  talk.begin();
  const Bytes block = talk.from_client.block(get("/padded"));
  const Bytes first(block.begin(), block.begin() + 3);
  const Bytes rest(block.begin() + 3, block.end());
  talk.client(frame(FrameType::headers, kFlagPadded | kFlagPriority | kFlagEndStream, 1,
                    Bytes{4} << u32(0x80000000) << Bytes{15} << first << Bytes(4, 0))
              << frame(FrameType::continuation, 0, 1, {})
              << frame(FrameType::continuation, kFlagEndHeaders, 1, rest));
  const Bytes response = talk.from_server.block(ok());
  talk.server(frame(FrameType::headers, kFlagPadded | kFlagEndHeaders, 1, Bytes{2} << response << Bytes(2, 0))
              << frame(FrameType::data, kFlagPadded, 1, Bytes{3} << bytes("ab") << Bytes(3, 'X'))
              << frame(FrameType::data, kFlagPadded | kFlagEndStream, 1, Bytes{5} << Bytes(5, 'X')));
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages.at(0)->target, "/padded");
  EXPECT_EQ(as_text(messages.at(1)->body.shown), "ab");
  EXPECT_TRUE(messages.at(1)->body.complete);
  EXPECT_TRUE(talk.problems().empty());
}

TEST(Http2, PushedExchange) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/page"), true));
  const Bytes promise = u32(2) << talk.from_server.block(get("/style"));
  talk.server(frame(FrameType::push_promise, kFlagEndHeaders, 1, promise)
              << talk.from_server.headers(1, ok(), true) << talk.from_server.headers(2, ok())
              << data(2, "css", true));
  talk.told();
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_TRUE(messages.at(1)->request);
  EXPECT_EQ(messages.at(1)->direction, Direction::server);
  EXPECT_EQ(messages.at(1)->target, "/style");
  EXPECT_EQ(messages.at(1)->note, "promised by the server in stream 1");
  EXPECT_EQ(messages.at(1)->stream, 2U);
  EXPECT_EQ(messages.at(3)->exchange, messages.at(1)->exchange);
  EXPECT_EQ(messages.at(3)->note, "pushed by the server");
}

TEST(Http2, PushedExchangeThatTheClientDoesNotWant) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/page"), true));
  talk.server(
      frame(FrameType::push_promise, kFlagEndHeaders, 1, u32(2) << talk.from_server.block(get("/style"))));
  talk.server(talk.from_server.headers(2, ok()));
  talk.client(reset(2, 8));
  ASSERT_EQ(talk.messages().size(), 3U);
  EXPECT_EQ(talk.messages().at(2)->note, "pushed by the server; the client reset the stream: CANCEL");
}

// Bytes of the client that were waited for, because one before them came late.
TEST(Http2, ResponseThatComesBeforeItsRequest) {
  Talk talk;
  talk.begin();
  talk.server(talk.from_server.headers(1, ok(), true) << talk.from_server.headers(3, ok(), true));
  EXPECT_TRUE(talk.messages().empty());
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(3, get("/3"), true));
  ASSERT_EQ(talk.messages().size(), 4U);
  EXPECT_EQ(talk.messages().at(0)->target, "/1");
  EXPECT_EQ(talk.messages().at(1)->exchange, talk.messages().at(0)->exchange);
  EXPECT_EQ(talk.messages().at(1)->note, "");
}

TEST(Http2, ResponseWithoutARequest) {
  Talk talk;
  talk.begin();
  talk.server(talk.from_server.headers(1, ok(), true));
  talk.finish();
  ASSERT_EQ(talk.messages().size(), 1U);
  EXPECT_EQ(talk.messages().at(0)->note, "response without a captured request");
}

TEST(Http2, TableSizesAreAcknowledgedInTurn) {
  Talk talk;
  talk.client(bytes(kPreface) << settings({{1, 65536}}) << settings({{4, 1}}) << settings({{1, 4096}}));
  talk.server(settings() << settings_ack() << settings_ack());
  talk.client(talk.from_client.headers(1, get("/"), true));
  talk.from_server = Deflater(65536);
  talk.from_server.change_table_size(65536);
  talk.server(talk.from_server.headers(1, ok(), true));
  EXPECT_TRUE(talk.problems().empty()) << talk.told();
  talk.server(settings_ack());
  talk.from_server.change_table_size(4096);
  talk.from_server.change_table_size(65536);
  talk.client(talk.from_client.headers(3, get("/"), true));
  talk.server(talk.from_server.headers(3, ok(), true));
  ASSERT_EQ(talk.problems().size(), 1U);
  EXPECT_EQ(talk.problems().at(0),
            "a header table of 65,536 bytes is used, which the other side does not allow");
}

TEST(Http2, ResetStreams) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(3, get("/3"), true));
  talk.server(talk.from_server.headers(1, ok()) << data(1, "some"));
  talk.client(reset(1, 8) << reset(3, 8));
  talk.server(data(1, "late") << data(3, "late", true));
  talk.told();
  const auto messages = talk.messages();
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages.at(2)->note, "the client reset the stream: CANCEL");
  EXPECT_FALSE(messages.at(2)->body.complete);
  EXPECT_EQ(messages.at(2)->body.size, 4U);
  EXPECT_EQ(messages.at(3)->stream, 3U);
  EXPECT_EQ(messages.at(3)->status, 0U);
  EXPECT_EQ(messages.at(3)->note, "the client reset the stream: CANCEL");
  // What was on its way is no part of a message, and not passed over in silence.
  EXPECT_TRUE(talk.problems().empty());
  talk.finish();
  EXPECT_EQ(talk.problems(),
            std::vector<std::string>{"8 bytes came in streams behind their reset, and are not shown"});
}

TEST(Http2, Goaway) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(3, get("/3"), true));
  talk.server(frame(FrameType::goaway, 0, 0, u32(1) << u32(11) << bytes("calm down"))
              << talk.from_server.headers(1, ok(), true));
  talk.finish();
  EXPECT_EQ(talk.told(),
            "@4 (4-4) #1 client GET /1 HTTP/2 stream=1\n  host: example.com\n"
            "@4 (4-4) #2 client GET /3 HTTP/2 stream=3\n  host: example.com\n"
            "@5 goaway server 11 ENHANCE_YOUR_CALM last=1 size=9 \"calm down\"\n"
            "@5 (5-5) #1 server HTTP/2 200  stream=1\n  content-type: text/plain\n"
            "@6 (6-6) #2 server HTTP/2 0  stream=3\n  body none size=0 cut\n"
            "  note the server's GOAWAY says that it did not process the request\n");
}

TEST(Http2, EndsInTheMiddle) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true));
  talk.server(talk.from_server.headers(1, {{":status", "200"}, {"content-length", "10"}}) << data(1, "1234"));
  talk.end(Direction::server);
  ASSERT_EQ(talk.messages().size(), 2U);
  EXPECT_EQ(talk.messages().at(1)->note, "ended inside the body");
  EXPECT_EQ(talk.messages().at(1)->body.missing, 6U);
  talk.finish();
  EXPECT_EQ(talk.messages().size(), 2U);
}

TEST(Http2, OtherFramesAreSkipped) {
  Talk talk;
  talk.begin();
  talk.client(frame(FrameType::ping, 0, 0, Bytes(8, 1))
              << frame(FrameType::window_update, 0, 0, u32(1))
              << frame(FrameType::priority, 0, 5, Bytes(5, 0))
              << frame(FrameType::priority_update, 0, 0, u32(1) << bytes("u=1"))
              << frame(static_cast<FrameType>(0xbb), 0xff, 77, Bytes(100, 9))
              << talk.from_client.headers(1, get("/"), true));
  EXPECT_EQ(talk.messages().size(), 1U);
  EXPECT_TRUE(talk.problems().empty());
}

TEST(Http2, ConnectAndWhatIsNotHttps) {
  Talk talk;
  talk.begin();
  talk.client(
      talk.from_client.headers(1, {{":method", "CONNECT"}, {":authority", "db:5432"}})
      << data(1, "\x01\x02")
      << talk.from_client.headers(3, {{":method", "CONNECT"},
                                      {":protocol", "websocket"},
                                      {":scheme", "https"},
                                      {":path", "/chat"},
                                      {":authority", "c"}})
      << talk.from_client.headers(
             5, {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}, {":authority", "a"}, {"host", "b"}},
             true)
      << talk.from_client.headers(
             7,
             {{":method", "GET"}, {":path", "/"}, {":scheme", "https"}, {":authority", "a"}, {"host", "a"}},
             true)
      << talk.from_client.headers(9, {{"x", "y"}}, true));
  talk.finish();
  EXPECT_EQ(talk.told(),
            "@4 (4-4) #3 client GET / HTTP/2 stream=5\n  :authority: a\n  :scheme: http\n  host: b\n"
            "  note the authority of the request and its host field differ\n"
            "@4 (4-4) #4 client GET / HTTP/2 stream=7\n  host: a\n"
            "@4 (4-4) #5 client   HTTP/2 stream=9\n  x: y\n  note a pseudo-header field is missing\n"
            "@5 (4-4) #1 client CONNECT db:5432 HTTP/2 stream=1\n  body data size=2 cut binary\n  note ended "
            "inside the body\n"
            "@5 (4-4) #2 client CONNECT /chat HTTP/2 stream=3\n  host: c\n  :protocol: websocket\n  body "
            "data size=0 cut\n"
            "  note ended inside the body\n");
}

TEST(Http2, TableSizeThatTheOtherSideSet) {
  Talk talk;
  talk.client(bytes(kPreface) << settings({{1, 65536}}));
  talk.server(settings() << settings_ack());
  talk.client(talk.from_client.headers(1, get("/"), true));
  talk.from_server = Deflater(65536);
  talk.from_server.change_table_size(65536);
  talk.server(talk.from_server.headers(1, ok(), true));
  EXPECT_TRUE(talk.problems().empty());
  EXPECT_EQ(talk.messages().back()->status, 200U);
}

TEST(Http2, GrpcMessagesByTheirPrefixes) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, {{":method", "POST"},
                                           {":path", "/demo.Echo/Say"},
                                           {":scheme", "https"},
                                           {"content-type", "application/grpc"},
                                           {"te", "trailers"}})
              << data(1, {"\0\0\0\0\3ab", 7}) << data(1, {"c\1\0", 3}) << data(1, {"\0\0\2xy", 5}, true));
  talk.server(talk.from_server.headers(1, ok("application/grpc+proto"))
              << talk.from_server.headers(1, {{"grpc-status", "0"}}, true));
  EXPECT_EQ(talk.told(),
            "@4 (4-4) #1 client POST /demo.Echo/Say HTTP/2 stream=1\n"
            "  content-type: application/grpc\n  te: trailers\n"
            "  body data size=15 application/grpc binary grpc=3 grpc=2c\n"
            "@5 (5-5) #1 server HTTP/2 200  stream=1\n"
            "  content-type: application/grpc+proto\n"
            "  body data size=0 application/grpc+proto\n"
            "  trailer grpc-status: 0\n");
}

TEST(Http2, GrpcMessagesBehindHoles) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(
      1, {{":method", "POST"}, {":path", "/s"}, {":scheme", "https"}, {"content-type", "application/grpc"}}));
  const Bytes first = data(1, {"\0\0\0\0\6abcdef\0\0\0\0\1x", 17});
  talk.say(Direction::client, ByteView(first).first(9 + 5));
  talk.hole(Direction::client, {4, true});
  talk.say(Direction::client, ByteView(first).subspan(9 + 5 + 4));
  talk.say(Direction::client, ByteView(first).first(9 + 5));
  talk.hole(Direction::client, {8, true});
  talk.say(Direction::client, ByteView(first).subspan(9 + 5 + 8));
  talk.finish();
  ASSERT_EQ(talk.messages().size(), 1U);
  EXPECT_EQ(talk.messages().at(0)->body.grpc_messages.size(), 3U) << talk.told();
}

TEST(Http2, LengthThatDoesNotFit) {
  Talk talk;
  talk.begin();
  talk.client(talk.from_client.headers(1, get("/1"), true) << talk.from_client.headers(
                  3, {{":method", "HEAD"}, {":path", "/"}, {":scheme", "https"}}, true));
  talk.server(talk.from_server.headers(1, {{":status", "200"}, {"content-length", "5"}})
              << data(1, "four", true)
              << talk.from_server.headers(3, {{":status", "200"}, {"content-length", "5"}}, true));
  EXPECT_EQ(talk.messages().at(2)->note, "its body is shorter than its Content-Length");
  EXPECT_EQ(talk.messages().at(3)->note, "");
}

TEST(Http2, WhatIsNotHttp2GoesOnAsData) {
  Talk talk;
  talk.client(bytes("GET / HTTP/1.1\r\n\r\n"));
  talk.server(bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  talk.finish();
  EXPECT_EQ(talk.told(),
            "@1 problem client http: what comes here is no HTTP/2: the connection preface is missing\n"
            "@2 opaque client from 1 size=18 text \"GET / HTTP/1.1\\r\\n\\r\\n\"\n"
            "@2 problem server http: what comes here is no HTTP/2: no SETTINGS frame begins it\n"
            "@3 opaque server from 2 size=28 text \"HTTP/1.1 400 Bad Request\\r\\n\\r\\n\"\n");
}

// One byte at a time, everything is the same but the packets.
TEST(Http2, AnySplit) {
  const auto conversation = [](bool split) {
    Talk talk;
    const auto say = [&](Direction from, const Bytes& all) {
      for (std::size_t at = 0, size = split ? 1 : all.size(); at < all.size(); at += size)
        talk.say(from, ByteView(all).subspan(at, size));
    };
    say(Direction::client, bytes(kPreface) << settings() << talk.from_client.headers(1, get("/1"), true));
    say(Direction::server,
        settings() << settings_ack() << talk.from_server.headers(1, ok()) << data(1, "text")
                   << frame(FrameType::data, kFlagPadded, 1, Bytes{3} << bytes("ab") << Bytes(3, 'X'))
                   << frame(FrameType::data, kFlagPadded, 1, Bytes{2, 0, 0})
                   << talk.from_server.headers(1, {{"a", "b"}}, true));
    talk.finish();
    std::string out;
    for (const event::HttpMessage* message : talk.messages()) {
      out += message->target;
      out += as_text(message->body.shown);
      for (const auto& field : message->fields) out += field.name + field.value;
    }
    EXPECT_TRUE(talk.problems().empty());
    return out;
  };
  EXPECT_EQ(conversation(true), conversation(false));
}

TEST(Http2, FramesThatGovernTheConnectionAreToldWhereAsked) {
  const Bytes said = http2::test::bytes(kPreface)
                     << settings({{4, 65535}, {0x4321, 7}}) << settings_ack()
                     << frame(FrameType::window_update, 0, 3, u32(0x80001000U))
                     << frame(FrameType::ping, http2::kFlagAck, 0, bytes("12345678"));
  Talk asked({.http2_frames = true});
  for (const std::uint8_t byte : said) asked.client({byte});
  EXPECT_EQ(asked.told(),
            "@45 frame client 4 SETTINGS stream=0 4:INITIAL_WINDOW_SIZE=65535 17185:=7\n"
            "@54 frame client 4 SETTINGS stream=0 ack\n"
            "@67 frame client 8 WINDOW_UPDATE stream=3 increment=4096\n"
            "@84 frame client 6 PING stream=0 ack \"12345678\"\n");
  Talk not_asked;
  not_asked.client(said);
  EXPECT_EQ(not_asked.told(), "");
}

TEST(Http2, OfManySettingsTheFirstAreTold) {
  Bytes payload;
  for (std::size_t i = 0; i < event::kMaxHttpSettings + 5; ++i) append(payload, Bytes{0, 4, 0, 0, 0, 1});
  Talk talk({.http2_frames = true});
  talk.client(bytes(kPreface) << frame(FrameType::settings, 0, 0, payload));
  EXPECT_THAT(talk.told(), testing::EndsWith("=1 +5\n"));
}

TEST(Http2, HttpOneSwitchesToIt) {
  TextSink sink;
  const auto parser = make_parser("http/1.1", {}, sink);
  Deflater from_client;
  Deflater from_server;
  std::uint64_t packet = 0;
  const auto say = [&](Direction from, const Bytes& what) { parser->push(from, {++packet, 0}, what); };
  say(Direction::client, bytes("GET /first HTTP/1.1\r\nHost: example.com\r\n\r\n"));
  say(Direction::server, bytes("HTTP/1.1 204 No Content\r\n\r\n"));
  say(Direction::client,
      bytes("GET /a HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"));
  say(Direction::server,
      bytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
          << settings() << from_server.headers(1, ok()) << data(1, "hello", true));
  say(Direction::client, bytes(kPreface) << settings() << from_client.headers(3, get("/b"), true));
  say(Direction::server, from_server.headers(3, ok()) << data(3, "bye", true));
  parser->finish({++packet, 0});
  std::vector<std::string> told;
  for (const event::Event& each : sink.events) {
    const auto* const message = std::get_if<event::HttpMessage>(&each);
    ASSERT_NE(message, nullptr);
    told.push_back(fmt::format(
        "#{} {}{} stream {} {}{}", message->exchange, message->request ? message->target : "",
        message->request ? "" : std::to_string(message->status) + (message->interim ? " interim" : ""),
        message->stream, as_text(message->body.shown), message->note));
  }
  EXPECT_THAT(told, testing::ElementsAre("#1 /first stream 0 ", "#1 204 stream 0 ", "#2 /a stream 0 ",
                                         "#2 101 interim stream 0 ", "#2 200 stream 1 hello",
                                         "#3 /b stream 3 ", "#3 200 stream 3 bye"));
}

}  // namespace
}  // namespace tlspeel::app::test
