// What a connection says without any secret, and that no damage makes it say something it should not.
// Connections that open are held against what real programs exchanged by the golden tests.
#include "tlspeel/tls/connection.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "talk.hpp"

namespace tlspeel::tls {
namespace {

void rest_of_full_handshake(Talk& talk) {
  talk.server(kServerHelloDone).client(client_key_exchange()).client(kChangeCipher).client(kSealedHandshake);
  talk.server(kChangeCipher).server(kSealedHandshake).client(kSealed).server(kSealed);
}

struct CauseCase {
  std::string name;
  std::uint16_t suite = 0;
  std::uint8_t compression = 0;
  ClosedCause cause = ClosedCause::no_key_given;
};

class Causes : public testing::TestWithParam<CauseCase> {};

TEST_P(Causes, IsSaidOnceWithTheRecordsThatStayClosed) {
  Talk talk;
  talk.client(client_hello(GetParam().suite))
      .server(server_hello(GetParam().suite, {}, GetParam().compression));
  rest_of_full_handshake(talk);
  talk.finish();
  EXPECT_EQ(talk.cause(), GetParam().cause);
  const Summary summary = talk.connection.summary();
  EXPECT_EQ(summary.outcome, ConnectionOutcome::closed);
  EXPECT_EQ(summary.directions[0].records_closed, 2U);
  EXPECT_EQ(summary.directions[1].records_closed, 2U);
  EXPECT_TRUE(talk.said.plaintext[0].empty());
  ASSERT_EQ(talk.said.all<event::HandshakeEnd>().size(), 1U);
  EXPECT_TRUE(talk.said.all<event::HandshakeEnd>().front()->complete);
}

INSTANTIATE_TEST_SUITE_P(All, Causes,
                         testing::Values(CauseCase{"no_key", 0x002f, 0, ClosedCause::no_key_given},
                                         CauseCase{"ecdhe", 0xc02f, 0, ClosedCause::ephemeral_key_exchange},
                                         CauseCase{"dhe", 0x0033, 0, ClosedCause::ephemeral_key_exchange},
                                         CauseCase{"psk", 0x008c, 0, ClosedCause::psk_not_given},
                                         CauseCase{"srp", 0xc01d, 0, ClosedCause::psk_or_other_key_exchange},
                                         CauseCase{"unknown_suite", 0x8888, 0,
                                                   ClosedCause::unknown_cipher_suite},
                                         CauseCase{"lzs", 0x002f, 64, ClosedCause::unsupported_compression}),
                         [](const testing::TestParamInfo<CauseCase>& row) { return row.param.name; });

TEST(Connection, AResumedSessionThatIsNotKnownSaysSo) {
  const Bytes id(32, 7);
  Talk talk;
  talk.client(client_hello(0x002f, id)).server(server_hello(0x002f, id));
  talk.server(kChangeCipher).server(kSealedHandshake).client(kChangeCipher).client(kSealedHandshake);
  talk.client(kSealed).finish();
  EXPECT_EQ(talk.cause(), ClosedCause::resumed_session_unknown);
}

TEST(Connection, WithoutTheOtherDirectionItSaysSo) {
  Talk talk;
  talk.client(client_hello(0x002f))
      .client(client_key_exchange())
      .client(kChangeCipher)
      .client(kSealed)
      .finish();
  EXPECT_EQ(talk.cause(), ClosedCause::one_direction_missing);
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 1U);
}

TEST(Connection, AHoleInTheHandshakeIsTheCause) {
  Talk talk;
  talk.client(client_hello(0x002f)).server(server_hello(0x002f));
  talk.connection.gap({4, 0}, {Direction::server, 100, 900});
  talk.connection.end(Direction::server, {5, 0});
  talk.client(client_key_exchange()).client(kChangeCipher).client(kSealed).finish();
  const auto closed = talk.said.all<event::Closed>();
  ASSERT_FALSE(closed.empty());
  EXPECT_EQ(closed.front()->cause, ClosedCause::bytes_lost);
}

// The words say where and what helps: the two causes are cured in different ways.
TEST(Connection, WhatTheSnapLengthCutOffIsToldFromLoss) {
  for (const std::uint64_t cut_packet : {0U, 3U}) {
    Talk talk;
    talk.client(client_hello(0x002f)).server(server_hello(0x002f));
    talk.connection.gap({17, 0}, {Direction::server, 1000, 1448, cut_packet});
    talk.connection.end(Direction::server, {18, 0});
    talk.client(client_key_exchange()).client(kChangeCipher).client(kSealed).finish();
    const auto closed = talk.said.all<event::Closed>();
    ASSERT_FALSE(closed.empty());
    const event::Closed& first = *closed.front();
    EXPECT_EQ(first.cause, cut_packet == 0 ? ClosedCause::bytes_lost : ClosedCause::cut_by_snap_length);
    EXPECT_EQ(talk.connection.summary().cause, first.cause);
    const std::string where =
        cut_packet == 0 ? "bytes 1,000 to 2,447 of the server's stream are missing before packet 17"
                        : "bytes 1,000 to 2,447 of the server's stream were cut off packet 3 by the snap "
                          "length";
    EXPECT_EQ(first.explanation, where + ", so it is not known where the next record begins");
    EXPECT_EQ(first.remedy.find("-s 0") == std::string::npos, cut_packet == 0) << first.remedy;
  }
}

TEST(Connection, FromTheMiddleEverythingStaysClosed) {
  Talk talk;
  talk.connection.begin(Direction::client, Detection::Start::middle);
  talk.client(kSealed).server(kSealed).finish();
  EXPECT_EQ(talk.cause(), ClosedCause::handshake_not_captured);
}

TEST(Connection, AnAlertInsteadOfAServerHelloLeavesNothingToOpen) {
  Talk talk;
  talk.client(client_hello(0x002f)).server(record(kAlert, Bytes{2, 40})).finish();
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::no_data);
  EXPECT_TRUE(talk.said.all<event::Closed>().empty());
}

