// SSL 3.0 to TLS 1.2 without a ClientHello: a line of the key log has all that it said, and only a record
// that verifies makes it count.
#include "tls/lost_client_hello.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hole_talk.hpp"

namespace tlspeel::tls {
namespace {

using testing::HasSubstr;

std::string line_of(std::string_view label, std::size_t number, const Bytes& secret) {
  Bytes random(32, 0x11);
  random[0] = static_cast<std::uint8_t>(number >> 8);
  random[1] = static_cast<std::uint8_t>(number);
  return std::string(label) + " " + to_hex(random) + " " + to_hex(secret) + "\n";
}

std::string other_lines(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += line_of("CLIENT_RANDOM", i, Bytes(48, 0x22));
  return out;
}

std::string all_text(const ServerStream& stream) {
  std::string out;
  for (const ServerStream::Data& each : stream.data) out += each.text;
  return out;
}

// Nothing of the client is captured.
void hear_server(Talk& talk, const ServerStream& stream, std::string_view log) {
  if (!log.empty()) give_log(talk, log);
  talk.server(stream.bytes).finish();
}

std::string explanation(const Talk& talk) {
  const auto closed = talk.said.all<event::Closed>();
  return closed.size() == 1 ? closed.front()->explanation : std::string();
}

class LostClientHellos : public testing::TestWithParam<Construction> {};

TEST_P(LostClientHellos, TheServersSideOpensWithOneOfManyLines) {
  const ServerStream stream = server_stream(GetParam(), 6);
  Talk talk;
  hear_server(talk, stream, other_lines(40) + stream.key_log + other_lines(50));
  EXPECT_EQ(talk.said.plaintext[1], all_text(stream));
  EXPECT_TRUE(talk.said.all<event::Closed>().empty());
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::opened);
  EXPECT_EQ(talk.connection.summary().cipher_suite.value, GetParam().suite);
  EXPECT_EQ(talk.connection.summary().secrets_used, std::vector<std::string>{"secrets in capture.pcapng"});
  // There is no transcript.
  EXPECT_FALSE(talk.connection.summary().finished_verified[1]);
}

TEST_P(LostClientHellos, WithOtherLinesNothingIsShown) {
  const ServerStream stream = server_stream(GetParam(), 6);
  Talk talk;
  hear_server(talk, stream, other_lines(40));
  EXPECT_TRUE(talk.said.plaintext[1].empty());
  EXPECT_EQ(talk.cause(), ClosedCause::one_direction_missing);
  EXPECT_THAT(explanation(talk), HasSubstr("no master secret of the key logs opens it"));
  EXPECT_EQ(talk.connection.summary().directions[1].records_closed, 7U);
}

TEST_P(LostClientHellos, AFlippedBitIsNotOpened) {
  const ServerStream stream = server_stream(GetParam(), 1);
  // The last byte of Finished: of its tag, of its MAC, or of the block that has it.
  ServerStream damaged = stream;
  damaged.bytes[stream.data[0].begin - 1] ^= 1;
  Talk talk;
  hear_server(talk, damaged, stream.key_log);
  EXPECT_TRUE(talk.said.plaintext[1].empty());
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::closed);
}

// The hello was lost in a hole, and what follows it is there.
TEST_P(LostClientHellos, BothSidesOpenBehindAHoleInTheHello) {
  const ServerStream stream = server_stream(GetParam(), 6);
  const std::size_t hello = client_hello(GetParam().suite).size();
  Talk talk;
  give_log(talk, stream.key_log);
  talk.client(to_bytes(ByteView(stream.client).first(20)));
  const std::size_t behind = GetParam().encrypt_then_mac ? hello + 6 : hello;
  talk.connection.gap({++talk.packet, 0}, {Direction::client, 20, behind - 20, 0});
  talk.client(to_bytes(ByteView(stream.client).subspan(behind)));
  talk.server(stream.bytes).finish();
  EXPECT_EQ(talk.said.plaintext[1], all_text(stream));
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::partly_opened);
  EXPECT_EQ(talk.connection.summary().directions[0].records_closed, 0U);
  EXPECT_TRUE(talk.said.all<event::Closed>().empty());
}

