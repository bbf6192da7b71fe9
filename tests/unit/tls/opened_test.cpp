// Connections that open, with a secret that has to be found among others, whatever order the sides were
// captured in; what is told of it. What real programs exchanged is held against by the golden tests.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"

#include "psk_talk.hpp"

namespace tlspeel::tls {
namespace {

using testing::ElementsAre;

const Bytes kPsk = {0x10, 0x20, 0x30, 0x40, 0x50};
const std::string kRightHex = "1020304050";

secrets::Store store_of(std::vector<std::string> psks) {
  secrets::Config config;
  config.psks = std::move(psks);
  auto store = secrets::Store::load(config);
  EXPECT_TRUE(store);
  return *std::move(store);
}

void expect_whole(const Talk& talk) {
  const Summary summary = talk.connection.summary();
  EXPECT_EQ(summary.outcome, ConnectionOutcome::opened);
  EXPECT_EQ(talk.said.plaintext[0], "question");
  EXPECT_EQ(talk.said.plaintext[1], "answer");
  EXPECT_TRUE(summary.finished_verified[0] && summary.finished_verified[1]);
  EXPECT_TRUE(talk.said.all<event::Closed>().empty());
  EXPECT_EQ(talk.said.all<event::KeysEstablished>().size(), 1U);
}

TEST(Opened, TheIdentityChoosesThePreSharedKey) {
  Talk talk;
  talk.store = store_of({"somebody:ffff", "me:" + kRightHex, "0102"});
  PskTalk(talk, kPsk, "me").whole("question", "answer");
  talk.finish();
  expect_whole(talk);
  EXPECT_EQ(talk.connection.summary().opened_with, "PSK me");
  EXPECT_THAT(talk.connection.summary().secrets_used, ElementsAre("PSK me"));
}

secrets::SessionCache::SecretPtr session(ByteView master, const std::string& opened_with) {
  auto made = std::make_shared<secrets::SessionSecret>();
  made->master = SecretBytes(master);
  made->opened_with = opened_with;
  made->version = kTls12;
  return made;
}

// Some servers give all their clients the same session id.
class SessionsOfOneId : public testing::Test {
 protected:
  SessionsOfOneId() {
    talk_.store = store_of({"somebody:ffff"});  // with which the first connections were opened
    talk_.environment.sessions = &sessions_;
    talk_.environment.current_packet = 10;
    sessions_.put(1, kId, session(Bytes(48, 1), "the first"));
    sessions_.put(2, kId, session(Bytes(48, 2), "the second"));
  }
  void resume() {
    sessions_.advance(0, 10);
    psk_.whole_resumed(kId, "question", "answer");
    talk_.finish();
  }