TEST(Connection, WhatIsNotARecordEndsTheDirectionAndIsCounted) {
  Talk talk;
  talk.client(client_hello(0x002f)).server(Bytes(300, 'x')).server(Bytes(100, 'y')).finish();
  const auto problems = talk.said.all<event::Problem>();
  ASSERT_FALSE(problems.empty());
  EXPECT_NE(problems.back()->message.find("400 bytes"), std::string::npos);
}

// Records that wait for a decision are bounded: a direction that was never captured must not fill the memory.
TEST(Connection, WaitingRecordsAreBounded) {
  Talk talk;
  talk.client(client_hello(0x002f)).client(client_key_exchange()).client(kChangeCipher);
  const Bytes large = record(kApplicationData, Bytes(16000, 0xab));
  for (int i = 0; i < 100; ++i) talk.client(large);
  talk.finish();
  EXPECT_EQ(talk.cause(), ClosedCause::one_direction_missing);
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 100U);
}

// An empty record costs its sender five bytes and us a node: those are bounded, too.
TEST(Connection, EmptyWaitingRecordsAreBounded) {
  Talk talk;
  talk.client(client_hello(0x002f)).client(client_key_exchange()).client(kChangeCipher);
  const Bytes empty = record(kApplicationData, {});
  for (int i = 0; i < 10000; ++i) talk.client(empty);
  EXPECT_EQ(talk.cause(), ClosedCause::one_direction_missing);  // without waiting for finish()
  talk.finish();
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 10000U);
}

// RFC 8446 section 4.1.4 and appendix D.4: after a HelloRetryRequest both sides may send a ChangeCipherSpec
// that means nothing.
TEST(Connection, AChangeCipherSpecAfterAHelloRetryRequestChangesNothing) {
  const Bytes retry = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                       0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                       0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
  Talk talk;
  talk.client(client_hello(0x1301)).server(server_hello(0x1301, {}, 0, kSupportedVersions13, retry));
  talk.server(kChangeCipher).client(kChangeCipher).client(client_hello(0x1301));
  talk.server(server_hello(0x1301, {}, 0, kSupportedVersions13));
  std::size_t hellos = 0;
  for (const auto* message : talk.said.all<event::TlsMessage>()) {
    hellos += std::holds_alternative<event::Handshake>(message->body) ? 1U : 0U;
  }
  EXPECT_EQ(hellos, 4U);  // all of them, each when it came
  talk.server(kSealed).client(kSealed).finish();
  EXPECT_EQ(talk.cause(), ClosedCause::tls13_needs_keylog);
}

// The client's records wait for what the server said; a hole behind them must not swallow them.
TEST(Connection, WhatWaitsBeforeAHoleIsNotForgotten) {
  Talk talk;
  talk.client(client_hello(0x002f)).client(client_key_exchange()).client(kChangeCipher);
  talk.client(kSealedHandshake).client(kSealed);
  talk.connection.gap({5, 0}, {Direction::client, 500, 100});
  talk.client(kSealed).server(server_hello(0x002f)).server(kServerHelloDone).finish();
  const Summary summary = talk.connection.summary();
  EXPECT_EQ(summary.directions[0].records_closed, 2U);
  EXPECT_EQ(summary.cause, ClosedCause::bytes_lost);
  const auto problems = talk.said.all<event::Problem>();
  ASSERT_FALSE(problems.empty());
  EXPECT_NE(problems.back()->message.find("69 bytes"), std::string::npos);
}

