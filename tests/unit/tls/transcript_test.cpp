#include "tls/transcript.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::tls {
namespace {

using Mark = Transcript::Mark;

void client(Transcript& t, std::string_view text) {
  t.add(Direction::client, as_bytes(text));
}
void server(Transcript& t, std::string_view text) {
  t.add(Direction::server, as_bytes(text));
}
std::string text(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(as_text(*bytes)) : "-";
}

// Whoever is captured first, the hashes cover the messages in the order of RFC 5246 section 7.3.
TEST(Transcript, FullHandshakeWhateverTheOrderOfCapture) {
  for (const bool server_first : {true, false}) {
    Transcript t;
    const auto client_flight = [&] {
      client(t, "[hello]");
      t.mark(Mark::client_hello_end);
      client(t, "[exchange]");
      t.mark(Mark::client_key_exchange_end);
      client(t, "[verify]");
      t.mark(Mark::client_finished_start);
      client(t, "[finished]");
      t.mark(Mark::client_finished_end);
    };
    const auto server_flight = [&] {
      server(t, "[HELLO][CERT][DONE]");
      t.mark(Mark::server_hello_done_end);
      server(t, "[TICKET]");
      t.mark(Mark::server_finished_start);
    };
    if (server_first) server_flight();
    client_flight();
    if (!server_first) server_flight();
    EXPECT_EQ(text(t.through_client_key_exchange()), "[hello][HELLO][CERT][DONE][exchange]");
    EXPECT_EQ(text(t.before_finished(Direction::client, false)),
              "[hello][HELLO][CERT][DONE][exchange][verify]");
    EXPECT_EQ(text(t.before_finished(Direction::server, false)),
              "[hello][HELLO][CERT][DONE][exchange][verify][finished][TICKET]");
  }
}

TEST(Transcript, ResumedHandshake) {
  Transcript t;
  client(t, "[hello]");
  t.mark(Mark::client_hello_end);
  server(t, "[HELLO]");
  t.mark(Mark::server_finished_start);
  EXPECT_EQ(text(t.before_finished(Direction::server, true)), "[hello][HELLO]");
  server(t, "[FINISHED]");
  t.mark(Mark::server_finished_end);
  t.mark(Mark::client_finished_start);
  EXPECT_EQ(text(t.before_finished(Direction::client, true)), "[hello][HELLO][FINISHED]");
}

TEST(Transcript, WhatIsMissingIsNotGuessed) {
  Transcript t;
  client(t, "[hello]");
  t.mark(Mark::client_hello_end);
  EXPECT_FALSE(t.through_client_key_exchange());
  EXPECT_FALSE(t.before_finished(Direction::client, false));
  EXPECT_FALSE(t.before_finished(Direction::client, true));
}

TEST(Transcript, IsVoidBeyondItsCap) {
  Transcript t;
  const Bytes half(Transcript::kMaxBytes / 2 + 1, 'x');
  t.add(Direction::server, half);
  EXPECT_TRUE(t.valid());
  t.add(Direction::server, half);
  EXPECT_FALSE(t.valid());
}

// RFC 8446 section 4.4.1, and draft 18 before it.
TEST(Transcript, TheFirstClientHelloIsReplacedByItsHashAfterARetry) {
  for (const bool draft_18 : {false, true}) {
    Transcript t;
    client(t, "[hello]");
    t.mark(Mark::first_client_hello_end);
    server(t, "[RETRY]");
    t.mark(Mark::retry_end);
    if (draft_18) t.keep_first_client_hello();
    client(t, "[hello again]");
    t.mark(Mark::client_hello_end);
    const auto hashed = text(t.tls13(Transcript::Tls13Point::client_hellos, crypto::HashId::sha256));
    if (draft_18) {
      EXPECT_EQ(hashed, "[hello][RETRY][hello again]");
    } else {
      EXPECT_EQ(hashed.substr(0, 4), std::string("\xfe\0\0\x20", 4));
      EXPECT_EQ(hashed.substr(4 + 32), "[RETRY][hello again]");
    }
  }
}

}  // namespace
}  // namespace tlspeel::tls