  const Bytes kId = Bytes(32, 7);
  Talk talk_;
  secrets::SessionCache sessions_{1};
  PskTalk psk_{talk_, kPsk, "me"};
};

TEST_F(SessionsOfOneId, TheOneThatIsResumedIsFound) {
  sessions_.put(3, kId, session(psk_.master(), "the third"));
  sessions_.put(4, kId, session(Bytes(48, 4), "the fourth"));
  resume();
  EXPECT_EQ(talk_.said.plaintext[0], "question");
  EXPECT_EQ(talk_.said.plaintext[1], "answer");
  const Summary summary = talk_.connection.summary();
  EXPECT_EQ(summary.outcome, ConnectionOutcome::opened);
  EXPECT_EQ(summary.opened_with, "the third");
  EXPECT_TRUE(summary.finished_verified[0] && summary.finished_verified[1]);
  EXPECT_TRUE(talk_.said.all<event::Closed>().empty());
}

TEST_F(SessionsOfOneId, WhereNoneIsItRecordsStayClosed) {
  resume();
  EXPECT_TRUE(talk_.said.plaintext[0].empty() && talk_.said.plaintext[1].empty());
  EXPECT_EQ(talk_.connection.summary().outcome, ConnectionOutcome::closed);
  EXPECT_EQ(talk_.said.all<event::Closed>().front()->cause, ClosedCause::decryption_failed);
}

// Nothing in the handshake tells; the first record does.
TEST(Opened, AmongKeysForEveryIdentityTheRightOneIsTried) {
  Talk talk;
  talk.store = store_of({"me:00", "0102", "0304", kRightHex, "0506"});
  PskTalk(talk, kPsk, "me").whole("question", "answer");
  talk.finish();
  expect_whole(talk);
  EXPECT_EQ(talk.said.all<event::KeysEstablished>().front()->opened_with, "PSK, key 3");
}

TEST(Opened, WhereNoneFitsNothingIsTold) {
  Talk talk;
  talk.store = store_of({"0102", "0304"});
  PskTalk(talk, kPsk, "me").whole("question", "answer");
  talk.finish();
  EXPECT_TRUE(talk.said.plaintext[0].empty() && talk.said.plaintext[1].empty());
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::closed);
  const auto closed = talk.said.all<event::Closed>();
  ASSERT_EQ(closed.size(), 2U);  // one for each direction
  EXPECT_EQ(closed.front()->cause, ClosedCause::decryption_failed);
  EXPECT_FALSE(closed.front()->remedy.empty());
}

// Too many to be tried is no wrong secret.
TEST(Opened, MoreKeysThanAreTriedSaySo) {
  std::vector<std::string> many;
  for (int i = 0; i < 300; ++i)
    many.push_back(to_hex(Bytes{1, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}));
  many.push_back(kRightHex);
  Talk talk;
  talk.store = store_of(std::move(many));
  PskTalk(talk, kPsk, "me").whole("question", "answer");
  talk.finish();
  EXPECT_EQ(talk.connection.summary().cause, ClosedCause::limit_reached);
  EXPECT_THAT(talk.said.all<event::Closed>().front()->remedy, testing::HasSubstr("IDENTITY"));
}

TEST(Opened, ARecordThatIsDamagedLaterIsTheCause) {
  Talk talk;
  talk.store = store_of({kRightHex});
  PskTalk psk(talk, kPsk, "me");
  psk.whole("question", "answer");
  Bytes damaged = psk.sealed_record(Direction::server, kApplicationData, as_bytes("lost"));
  damaged.back() ^= 1U;
  talk.server(damaged);
  psk.data(Direction::server, " goes on");
  talk.finish();
  EXPECT_EQ(talk.said.plaintext[1], "answer goes on");
  const Summary summary = talk.connection.summary();
  EXPECT_EQ(summary.outcome, ConnectionOutcome::partly_opened);
  EXPECT_EQ(summary.cause, ClosedCause::damaged);
  EXPECT_EQ(summary.directions[1].closed_bytes, damaged.size());
  const auto closed = talk.said.all<event::Closed>();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed.front()->direction, Direction::server);
  EXPECT_FALSE(closed.front()->remedy.empty());
}

// Where somebody wants the secrets out: once for the handshake, and only when it has opened something.
TEST(Opened, TheMasterSecretIsToldOnce) {
  Talk talk;
  talk.environment.keylog_lines = true;
  talk.store = store_of({"0102", kRightHex});
  PskTalk psk(talk, kPsk, "me");
  psk.whole("question", "answer");
  talk.finish();
  const auto told = talk.said.all<event::SecretsRecovered>();
  ASSERT_EQ(told.size(), 1U);
  ASSERT_EQ(told.front()->lines->size(), 1U);
  const event::KeyLogLine& line = told.front()->lines->front();
  EXPECT_EQ(line.label, "CLIENT_RANDOM");
  EXPECT_EQ(line.id, Bytes(32, 0xc1));
  EXPECT_EQ(to_hex(line.secret.view()), to_hex(psk.master()));
}

// The server's flight and Finished were captured before anything of the client.
TEST(Opened, TheServersSideMayBeCapturedFirst) {
  Talk unused;
  PskTalk psk(unused, kPsk, "me");
  psk.whole("question", "answer");
  Talk talk;
  talk.store = store_of({"0102", kRightHex});
  for (const Direction first : {Direction::server, Direction::client}) {
    for (const auto& [direction, bytes] : psk.records()) {
      if (direction == first) talk.push(direction, bytes);
    }
  }
  talk.finish();
  expect_whole(talk);
}

}  // namespace
}  // namespace tlspeel::tls
