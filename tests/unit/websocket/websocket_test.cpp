// Frames of both sides in, messages out: masks, fragments, control frames between them, holes, and what is no
// frame.
#include "tlspeel/websocket/websocket.hpp"

#include <algorithm>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frames.hpp"

namespace tlspeel::websocket {
namespace {

using test::frame;
using test::Talk;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kClient = Direction::client;
constexpr auto kServer = Direction::server;

// RFC 6455 section 5.7.
TEST(WebSocket, ExamplesOfTheStandard) {
  for (const std::size_t split : {1U, 2U, 100U}) {
    Talk talk;
    talk.split = split;
    talk.say(kServer, {0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f});
    talk.say(kClient, {0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
    talk.say(kServer, {0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f});
    talk.say(kServer, {0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f});
    talk.say(kClient, {0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
    EXPECT_THAT(talk.finish(), ElementsAre("server 1 text 5 'Hello'", "client 1 text 5 'Hello'",
                                           "server 1 text 5 in 2 'Hello'", "server 9 text 5 'Hello'",
                                           "client 10 text 5 'Hello'"));
  }
}

// RFC 7692 sections 7.2.3.1 and 7.2.3.2: the second message refers to the first.
TEST(WebSocket, CompressedExamplesOfTheStandard) {
  for (const std::size_t split : {1U, 3U, 100U}) {
    Talk talk("permessage-deflate");
    talk.split = split;
    talk.say(kServer, {0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
    talk.say(kServer, {0xc1, 0x05, 0xf2, 0x00, 0x11, 0x00, 0x00});
    talk.say(kServer, {0x41, 0x03, 0xf2, 0x48, 0xcd, 0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00});
    // A stored block, one with BFINAL, and two blocks.
    talk.say(kServer, {0xc1, 0x0b, 0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00});
    talk.say(kServer, {0xc1, 0x08, 0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00});
    talk.say(kServer,
             {0xc1, 0x0d, 0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00});
    EXPECT_THAT(talk.finish(),
                ElementsAre("server 1 text 7 of 5 'Hello'", "server 1 text 5 of 5 'Hello'",
                            "server 1 text 7 in 2 of 5 'Hello'", "server 1 text 11 of 5 'Hello'",
                            "server 1 text 8 of 5 'Hello'", "server 1 text 13 of 5 'Hello'"));
  }
}

TEST(WebSocket, ControlFramesStandBetweenFragments) {
  Talk talk;
  talk.say(kClient, frame(0x01, "one ", true));
  talk.say(kClient, frame(0x89, "ping", true));
  talk.say(kClient, frame(0x00, "two ", true));
  talk.say(kClient, frame(0x8A, "", true));
  talk.say(kClient, frame(0x80, "three", true));
  EXPECT_THAT(talk.finish(), ElementsAre("client 9 text 4 'ping'", "client 10 binary 0 ''",
                                         "client 1 text 13 in 3 'one two three'"));
}

TEST(WebSocket, CloseHasACodeAndAReason) {
  Talk talk;
  talk.say(kClient, frame(0x88,
                          "\x03\xe8"
                          "bye",
                          true));
  talk.say(kServer, frame(0x88, "", false));
  talk.say(kServer, frame(0x88, "\x03", false));
  talk.say(kServer, frame(0x88, "\x0f\xa0", false));
  EXPECT_THAT(talk.finish(),
              ElementsAre("client 8 text 5 'bye' 1000 Normal Closure", "server 8 text 0 ''",
                          "server 8 text 1 '\x03' [its code is cut]", "server 8 text 2 '' 4000 "));
}

TEST(WebSocket, LengthsOfEachForm) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U, 65'536U, 200'000U}) {
    Talk talk;
    const std::string text(size, 'x');
    talk.say(kServer, frame(0x81, text, false));
    talk.say(kClient, frame(0x82, text, true));
    talk.finish();
    ASSERT_EQ(talk.messages.size(), 2U);
    for (const auto& message : talk.messages) {
      EXPECT_EQ(message.size, size);
      EXPECT_EQ(message.shown.size(), std::min<std::size_t>(size, 65'536));
    }
  }
}

TEST(WebSocket, BinaryIsCountedOnly) {
  Talk talk;
  talk.say(kServer, frame(0x82, std::string("\0\1\2\xff", 4), false));
  talk.say(kServer, frame(0x82, "looks like text", false));
  EXPECT_THAT(talk.finish(), ElementsAre("server 2 binary 4 ''", "server 2 text 15 'looks like text'"));
}

std::string numbers(std::size_t size, int seed) {
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  std::string text;
  while (text.size() < size) text += fmt::format("{{\"n\":{}}},", random() % 1000);
  return text;
}

class Compressed : public testing::TestWithParam<int> {};

TEST_P(Compressed, MessagesReferToThoseBeforeOrNot) {
  const bool takeover = GetParam() % 2 == 0;
  const int bits = 9 + GetParam() % 7;
  Talk talk(fmt::format("permessage-deflate; {}client_max_window_bits={}",
                        takeover ? "" : "client_no_context_takeover; ", bits));
  talk.split = GetParam() == 3 ? 1 : 1000;
  test::Deflater deflater(bits);
  std::vector<std::string> sent;
  for (int i = 0; i < 20; ++i) {
    sent.push_back(numbers(static_cast<std::size_t>(i * i) * 20, i % 3));
    const std::string coded = deflater.message(sent.back());
    if (!takeover) deflater.reset();
    // In fragments of different lengths; only the first has the bit.
    const std::size_t cut = coded.size() / 3;
    talk.say(kClient, frame(0x41, coded.substr(0, cut), true));
    talk.say(kClient, frame(0x89, "", true));
    talk.say(kClient, frame(0x80, coded.substr(cut), true));
  }
  talk.finish();
  std::erase_if(talk.messages, [](const auto& m) { return m.opcode.value == 9; });
  ASSERT_EQ(talk.messages.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(as_text(talk.messages[i].shown), sent[i]);
    EXPECT_EQ(talk.messages[i].decoded_size, sent[i].size());
    EXPECT_EQ(talk.messages[i].note, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Windows, Compressed, testing::Range(0, 14));

TEST(WebSocket, HolesInAPayloadKeepTheirPlace) {
  Talk talk;
  const Bytes whole = frame(0x81, "before....behind", true);
  talk.say(kClient, ByteView(whole).first(12));
  talk.hole(kClient, {4, true});
  talk.say(kClient, ByteView(whole).subspan(16));
  talk.say(kClient, frame(0x81, "next", true));
  EXPECT_THAT(talk.finish(), ElementsAre("client 1 text 12 missing 4 cut 'beforebehind' hole at 6",
                                         "client 1 text 4 'next'"));
}

TEST(WebSocket, NothingIsDecompressedBehindOne) {
  for (const bool takeover : {true, false}) {
    Talk talk(takeover ? "permessage-deflate" : "permessage-deflate; server_no_context_takeover");
    test::Deflater deflater(15);
    for (int i = 0; i < 3; ++i) {
      const Bytes whole = frame(0xC1, deflater.message(numbers(500, i)), false);
      if (!takeover) deflater.reset();
      if (i != 1) {
        talk.say(kServer, whole);
        continue;
      }
      talk.say(kServer, ByteView(whole).first(60));
      talk.hole(kServer, {10, true});
      talk.say(kServer, ByteView(whole).subspan(70));
    }
    talk.finish();
    ASSERT_EQ(talk.messages.size(), 3U);
    EXPECT_EQ(talk.messages[1].note, "decompressed up to where bytes are missing");
    EXPECT_FALSE(talk.messages[1].decoded_size);
    EXPECT_TRUE(numbers(500, 1).starts_with(as_text(talk.messages[1].shown)));
    if (takeover) {
      EXPECT_THAT(talk.messages[2].note,
                  HasSubstr("not decompressed, since it may refer to a message before it"));
      EXPECT_THAT(talk.messages[2].shown, IsEmpty());
      EXPECT_FALSE(talk.messages[2].text);
    } else {
      EXPECT_EQ(as_text(talk.messages[2].shown), numbers(500, 2));
    }
  }
}

TEST(WebSocket, BehindAnyOtherHoleItIsShownAsItIs) {
  for (const event::Hole& hole : {event::Hole{100, true}, event::Hole{3, false}, event::Hole{}}) {
    Talk talk;
    talk.say(kServer, ByteView(frame(0x81, "before....behind", false)).first(8));
    talk.hole(kServer, hole);
    talk.say(kServer, frame(0x81, "next", false));
    const auto lines = talk.finish();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines.front(), "server 1 text 6 missing 10 cut 'before' [cut by a hole]");
    EXPECT_THAT(lines.back(), HasSubstr("missing where frames of WebSocket begin or end"));
    EXPECT_EQ(talk.rest.at(1), std::string("<hole>\x81\x04next<end>"));
  }
}

TEST(WebSocket, WhatIsNoFrameIsShownAsItIs) {
  const std::pair<Bytes, std::string_view> cases[] = {
      {{0x83, 0x00}, "its opcode has no meaning"},
      {{0xC1, 0x00}, "it has reserved bits that no extension gives a meaning"},
      {{0x81, 0x80, 1, 2, 3, 4}, "the server masks it"},
      {{0x80, 0x00}, "it continues no message"},
      {{0x09, 0x00}, "a control frame is in fragments"},
      {{0x89, 0x7E, 0x00, 0x7E}, "a control frame is longer than 125 bytes"},
      {{0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0}, "its length has the highest bit"}};
  for (const auto& [bytes, why] : cases) {
    Talk talk;
    talk.say(kServer, frame(0x81, "first", false));
    talk.say(kServer, bytes);
    talk.say(kServer, frame(0x81, "next", false));
    const auto lines = talk.finish();
    ASSERT_EQ(lines.size(), 2U) << why;
    EXPECT_EQ(lines.front(), "server 1 text 5 'first'");
    EXPECT_THAT(lines.back(), HasSubstr(why));
    EXPECT_EQ(talk.rest.at(1), std::string(as_text(bytes)) + "\x81\x04next<end>");
  }
  Talk talk;
  talk.say(kClient, frame(0x81, "not masked", false));
  EXPECT_THAT(talk.finish().back(), HasSubstr("the client does not mask it"));
  Talk inside;
  inside.say(kServer, frame(0x01, "begun", false));
  inside.say(kServer, frame(0x81, "another", false));
  EXPECT_THAT(inside.finish(), ElementsAre("server 1 text 5 cut 'begun' [what follows is no frame]",
                                           HasSubstr("a message begins inside of another one")));
}

TEST(WebSocket, AnUnknownExtensionMayMeanAnything) {
  Talk talk("x-other; a=1");
  talk.say(kServer, frame(0xB1, "changed", false));
  talk.say(kServer, frame(0x81, "plain", false));
  EXPECT_THAT(talk.finish(),
              ElementsAre("server 1 binary 7 '' [not shown, since the extension x-other changed it]",
                          "server 1 text 5 'plain'"));
}

TEST(WebSocket, DamageAndBombsEndDecompression) {
  Talk talk("permessage-deflate; client_no_context_takeover");
  talk.say(kServer, frame(0xC1, "\xff\xff\xff\xff", false));
  talk.say(kServer, {0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  test::Deflater deflater(15);
  talk.say(kClient, frame(0xC1, deflater.message(std::string(80 << 20, 'x')), true));
  deflater.reset();
  talk.say(kClient, frame(0xC1, deflater.message("next"), true));
  talk.finish();
  ASSERT_EQ(talk.messages.size(), 4U);
  EXPECT_THAT(talk.messages[0].note, HasSubstr("DEFLATE is damaged: "));
  EXPECT_THAT(talk.messages[1].note, HasSubstr("not decompressed"));
  EXPECT_THAT(talk.messages[2].note, HasSubstr("makes more than 256 times as much"));
  EXPECT_EQ(talk.messages[2].shown.size(), 65'536U);
  EXPECT_EQ(as_text(talk.messages[3].shown), "next");
}

TEST(WebSocket, EndsAnywhere) {
  const Bytes whole = frame(0x81, "a message that is not complete", true);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Talk talk;
    talk.say(kClient, ByteView(whole).first(size));
    const auto lines = talk.finish();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(lines.front(),
                HasSubstr(size < 6 ? "inside the header of a frame" : "[ended inside the message]"));
    if (size >= 6) {
      EXPECT_EQ(talk.messages.front().size + talk.messages.front().missing, 30U);
    }
    EXPECT_EQ(talk.rest.at(0).size(), size < 6 ? size + 5 : 0U);
  }
}

// The same bytes, the same messages, whatever they are.
TEST(WebSocket, HoweverItIsSplit) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    Bytes bytes;
    for (int i = 0; i < 6; ++i) {
      const std::uint8_t first[] = {0x81, 0xC1, 0x01, 0x80, 0x89, 0x88};
      append(bytes, frame(first[random() % 6], numbers(random() % 200, i), true));
    }
    for (int i = 0; i < round % 3; ++i) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    std::vector<std::string> lines[3];
    std::string rest[3];
    const std::size_t splits[] = {1, 7, 100'000};
    for (int i = 0; i < 3; ++i) {
      Talk talk("permessage-deflate");
      talk.split = splits[i];
      talk.say(kClient, bytes);
      lines[i] = talk.finish();
      rest[i] = talk.rest.at(0);
    }
    EXPECT_EQ(lines[0], lines[2]);
    EXPECT_EQ(lines[1], lines[2]);
    EXPECT_EQ(rest[0], rest[2]);
  }
}

TEST(WebSocket, IsOpenedByTheResponse) {
  event::HttpMessage response;
  response.request = false;
  response.status = 101;
  EXPECT_FALSE(is_opening(response));
  response.fields = {{"upgrade", "h2c, WebSocket"}};
  EXPECT_TRUE(is_opening(response));
  response.status = 200;
  EXPECT_FALSE(is_opening(response));
  response.status = 101;
  response.request = true;
  EXPECT_FALSE(is_opening(response));
}

}  // namespace
}  // namespace tlspeel::websocket