// All of the hello is lost, which is known before or behind the server's answer.
TEST_P(LostClientHellos, BothSidesOpenWhereTheFirstPacketIsMissing) {
  const ServerStream stream = server_stream(GetParam(), 6);
  const std::size_t hello = client_hello(GetParam().suite).size() + (GetParam().encrypt_then_mac ? 6 : 0);
  Bytes client = client_key_exchange();
  append(client, ByteView(stream.client).subspan(hello));
  const std::size_t answer = kRecordHeaderSize + stream.bytes[4];  // the ServerHello
  for (const bool known_first : {true, false}) {
    Talk talk;
    give_log(talk, other_lines(3) + stream.key_log);
    talk.connection.begin(Direction::server, Detection::Start::server_hello);
    if (!known_first) talk.server(to_bytes(ByteView(stream.bytes).first(answer)));
    talk.connection.begin_after_gap({++talk.packet, 0}, {Direction::client, 0, hello});
    if (known_first) talk.server(to_bytes(ByteView(stream.bytes).first(answer)));
    talk.client(client).server(to_bytes(ByteView(stream.bytes).subspan(answer))).finish();
    EXPECT_EQ(talk.said.plaintext[1], all_text(stream)) << known_first;
    EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::opened) << known_first;
    EXPECT_TRUE(talk.said.all<event::Closed>().empty()) << known_first;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Constructions, LostClientHellos,
    testing::Values(Construction{"rc4", kTls10, 0x0005}, Construction{"cbc_tls10", kTls10, 0x002f},
                    Construction{"cbc_tls12", kTls12, 0x003c},
                    Construction{"cbc_etm_tls12", kTls12, 0x003c, true}, Construction{"gcm", kTls12, 0x009c},
                    Construction{"ccm", kTls12, 0xc09c}, Construction{"chacha20", kTls12, 0xcca8}),
    name_of);

TEST(LostClientHello, MoreLinesThanAreTriedSaySo) {
  const ServerStream stream = server_stream({"", kTls12, 0x009c}, 2);
  Talk last;
  hear_server(last, stream, other_lines(LostClientHello::kMaxLines - 1) + stream.key_log);
  EXPECT_EQ(last.said.plaintext[1], all_text(stream));
  Talk talk;
  hear_server(talk, stream, other_lines(LostClientHello::kMaxLines) + stream.key_log);
  EXPECT_TRUE(talk.said.plaintext[1].empty());
  EXPECT_THAT(explanation(talk), HasSubstr("none of the first 1024 master secrets of the key logs opens it"));
}

TEST(LostClientHello, APremasterSecretWillDo) {
  const Bytes premaster(48, 0x33);
  const Construction how{"", kTls12, 0x009c};
  Parameters parameters;
  parameters.version = kTls12;
  parameters.suite = find_cipher_suite(how.suite);
  const SecretBytes master = master_secret(parameters, premaster, {Bytes(32, 0xc1), Bytes(32, 0x5e)});
  Protector server(how, to_bytes(master.view()), Direction::server);
  const auto sealed = [&](std::uint8_t type, ByteView content) {
    return record(type, server.fragment(type, content));
  };
  Talk talk;
  give_log(talk, log_line("PMS_CLIENT_RANDOM", premaster));
  talk.server(server_hello(how.suite)).server(kChangeCipher);
  talk.server(
      sealed(kHandshake, to_bytes(as_bytes(std::string("\x14\x00\x00\x0c", 4) + std::string(12, 'f')))));
  talk.server(sealed(kApplicationData, as_bytes("hello"))).finish();
  EXPECT_EQ(talk.said.plaintext[1], "hello");
}

// A suite without a MAC would verify whatever is there.
TEST(LostClientHello, ASuiteThatProvesNothingIsNotTried) {
  const ServerStream stream = server_stream({"", kTls12, 0x009c}, 2);
  Talk talk;
  give_log(talk, stream.key_log);
  talk.server(server_hello(0x0000)).server(kChangeCipher).server(kSealedHandshake).server(kSealed).finish();
  EXPECT_TRUE(talk.said.plaintext[1].empty());
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::closed);
}

TEST(LostClientHello, WhatWasNotCapturedIsNamed) {
  Talk client;
  client.client(client_hello(0xc02f)).client(client_key_exchange()).client(kChangeCipher).client(kSealed);
  client.finish();
  EXPECT_THAT(explanation(client), HasSubstr("the ServerHello, with the server's random, was not captured"));
  for (const std::uint16_t suite : {std::uint16_t{0x002f}, std::uint16_t{0xc02f}}) {
    Talk server;
    auto store = secrets::Store::load({{TLSPEEL_TESTDATA "/captures/nginx_rsa/server.key"}});
    ASSERT_TRUE(store);
    server.store = *std::move(store);
    server.server(server_hello(suite))
        .server(kServerHelloDone)
        .server(kChangeCipher)
        .server(kSealedHandshake);
    server.finish();
    EXPECT_THAT(explanation(server), HasSubstr("the ClientHello, with the client's random"));
    EXPECT_THAT(explanation(server),
                HasSubstr(suite == 0x002f ? "the ClientKeyExchange, with the premaster secret, were"
                                          : "the ClientKeyExchange were not"));
    EXPECT_THAT(server.said.all<event::Closed>().front()->remedy, HasSubstr("--keylog"));
  }
}

}  // namespace
}  // namespace tlspeel::tls
