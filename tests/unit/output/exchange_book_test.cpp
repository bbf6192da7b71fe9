#include "output/exchange_book.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using testing::ElementsAre;

class ExchangeBookTest : public testing::Test {
 protected:
  explicit ExchangeBookTest(std::uint64_t max_body = 8, std::size_t max_waiting = 1'000'000)
      : book_([this](const HttpExchange& exchange) { take(exchange); }, max_body, max_waiting) {}

  void take(const HttpExchange& exchange) {
    const auto& [sent, received] = exchange.bodies;
    taken_.push_back(
        fmt::format("#{}{} {}{} {}{}", exchange.connection, exchange.first_of_connection ? "!" : "",
                    exchange.request != nullptr ? exchange.request->target : "-",
                    sent.empty() ? "" : "=" + std::string(as_text(sent)),
                    exchange.response != nullptr ? std::to_string(exchange.response->status) : "-",
                    received.empty() ? "" : "=" + std::string(as_text(received))));
    facts_ = *exchange.facts;
  }
  void say(std::uint64_t connection, event::Event event) {
    ++packet_;
    book_.write(
        {connection, test::packet(packet_, static_cast<std::int64_t>(packet_) * 10), std::move(event)});
  }
  void ask(std::uint64_t connection, std::uint32_t exchange, std::string target) {
    say(connection, test::request(exchange, std::move(target), test::packet(packet_, 0)));
  }
  void answer(std::uint64_t connection, std::uint32_t exchange, unsigned status) {
    say(connection, test::response(exchange, status, "shown", test::packet(packet_, 0)));
  }
  void piece(Direction direction, std::uint32_t exchange, std::uint64_t offset, std::string_view text) {
    say(1, event::BodyPiece{direction, exchange, offset, test::bytes(text)});
  }

  ExchangeBook book_;
  std::vector<std::string> taken_;
  ConnectionFacts facts_;
  std::uint64_t packet_ = 0;
};

TEST_F(ExchangeBookTest, HandsOutWhatIsComplete) {
  say(1, test::start(7, 1000));
  ask(1, 1, "/a");
  ask(1, 2, "/b");
  answer(1, 2, 200);
  EXPECT_THAT(taken_, ElementsAre("#1! /b 200"));
  event::HttpMessage interim = test::response(1, 103, "", {});
  interim.interim = true;
  say(1, interim);
  answer(1, 1, 404);
  ask(1, 3, "/unanswered");
  answer(1, 4, 500);
  EXPECT_EQ(taken_.size(), 2U);
  say(1, event::ConnectionEnd{});
  EXPECT_THAT(taken_, ElementsAre("#1! /b 200", "#1 /a 404", "#1 /unanswered -", "#1 - 500"));
}

TEST_F(ExchangeBookTest, KnowsTheTimesOfTheConnection) {
  event::ConnectionStart start = test::start(7, 1000);
  start.first = test::packet(1, 0);
  say(1, start);
  say(1, event::HandshakeEnd{true, "sni.example"});
  say(1, event::HandshakeEnd{true, "later.example"});
  ask(1, 1, "/");
  answer(1, 1, 200);
  EXPECT_EQ(facts_.opened.number, 1U);
  EXPECT_EQ(facts_.first_data, test::packet(1, 10));
  EXPECT_EQ(facts_.handshake_end, test::packet(2, 20));
  EXPECT_EQ(facts_.server_name, "sni.example");
  EXPECT_EQ(facts_.client.port, 1000);
}

TEST_F(ExchangeBookTest, ALateStartHasNoBeginning) {
  event::ConnectionStart start = test::start(7, 1000);
  start.first = test::packet(1, 0);
  start.start_captured = false;
  say(1, start);
  answer(1, 1, 200);
  book_.finish();
  EXPECT_THAT(taken_, ElementsAre("#1! - 200"));
  EXPECT_EQ(facts_.opened.number, 0U);
}

TEST_F(ExchangeBookTest, CollectsBodies) {
  piece(Direction::client, 1, 0, "up");  // may come before the connection's start
  say(1, test::start(7, 1000));
  ask(1, 1, "/a");
  piece(Direction::server, 1, 0, "down");
  piece(Direction::server, 1, 4, "load");
  piece(Direction::server, 1, 8, "more than is kept");
  answer(1, 1, 200);
  piece(Direction::server, 2, 0, "ab");
  piece(Direction::server, 2, 10, "behind a hole");
  answer(1, 2, 200);
  book_.finish();
  EXPECT_THAT(taken_, ElementsAre("#1! /a=up 200=download", "#1 - 200=ab"));
}

TEST_F(ExchangeBookTest, LetsGoOfWhatIsLeftOut) {
  say(1, test::start(7, 1000));
  piece(Direction::client, 1, 0, "up");
  piece(Direction::client, 2, 0, "up");
  say(1, event::LeftOut{1});
  say(2, test::start(7, 1001));
  ask(2, 1, "/");
  say(2, event::LeftOut{});
  say(1, event::ConnectionEnd{});
  ask(1, 1, "/later");
  book_.finish();
  EXPECT_THAT(taken_, ElementsAre("#1! /later -"));
}

class LittleRoom : public ExchangeBookTest {
 protected:
  LittleRoom() : ExchangeBookTest(1000, 2000) {}
};

TEST_F(LittleRoom, TheOneThatWaitsLongestGoes) {
  for (std::uint32_t exchange = 1; exchange <= 9; ++exchange) ask(1, exchange, fmt::format("/{}", exchange));
  ASSERT_GE(taken_.size(), 3U);
  EXPECT_EQ(taken_[0], "#1! /1 -");
  EXPECT_EQ(taken_[1], "#1 /2 -");
  answer(1, 9, 200);
  EXPECT_EQ(taken_.back(), "#1 /9 200");
}

}  // namespace
}  // namespace tlspeel::output
