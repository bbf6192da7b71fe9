// Which cause and which remedy a connection that stays closed is told with, by what was given and what was
// agreed.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/tls/cipher_suites.hpp"

#include "talk.hpp"

namespace tlspeel::tls {
namespace {

using testing::HasSubstr;

enum class Given : std::uint8_t { nothing, other_key, key_log, psk, ticket_key, log_and_key };

secrets::Store store_with(Given given) {
  const std::string captures = TLSPEEL_TESTDATA "/captures/";
  secrets::Config config;
  if (given == Given::other_key || given == Given::log_and_key)
    config.key_paths = {captures + "nginx_rsa/server.key"};
  if (given == Given::key_log || given == Given::log_and_key)
    config.keylog_paths = {captures + "synth_keylog/keys.log"};
  if (given == Given::psk) config.psks = {"somebody:0102"};
  if (given == Given::ticket_key) config.ticket_key_paths = {captures + "ticket_key_nginx/ticket-48.key"};
  auto store = secrets::Store::load(config);
  EXPECT_TRUE(store);
  return *std::move(store);
}

struct Row {
  std::string name;
  Given given = Given::nothing;
  std::uint16_t suite = 0;
  ClosedCause cause = ClosedCause::no_key_given;
  std::string remedy;  // a part of it
  bool tls13 = false;
};

class Reasons : public testing::TestWithParam<Row> {};

Bytes key_exchange_for(std::uint16_t suite) {
  const KeyExchange kind = find_cipher_suite(suite)->key_exchange;
  if (kind == KeyExchange::psk) return handshake(16, Bytes{0, 2, 'm', 'e'});
  if (kind == KeyExchange::ecdhe) {
    Bytes body = {32};
    body.insert(body.end(), 32, 9);
    return handshake(16, body);
  }
  if (kind == KeyExchange::rsa_psk) {
    Bytes body = {0, 2, 'm', 'e', 1, 0};
    body.insert(body.end(), 256, 0x0e);
    return handshake(16, body);
  }
  return client_key_exchange();
}

TEST_P(Reasons, OneCauseAndOneRemedy) {
  const Row& row = GetParam();
  Talk talk;
  talk.store = store_with(row.given);
  talk.client(client_hello(row.suite));
  if (row.tls13) {
    talk.server(server_hello(row.suite, {}, 0, kSupportedVersions13)).server(kSealed).client(kSealed);
  } else {
    talk.server(server_hello(row.suite)).server(kServerHelloDone);
    talk.client(key_exchange_for(row.suite)).client(kChangeCipher).client(kSealedHandshake);
    talk.server(kChangeCipher).server(kSealedHandshake).client(kSealed).server(kSealed);
  }
  talk.finish();
  EXPECT_EQ(talk.cause(), row.cause);
  EXPECT_EQ(talk.connection.summary().cause, row.cause);
  const auto closed = talk.said.all<event::Closed>();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_FALSE(closed.front()->explanation.empty());
  EXPECT_THAT(closed.front()->remedy, HasSubstr(row.remedy));
}

constexpr std::uint16_t kRsa = 0x002f;
constexpr std::uint16_t kEcdhe = 0xc02f;
constexpr std::uint16_t kPsk = 0x00a8;
constexpr std::uint16_t kRsaPsk = 0x00ac;
constexpr std::uint16_t kTls13Suite = 0x1301;

INSTANTIATE_TEST_SUITE_P(
    All, Reasons,
    testing::Values(
        Row{"rsa_nothing", Given::nothing, kRsa, ClosedCause::no_key_given, "--key"},
        Row{"rsa_other_key", Given::other_key, kRsa, ClosedCause::key_of_other_certificate, "--key"},
        Row{"rsa_log", Given::key_log, kRsa, ClosedCause::not_in_key_log, "--key"},
        Row{"rsa_psk_only", Given::psk, kRsa, ClosedCause::no_key_given, "--key"},
        Row{"ecdhe_nothing", Given::nothing, kEcdhe, ClosedCause::ephemeral_key_exchange, "--keylog"},
        Row{"ecdhe_key", Given::other_key, kEcdhe, ClosedCause::ephemeral_key_exchange, "--keylog"},
        Row{"ecdhe_log", Given::key_log, kEcdhe, ClosedCause::not_in_key_log, "key log"},
        Row{"ecdhe_log_and_key", Given::log_and_key, kEcdhe, ClosedCause::not_in_key_log, "key log"},
        Row{"ecdhe_ticket_key_without_ticket", Given::ticket_key, kEcdhe, ClosedCause::ephemeral_key_exchange,
            "--keylog"},
        Row{"psk_nothing", Given::nothing, kPsk, ClosedCause::psk_not_given, "--psk"},
        Row{"psk_of_somebody_else", Given::psk, kPsk, ClosedCause::psk_not_given, "--psk"},
        Row{"psk_log", Given::key_log, kPsk, ClosedCause::not_in_key_log, "--psk"},
        Row{"rsa_psk_key_alone", Given::other_key, kRsaPsk, ClosedCause::psk_not_given, "--psk"},
        Row{"tls13_nothing", Given::nothing, kTls13Suite, ClosedCause::tls13_needs_keylog, "--keylog", true},
        Row{"tls13_key", Given::other_key, kTls13Suite, ClosedCause::tls13_needs_keylog, "--keylog", true},
        Row{"tls13_log", Given::key_log, kTls13Suite, ClosedCause::not_in_key_log, "key log", true}),
    [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

const Bytes kTicketExtension = {0, 35, 0, 4, 't', 'i', 'c', 'k'};
const Bytes kEmptyTicketExtension = {0, 35, 0, 0};

Talk& resume(Talk& talk, ByteView client_extensions) {
  const Bytes id(32, 7);
  talk.client(client_hello(kRsa, id, client_extensions)).server(server_hello(kRsa, id));
  talk.server(kChangeCipher).server(kSealedHandshake).client(kChangeCipher).client(kSealedHandshake);
  return talk.client(kSealed).finish();
}

TEST(ReasonsOfResumption, TicketKeysThatDoNotFit) {
  Talk talk;
  talk.store = store_with(Given::ticket_key);
  EXPECT_EQ(resume(talk, kTicketExtension).cause(), ClosedCause::ticket_key_not_given);
}

TEST(ReasonsOfResumption, WithoutATicketItsKeyWouldNotHelp) {
  Talk talk;
  talk.store = store_with(Given::ticket_key);
  EXPECT_EQ(resume(talk, {}).cause(), ClosedCause::resumed_session_unknown);
}

TEST(ReasonsOfResumption, WithATicketItsKeyIsNamed) {
  Talk talk;
  talk.store = store_with(Given::other_key);
  EXPECT_EQ(resume(talk, kTicketExtension).cause(), ClosedCause::resumed_session_unknown);
  EXPECT_THAT(talk.said.all<event::Closed>().front()->remedy, HasSubstr("--ticket-key"));
}

TEST(ReasonsOfResumption, AKeyLogThatDoesNotNameIt) {
  Talk talk;
  talk.store = store_with(Given::key_log);
  EXPECT_EQ(resume(talk, {}).cause(), ClosedCause::resumed_session_unknown);
  EXPECT_THAT(talk.said.all<event::Closed>().front()->explanation, HasSubstr("key log"));
}

// The new ticket comes behind the client's Finished and may hold the keys: until then that waits.
TEST(ReasonsOfTickets, WaitForTheTicketAndSayWhatItsKeyIsNot) {
  Talk talk;
  talk.store = store_with(Given::ticket_key);
  talk.client(client_hello(kEcdhe, {}, kEmptyTicketExtension));
  talk.server(server_hello(kEcdhe, {}, 0, kEmptyTicketExtension)).server(kServerHelloDone);
  talk.client(key_exchange_for(kEcdhe)).client(kChangeCipher).client(kSealedHandshake);
  EXPECT_TRUE(talk.said.all<event::Closed>().empty());
  Bytes ticket = {0, 0, 1, 0};
  put16(ticket, 100);
  ticket.insert(ticket.end(), 100, 0x77);
  talk.server(handshake(4, ticket));
  EXPECT_EQ(talk.cause(), ClosedCause::ticket_key_not_given);
}

TEST(ReasonsOfTickets, ATicketThatWasPromisedAndDoesNotComeIsNotWaitedForLonger) {
  Talk talk;
  talk.store = store_with(Given::ticket_key);
  talk.client(client_hello(kEcdhe, {}, kEmptyTicketExtension));
  talk.server(server_hello(kEcdhe, {}, 0, kEmptyTicketExtension)).server(kServerHelloDone);
  talk.client(key_exchange_for(kEcdhe)).client(kChangeCipher).client(kSealedHandshake).server(kChangeCipher);
  EXPECT_EQ(talk.cause(), ClosedCause::ephemeral_key_exchange);
}

}  // namespace
}  // namespace tlspeel::tls
