// Streams of HTTP/2 that an extended CONNECT opens for WebSocket: RFC 8441.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../websocket/frames.hpp"
#include "http2_talk.hpp"

namespace tlspeel::app::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using websocket::test::frame;

FieldList connect(std::string_view protocol) {
  return {{":method", "CONNECT"},
          {":protocol", protocol},
          {":scheme", "https"},
          {":path", "/chat"},
          {":authority", "example.com"}};
}
Bytes said(std::uint32_t stream, const Bytes& frames, bool end = false) {
  return data(stream, as_text(frames), end);
}

class Http2WebSocket : public testing::Test {
 protected:
  void open(std::uint32_t stream, std::string_view protocol = "websocket") {
    talk_.client(talk_.from_client.headers(stream, connect(protocol)));
    talk_.server(talk_.from_server.headers(stream, {{":status", "200"}}));
  }
  std::vector<std::string> frames() const {
    std::vector<std::string> out;
    for (const event::Event& each : talk_.sink.events) {
      const auto* const m = std::get_if<event::WebSocketMessage>(&each);
      if (m == nullptr) continue;
      out.push_back(fmt::format("{} {} {}{}", m->stream, side_of(m->direction), as_text(m->shown),
                                m->complete ? "" : " cut"));
    }
    return out;
  }
  Talk talk_{{65536, true}};
};

TEST_F(Http2WebSocket, TakesTurnsWithOtherStreams) {
  talk_.begin();
  open(1);
  ASSERT_THAT(talk_.messages(), SizeIs(2));
  EXPECT_TRUE(talk_.messages().back()->body.complete);
  talk_.client(said(1, frame(0x81, "hello", true)) << talk_.from_client.headers(3, get("/page"), true));
  const Bytes answer = frame(0x81, "good day", false);
  talk_.server(said(1, to_bytes(ByteView(answer).first(3))));
  talk_.server(talk_.from_server.headers(3, ok()) << data(3, "page", true));
  talk_.server(said(1, to_bytes(ByteView(answer).subspan(3))));
  talk_.client(said(1, frame(0x88, "", true), true));
  talk_.server(said(1, frame(0x88, "", false), true));
  open(5);
  talk_.server(said(5, frame(0x81, "of the other", false)));
  talk_.finish();
  EXPECT_THAT(frames(), ElementsAre("1 client hello", "1 server good day", "1 client ", "1 server ",
                                    "5 server of the other"));
  EXPECT_THAT(talk_.messages(), SizeIs(6));
  EXPECT_THAT(talk_.problems(), testing::IsEmpty());
}

TEST_F(Http2WebSocket, EndsWithItsStream) {
  talk_.begin();
  open(1);
  open(3);
  const Bytes message = frame(0x81, "a message", false);
  for (const std::uint32_t stream : {1U, 3U})
    talk_.server(said(stream, to_bytes(ByteView(message).first(5))));
  talk_.client(reset(1, 8));
  talk_.server(said(1, to_bytes(ByteView(message).subspan(5))));
  talk_.finish();
  EXPECT_THAT(frames(), ElementsAre("1 server a m cut", "3 server a m cut"));
}

TEST_F(Http2WebSocket, HolesKeepTheirPlaceOrEndIt) {
  talk_.begin();
  open(1);
  open(3);
  const Bytes first = said(1, frame(0x81, "before....behind", false));
  talk_.server(to_bytes(ByteView(first).first(9 + 2 + 6)));
  talk_.hole(Direction::server, {4, true});
  talk_.server(to_bytes(ByteView(first).subspan(9 + 2 + 10)));
  talk_.hole(Direction::server, {});
  talk_.server(data(3, "\x81\x01y") << data(3, "\x81\x01z") << data(3, "\x81\x01z"));
  talk_.finish();
  EXPECT_THAT(frames(), ElementsAre("1 server beforebehind cut"));
  EXPECT_THAT(talk_.problems(),
              testing::Contains(HasSubstr("missing where frames of WebSocket begin or end")));
}

TEST_F(Http2WebSocket, OtherProtocolsAndRefusalsStayBodies) {
  talk_.begin();
  open(1, "connect-udp");
  talk_.server(data(1, "capsule", true));
  talk_.client(talk_.from_client.headers(3, connect("websocket")));
  talk_.server(talk_.from_server.headers(3, {{":status", "403"}}) << data(3, "no", true));
  talk_.finish();
  EXPECT_THAT(frames(), testing::IsEmpty());
  EXPECT_THAT(talk_.sink.bodies, ElementsAre("capsule", "no"));
}

}  // namespace
}  // namespace tlspeel::app::test
