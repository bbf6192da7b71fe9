// Where TLS starts, and what is no TLS although it looks like it.
#include "pipeline/tls_search.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/pipeline/hellos.hpp"

namespace tlspeel::pipeline {
namespace {

using test::client_hello;
using test::joined;
using test::record;
using test::server_hello;
using test::text;

constexpr Direction kClient = Direction::client;
constexpr Direction kServer = Direction::server;

struct Heard final : SearchSink {
  std::array<Bytes, 2> clear;
  std::array<Bytes, 2> tls;
  std::array<std::optional<Start>, 2> start;
  std::array<std::size_t, 2> clear_holes{}, tls_holes{}, ends{};
  std::optional<Direction> client;

  void clear_bytes(Direction direction, PacketRef /*at*/, ByteView bytes) override {
    EXPECT_FALSE(start[index(direction)]) << "in clear behind TLS";
    append(clear[index(direction)], bytes);
  }
  void clear_hole(Direction direction, PacketRef, std::uint64_t, const SearchHole&) override {
    ++clear_holes[index(direction)];
  }
  void clear_end(Direction direction, PacketRef) override { ++ends[index(direction)]; }
  void tls_found(Direction who, PacketRef, PacketRef) override {
    EXPECT_FALSE(client) << "found twice";
    client = who;
  }
  void tls_starts(Direction direction, PacketRef, const Start& at) override {
    EXPECT_TRUE(client);
    EXPECT_FALSE(start[index(direction)]) << "started twice";
    start[index(direction)] = at;
  }
  void tls_bytes(Direction direction, PacketRef, ByteView bytes) override {
    EXPECT_TRUE(start[index(direction)]);
    append(tls[index(direction)], bytes);
  }
  void tls_hole(Direction direction, PacketRef, std::uint64_t, const SearchHole&) override {
    ++tls_holes[index(direction)];
  }
  void tls_end(Direction direction, PacketRef) override { ++ends[index(direction)]; }
};

class Search : public testing::Test {
 protected:
  void say(Direction direction, ByteView bytes) { search().push(direction, {++packet_, 0}, bytes); }
  void in_pieces(Direction direction, ByteView bytes, std::size_t size) {
    for (std::size_t at = 0; at < bytes.size(); at += size)
      say(direction, bytes.subspan(at, std::min(size, bytes.size() - at)));
  }
  void hole(Direction direction, std::uint64_t length) {
    search().hole(direction, {++packet_, 0}, {length, 0});
  }
  void finish() { search().finish({++packet_, 0}); }
  TlsSearch& search() {
    if (!search_) search_ = std::make_unique<TlsSearch>(heard, start_captured, late_records, spare_);
    return *search_;
  }
  void start_over() {
    heard = {};
    search_.reset();
  }

  Heard heard;
  bool start_captured = true;
  bool late_records = true;