// RFC 7627: the keys depend on a hash over all messages.
TEST(Connection, ExtendedMasterSecretAndAHoleInTheHandshakeSayLoss) {
  auto store = secrets::Store::load({{TLSPEEL_TESTDATA "/captures/nginx_rsa/server.key"}});
  ASSERT_TRUE(store);
  Talk talk;
  talk.store = *std::move(store);
  talk.client(client_hello(0x002f, {}, kExtendedMasterSecretExtension));
  talk.server(server_hello(0x002f, {}, 0, kExtendedMasterSecretExtension));
  talk.connection.gap({4, 0}, {Direction::server, 100, 900});
  talk.connection.end(Direction::server, {5, 0});
  talk.client(client_key_exchange()).client(kChangeCipher).client(kSealed).finish();
  const auto closed = talk.said.all<event::Closed>();
  ASSERT_FALSE(closed.empty());
  EXPECT_EQ(closed.back()->direction, std::nullopt);
  EXPECT_EQ(closed.back()->cause, ClosedCause::bytes_lost);
}

TEST(Connection, TheEndOfAStreamComesAfterWhatWaits) {
  Talk talk;
  talk.client(client_hello(0x002f)).client(client_key_exchange()).client(kChangeCipher).client(kSealed);
  talk.connection.end(Direction::client, {4, 0});
  EXPECT_FALSE(talk.said.ended[0]);
  talk.server(server_hello(0x002f)).server(kServerHelloDone);
  EXPECT_TRUE(talk.said.ended[0]);
}

TEST(Connection, AStartThatWasCutOffIsTheCause) {
  Talk talk;
  talk.client(client_hello(0x002f));
  talk.connection.begin_after_gap({9, 0}, {Direction::server, 0, 1, 2});
  talk.server(kSealed).client(client_key_exchange()).client(kChangeCipher).client(kSealed).finish();
  EXPECT_EQ(talk.cause(), ClosedCause::cut_by_snap_length);
  const auto closed = talk.said.all<event::Closed>();
  ASSERT_FALSE(closed.empty());
  EXPECT_EQ(
      closed.front()->explanation,
      "the keys depend on the hellos, and byte 0 of the server's stream was cut off packet 2 by the snap "
      "length");
}

TEST(Connection, LossAtTheStartOfADirectionIsTheCauseAndTheOtherIsStillRead) {
  Talk talk;
  talk.client(client_hello(0x002f));
  talk.connection.begin_after_gap({2, 0}, {Direction::server, 0, 1400});
  talk.server(kSealed).client(client_key_exchange()).client(kChangeCipher).client(kSealed).finish();
  EXPECT_EQ(talk.cause(), ClosedCause::bytes_lost);
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 1U);
}

// Any bytes in any pieces: no crash, and never any plaintext, because there is no key.
TEST(Connection, DamagedStreamsGiveEventsAndNoPlaintext) {
  std::mt19937 random(20);
  for (int round = 0; round < 500; ++round) {
    Bytes from_client = client_hello(0x002f);
    append(from_client, client_key_exchange());
    append(from_client, kChangeCipher);
    append(from_client, kSealedHandshake);
    append(from_client, kSealed);
    Bytes from_server = server_hello(0x002f);
    append(from_server, kServerHelloDone);
    append(from_server, kChangeCipher);
    append(from_server, kSealed);
    for (Bytes* bytes : {&from_client, &from_server}) {
      for (int flips = 0; flips < 3; ++flips)
        (*bytes)[random() % bytes->size()] = static_cast<std::uint8_t>(random());
    }
    Talk talk;
    std::array<std::size_t, 2> next{};
    const std::array<const Bytes*, 2> streams = {&from_client, &from_server};
    while (next[0] < from_client.size() || next[1] < from_server.size()) {
      const std::size_t d = random() % 2;
      const std::size_t size = std::min<std::size_t>(1 + random() % 90, streams[d]->size() - next[d]);
      talk.push(static_cast<Direction>(d), to_bytes(ByteView(*streams[d]).subspan(next[d], size)));
      next[d] += size;
    }
    talk.finish();
    EXPECT_TRUE(talk.said.plaintext[0].empty() && talk.said.plaintext[1].empty());
  }
}

}  // namespace
}  // namespace tlspeel::tls
