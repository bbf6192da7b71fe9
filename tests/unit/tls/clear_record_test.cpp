// Which records are in clear where the beginning of a side is missing: told by their structure alone, before
// that side's ChangeCipherSpec.
#include "tls/clear_record.hpp"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hole_talk.hpp"

namespace tlspeel::tls {
namespace {

using testing::HasSubstr;

Record as_record(const Bytes& bytes) {
  Record out;
  out.header = {bytes[0], kTls12, static_cast<std::uint16_t>(bytes.size() - kRecordHeaderSize)};
  out.fragment = ByteView(bytes).subspan(kRecordHeaderSize);
  return out;
}

bool clear(Direction sender, const Bytes& bytes) {
  return is_surely_clear(sender, as_record(bytes));
}

TEST(ClearRecord, MessagesOfTheSideThatFillItExactly) {
  const Bytes exchange = client_key_exchange();
  EXPECT_TRUE(clear(Direction::client, exchange));
  EXPECT_FALSE(clear(Direction::server, exchange));
  EXPECT_TRUE(clear(Direction::server, kServerHelloDone));
  EXPECT_FALSE(clear(Direction::client, kServerHelloDone));
  Bytes two = to_bytes(ByteView(kServerHelloDone).subspan(kRecordHeaderSize));
  append(two, Bytes(two));
  EXPECT_TRUE(clear(Direction::server, record(kHandshake, two)));
  two.push_back(14);
  EXPECT_FALSE(clear(Direction::server, record(kHandshake, two)));
  for (std::size_t size = kRecordHeaderSize; size < exchange.size(); ++size) {
    EXPECT_FALSE(clear(Direction::client, to_bytes(ByteView(exchange).first(size)))) << size;
  }
}

TEST(ClearRecord, NotWhatIsOrMayBeProtected) {
  EXPECT_TRUE(clear(Direction::client, kChangeCipher));
  EXPECT_FALSE(clear(Direction::client, record(kChangeCipherSpec, Bytes{2})));
  EXPECT_FALSE(clear(Direction::client, record(kChangeCipherSpec, Bytes(21, 1))));
  EXPECT_FALSE(clear(Direction::client, record(kAlert, Bytes{1, 0})));
  // As AES-GCM's first record begins: it is no HelloRequest.
  EXPECT_FALSE(clear(Direction::server, record(kHandshake, Bytes(4, 0))));
  std::mt19937 random(5);
  for (int round = 0; round < 10000; ++round) {
    Bytes bytes(40);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    EXPECT_FALSE(clear(Direction::client, record(kHandshake, bytes)));
    EXPECT_FALSE(clear(Direction::server, record(kHandshake, bytes)));
  }
}

template <class Body>
std::size_t count_handshake(const Talk& talk) {
  std::size_t out = 0;
  for (const auto* each : talk.said.all<event::TlsMessage>()) {
    const auto* message = std::get_if<event::Handshake>(&each->body);
    out += message != nullptr && std::holds_alternative<Body>(message->body) && !each->encrypted ? 1U : 0U;
  }
  return out;
}

std::size_t count_change_cipher(const Talk& talk) {
  std::size_t out = 0;
  for (const auto* each : talk.said.all<event::TlsMessage>())
    out += std::holds_alternative<event::ChangeCipherSpec>(each->body) ? 1U : 0U;
  return out;
}

TEST(ClearRecord, BehindALostHelloMessagesHaveTheirNames) {
  Talk talk;
  talk.connection.begin_after_gap({1, 0}, {Direction::client, 0, 300});
  talk.server(server_hello(0x002f)).server(kServerHelloDone);
  talk.client(client_key_exchange()).client(kChangeCipher).client(kSealedHandshake);
  // What would be a message in clear stands behind ChangeCipherSpec.
  talk.client(client_key_exchange()).finish();
  EXPECT_EQ(count_handshake<event::ClientKeyExchange>(talk), 1U);
  EXPECT_EQ(count_change_cipher(talk), 1U);
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 2U);
  EXPECT_EQ(talk.cause(), ClosedCause::bytes_lost);
}

TEST(ClearRecord, WhereTheCaptureBeganInTheHandshakeTheReasonSaysSo) {
  Talk talk;
  talk.connection.begin(Direction::server, Detection::Start::middle);
  talk.server(kServerHelloDone).client(client_key_exchange()).client(kChangeCipher).client(kSealedHandshake);
  talk.server(kChangeCipher).server(kSealedHandshake).client(kSealed).server(kSealed).finish();
  EXPECT_EQ(count_handshake<event::ServerHelloDone>(talk), 1U);
  EXPECT_EQ(count_handshake<event::ClientKeyExchange>(talk), 1U);
  ASSERT_EQ(talk.cause(), ClosedCause::handshake_not_captured);
  EXPECT_THAT(talk.said.all<event::Closed>().front()->explanation,
              HasSubstr("in the middle of the handshake, behind the hellos"));
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 2U);
  EXPECT_EQ(talk.connection.summary().directions[1].records_closed, 2U);
}

// In front of records that open by the key log it is not said that they stay closed.
TEST(ClearRecord, AChangeCipherSpecIsNeverAClosedRecord) {
  const ServerStream stream = server_stream({"", kTls13, 0x1301}, 3);
  Talk talk;
  give_log(talk, stream.key_log);
  talk.connection.begin(Direction::server, Detection::Start::middle);
  talk.server(kChangeCipher).server(to_bytes(ByteView(stream.bytes).subspan(stream.data[0].begin)));
  talk.finish();
  EXPECT_EQ(talk.said.plaintext[1], stream.data[0].text + stream.data[1].text + stream.data[2].text);
  EXPECT_EQ(count_change_cipher(talk), 1U);
  EXPECT_TRUE(talk.said.all<event::Closed>().empty());
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::opened);
}

}  // namespace
}  // namespace tlspeel::tls