 private:
  TlsSearch::Spare spare_;
  std::unique_ptr<TlsSearch> search_;
  std::uint64_t packet_ = 0;
};

TEST_F(Search, StartTls) {
  say(kServer, text("220 ready\r\n"));
  say(kClient, text("STARTTLS\r\n"));
  say(kServer, text("220 go\r\n"));
  say(kClient, client_hello());
  EXPECT_FALSE(search().found());
  say(kServer, server_hello());
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.client, kClient);
  EXPECT_EQ(heard.start[0]->detection.start, tls::Detection::Start::client_hello);
  EXPECT_EQ(heard.start[1]->detection.start, tls::Detection::Start::server_hello);
  EXPECT_EQ(heard.start[0]->position, 10U);
  EXPECT_EQ(heard.start[1]->position, 19U);
  EXPECT_EQ(heard.clear[0], text("STARTTLS\r\n"));
  EXPECT_EQ(heard.clear[1], text("220 ready\r\n220 go\r\n"));
  EXPECT_EQ(heard.tls[0], client_hello());
  EXPECT_EQ(heard.tls[1], server_hello());
}

TEST_F(Search, TheOtherSideMayBeTheClient) {
  say(kClient, text("over to you"));
  say(kServer, client_hello());
  say(kClient, server_hello());
  EXPECT_TRUE(heard.client);
}

// Split at every byte, of both sides at once; and in pieces of every size.
TEST_F(Search, FoundHoweverItIsCut) {
  const Bytes prelude = text("SSLRequest");
  const Bytes client = joined({prelude, client_hello(), record(23, Bytes(40, 0x16))});
  const Bytes server = joined({text("S"), server_hello(), record(23, Bytes(40, 0x16))});
  for (std::size_t cut = 0; cut <= client.size(); ++cut) {
    start_over();
    say(kClient, ByteView(client).first(cut));
    say(kClient, ByteView(client).subspan(cut));
    say(kServer, ByteView(server).first(std::min(cut, server.size())));
    say(kServer, ByteView(server).subspan(std::min(cut, server.size())));
    ASSERT_TRUE(search().found()) << cut;
    EXPECT_EQ(heard.clear[0], prelude);
    EXPECT_EQ(heard.clear[1], text("S"));
    EXPECT_EQ(joined({heard.clear[0], heard.tls[0]}), client);
    EXPECT_EQ(joined({heard.clear[1], heard.tls[1]}), server);
  }
  for (std::size_t size = 1; size < 60; ++size) {
    start_over();
    in_pieces(kClient, client, size);
    in_pieces(kServer, server, size);
    ASSERT_TRUE(search().found()) << size;
    EXPECT_EQ(heard.tls[0].size(), client.size() - prelude.size());
  }
}

// Behind a prelude of any size in the same segment, which is full of what looks like the start of a hello.
TEST_F(Search, FoundAtAnyPosition) {
  for (std::size_t size = 1; size < 200; ++size) {
    start_over();
    Bytes prelude(size, 22);
    if (size % 3 == 0) prelude = joined({text("x"), Bytes(size - 1, 0)});
    say(kClient, joined({prelude, client_hello(1700)}));
    say(kServer, server_hello());
    ASSERT_TRUE(search().found()) << size;
    EXPECT_EQ(heard.start[0]->position, size);
    EXPECT_EQ(heard.clear[0], prelude);
  }
}

TEST_F(Search, AnAlertIsAnAnswerToo) {
  say(kClient, text("PROXY UNKNOWN\r\n"));
  say(kClient, client_hello());
  say(kServer, Bytes{21, 3, 1, 0, 2, 2, 40});
  EXPECT_TRUE(search().found());
}

// ---- no TLS

TEST_F(Search, ADownloadThatHoldsATlsConnectionIsNone) {
  const Bytes page =
      joined({text("HTTP/1.1 200 OK\r\n\r\n"), client_hello(), server_hello(), record(20, Bytes{1})});
  say(kClient, text("GET /file HTTP/1.1\r\n\r\n"));
  say(kServer, page);
  say(kClient, text("GET /other HTTP/1.1\r\n\r\n"));
  say(kServer, client_hello());
  say(kServer, server_hello());
  finish();
  EXPECT_FALSE(search().found());
  EXPECT_EQ(heard.clear[1], joined({page, client_hello(), server_hello()}));
}

TEST_F(Search, AFileGoesOnInItsOwnWay) {
  say(kServer, text("hello"));
  say(kClient, text("POST / HTTP/1.1\r\n\r\n"));
  say(kClient, client_hello());
  say(kClient, text("the next packet of the capture"));
  say(kServer, server_hello());
  finish();
  EXPECT_FALSE(search().found());
}

TEST_F(Search, AnAnswerThatIsNoneRefutes) {
  say(kClient, text("POST / HTTP/1.1\r\n\r\n"));
  say(kClient, client_hello());
  say(kServer, text("HTTP/1.1 200 OK\r\n\r\n"));
  finish();
  EXPECT_FALSE(search().found());
  EXPECT_EQ(heard.clear[0], joined({text("POST / HTTP/1.1\r\n\r\n"), client_hello()}));
}

TEST_F(Search, TheRealOneBehindADecoyIsFound) {
  say(kServer, text("hello"));
  say(kClient, joined({client_hello(30), text(" was not meant"), client_hello(40)}));
  say(kServer, server_hello());
  // The first one is at the very start of the direction: that is TLS.
  EXPECT_EQ(heard.start[0]->position, 0U);
  start_over();
  say(kServer, text("hello"));
  say(kClient, joined({text("x"), client_hello(30), text(" was not meant"), client_hello(40)}));
  say(kServer, server_hello());
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.start[0]->position, 1 + client_hello(30).size() + 14);
}

// ---- bounds

TEST_F(Search, GivesUpBehindItsBound) {
  say(kClient, text("GET / HTTP/1.1\r\n\r\n"));
  for (std::uint64_t size = 0; size <= TlsSearch::kMaxClear; size += 1460) {
    EXPECT_FALSE(search().given_up());
    say(kServer, Bytes(1460, 22));
  }
  EXPECT_TRUE(search().given_up());
  EXPECT_GT(heard.clear[1].size(), TlsSearch::kMaxClear);
}

TEST_F(Search, WhatIsHeldIsBounded) {
  say(kServer, text("hello"));
  say(kClient, text("hello"));
  say(kClient, client_hello());
  for (int i = 0; i < 80; ++i) say(kClient, record(23, Bytes(1000)));
  EXPECT_GE(heard.clear[0].size() + TlsSearch::kMaxHeld, 80U * 1005U);
}

TEST_F(Search, AFewBytesOfOneSideDoNotHoldTheOther) {
  say(kClient, Bytes{22, 3});
  for (int i = 0; i < 100; ++i) say(kServer, Bytes(1000, 0x41));
  EXPECT_GE(heard.clear[1].size() + TlsSearch::kMaxHeld + 1000, 100'000U);
}

// ---- one direction

TEST_F(Search, AClientAloneIsBelievedAtTheEnd) {
  say(kClient, text("EHLO x\r\n"));
  say(kClient, text("STARTTLS\r\n"));
  say(kClient, client_hello());
  say(kClient, record(23, Bytes(100)));
  EXPECT_FALSE(search().found());
  finish();
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.start[0]->position, 18U);
}

TEST_F(Search, AClientAloneIsBelievedWhenItSaysMuch) {
  say(kClient, text("STARTTLS\r\n"));
  say(kClient, client_hello());
  for (int i = 0; i < 80; ++i) say(kClient, record(23, Bytes(1000)));
  EXPECT_TRUE(search().found());
}

TEST_F(Search, AServerAloneIsBelievedAtTheEnd) {
  say(kServer, text("220 go\r\n"));
  say(kServer, server_hello());
  say(kServer, record(23, Bytes(100)));
  finish();
  EXPECT_EQ(heard.client, kClient);
}

TEST_F(Search, OneWithoutAnAnswerIsTold) {
  say(kServer, text("220 ready\r\n"));
  say(kClient, text("STARTTLS\r\n"));
  say(kServer, text("220 go\r\n"));
  say(kClient, client_hello());
  finish();
  EXPECT_TRUE(search().found());
}

TEST_F(Search, InTheMiddleOfASegmentItIsNotBelieved) {
  say(kClient, joined({text("STARTTLS\r\n"), client_hello()}));
  finish();
  EXPECT_FALSE(search().found());
}

// ---- holes and late starts

TEST_F(Search, BehindAHoleInClearItGoesOn) {
  say(kServer, text("220 ready\r\n"));
  say(kClient, text("EHLO"));
  hole(kClient, 20);
  hole(kServer, 100);
  say(kClient, client_hello());
  say(kServer, server_hello());
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.start[0]->position, 24U);
  EXPECT_EQ(heard.start[1]->position, 111U);
  EXPECT_EQ(heard.clear_holes[0], 1U);
}

TEST_F(Search, AHelloThatIsCutIsOne) {
  say(kServer, text("220 ready\r\n"));
  say(kClient, text("STARTTLS\r\n"));
  say(kClient, ByteView(client_hello(300)).first(120));
  hole(kClient, 300);
  say(kServer, server_hello());
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.tls_holes[0], 1U);
}

TEST_F(Search, AnAnswerInAHoleIsSeenByTheRecordsBehindIt) {
  say(kServer, text("220 ready\r\n"));
  say(kClient, text("STARTTLS\r\n"));
  say(kClient, client_hello());
  hole(kServer, 200);
  say(kServer, joined({Bytes(30, 0xaa), record(23, Bytes(50)), record(23, Bytes(50))}));
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.start[1]->detection.start, tls::Detection::Start::middle);
  EXPECT_TRUE(heard.start[1]->behind_hole);
}

TEST_F(Search, ACaptureThatStartsBeforeStartTlsFindsTheHello) {
  start_captured = false;
  say(kServer, text("250 ok\r\n"));
  say(kClient, text("STARTTLS\r\n"));
  say(kServer, text("220 go\r\n"));
  say(kClient, client_hello());
  say(kServer, server_hello());
  ASSERT_TRUE(search().found());
  EXPECT_EQ(heard.start[0]->detection.start, tls::Detection::Start::client_hello);
  EXPECT_EQ(heard.start[1]->detection.start, tls::Detection::Start::server_hello);
}

TEST_F(Search, InsideTlsAHoleIsNoReasonToLookForRecords) {
  late_records = false;
  hole(kServer, 100);
  say(kServer, joined({record(23, Bytes(50)), record(23, Bytes(50))}));
  finish();
  EXPECT_FALSE(search().found());
}

}  // namespace
}  // namespace tlspeel::pipeline
