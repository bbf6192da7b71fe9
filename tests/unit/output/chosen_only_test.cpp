#include "tlspeel/output/chosen_only.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/overloaded.hpp"
#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using testing::ElementsAre;

// "1 start", "1 GET /a", "1 200".
std::string name_of(const event::Placed& placed) {
  return std::to_string(placed.connection) + " " +
         std::visit(Overloaded{
                        [](const event::ConnectionStart&) -> std::string { return "start"; },
                        [](const event::KeysEstablished&) -> std::string { return "keys"; },
                        [](const event::HandshakeEnd&) -> std::string { return "handshake"; },
                        [](const event::ConnectionEnd&) -> std::string { return "end"; },
                        [](const event::HttpMessage& m) {
                          return m.request ? m.method + " " + m.target : std::to_string(m.status);
                        },
                        [](const event::BodyPiece& p) { return fmt::format("piece of {}", p.exchange); },
                        [](const event::LeftOut& l) { return fmt::format("left out {}", l.exchange); },
                        [](const event::WebSocketMessage& m) { return std::string(as_text(m.shown)); },
                        [](const event::OpaqueData& o) { return std::string(as_text(o.shown)); },
                        [](const event::RunSummary& s) {
                          std::string out = "summary";
                          if (s.chosen)
                            out = fmt::format("{} of {}", s.chosen->exchanges, s.chosen->of_exchanges);
                          if (const auto& chosen = s.chosen_connections)
                            out += fmt::format(", #{} of {}", chosen->connections, chosen->of_connections);
                          return out;
                        },
                        [](const auto&) -> std::string { return "other"; },
                    },
                    placed.event);
}

class Recorder final : public Writer {
 public:
  void write(const event::Placed& placed) override { names.push_back(name_of(placed)); }
  void flush() override {}
  void finish() override { finished = true; }
  std::vector<std::string> names;
  bool finished = false;
};

class ChosenOnlyTest : public testing::Test {
 protected:
  void run(Choice choice, const std::vector<std::pair<std::uint64_t, event::Event>>& events,
           std::size_t max_waiting = ChosenOnly::kMaxWaiting) {
    ChosenOnly chosen(std::move(choice), {&exchanges_}, {&connections_}, max_waiting);
    for (const auto& [connection, event] : events) {
      ++packet_;
      chosen.write({connection, test::packet(packet_, 0), event});
    }
    chosen.finish();
    EXPECT_TRUE(exchanges_.finished);
    EXPECT_TRUE(connections_.finished);
  }
  static event::HttpMessage request(std::uint32_t exchange, std::string target) {
    return test::request(exchange, std::move(target), test::packet(1, 0));
  }
  static event::HttpMessage response(std::uint32_t exchange, unsigned status, std::string body = "") {
    return test::response(exchange, status, std::move(body), test::packet(1, 0));
  }
  static std::optional<Pattern> pattern(std::string_view text) { return *Pattern::compile(text); }

  Recorder exchanges_;
  Recorder connections_;
  std::uint64_t packet_ = 0;
};

TEST_F(ChosenOnlyTest, AConnectionByItsNumberGoesThroughAsItIs) {
  run({.connections = {{2, 2}}}, {{1, event::ConnectionStart{}},
                                  {2, event::ConnectionStart{}},
                                  {2, event::Problem{}},
                                  {1, request(1, "/")},
                                  {2, request(1, "/")},
                                  {1, event::ConnectionEnd{}},
                                  {2, event::ConnectionEnd{}},
                                  {0, event::RunSummary{}}});
  EXPECT_THAT(exchanges_.names, ElementsAre("2 start", "2 other", "2 GET /", "2 end", "0 summary, #1 of 2"));
  EXPECT_EQ(connections_.names, exchanges_.names);
}

TEST_F(ChosenOnlyTest, CountsTheConnectionsThatHaveTheNumbers) {
  const std::vector<std::pair<std::uint64_t, event::Event>> events = {
      {1, event::ConnectionStart{}}, {2, event::ConnectionStart{}}, {2, request(1, "/b")},
      {1, event::ConnectionEnd{}},   {2, event::ConnectionEnd{}},   {0, event::RunSummary{}}};
  run({.connections = {{99, 99}}}, events);
  EXPECT_THAT(exchanges_.names, ElementsAre("0 summary, #0 of 2"));
  run({.url = pattern("/b$"), .connections = {{1, 1}}}, events);
  EXPECT_EQ(exchanges_.names.back(), "0 0 of 0, #1 of 2");
}

TEST_F(ChosenOnlyTest, AnExchangeBringsWhatNamesItsConnection) {
  run({.url = pattern("/b$")}, {{1, event::ConnectionStart{}},
                                {2, event::ConnectionStart{}},
                                {1, event::TlsMessage{}},
                                {1, event::KeysEstablished{}},
                                {1, event::HandshakeEnd{}},
                                {1, request(1, "/a")},
                                {1, response(1, 200)},
                                {1, request(2, "/b")},
                                {1, event::Problem{}},
                                {1, response(2, 404)},
                                {2, request(1, "/c")},
                                {1, event::ConnectionEnd{}},
                                {2, event::ConnectionEnd{}},
                                {0, event::RunSummary{}}});
  EXPECT_THAT(exchanges_.names, ElementsAre("1 left out 1", "1 start", "1 keys", "1 handshake", "1 GET /b",
                                            "1 404", "2 left out 1", "1 end", "2 left out 0", "0 1 of 3"));
}

TEST_F(ChosenOnlyTest, WhoTakesWholeConnectionsGetsThem) {
  run({.url = pattern("/b$")}, {{1, event::ConnectionStart{}},
                                {1, event::Problem{}},
                                {1, request(1, "/a")},
                                {1, event::ConnectionEnd{}},
                                {2, event::ConnectionStart{}},
                                {2, request(1, "/b")},
                                {2, event::ConnectionEnd{}}});
  EXPECT_THAT(connections_.names, ElementsAre("1 start", "1 other", "1 GET /a", "1 left out 0", "1 end",
                                              "2 start", "2 GET /b", "2 end"));
}

TEST_F(ChosenOnlyTest, AStatusIsWaitedFor) {
  auto interim = response(1, 100);
  interim.interim = true;
  run({.statuses = {{404, 404}}}, {{1, event::ConnectionStart{}},
                                   {1, request(1, "/a")},
                                   {1, interim},
                                   {1, request(2, "/b")},
                                   {1, response(1, 404)},
                                   {1, response(2, 200)},
                                   {1, request(3, "/unanswered")},
                                   {1, event::ConnectionEnd{}}});
  EXPECT_THAT(exchanges_.names,
              ElementsAre("1 start", "1 GET /a", "1 100", "1 404", "1 left out 2", "1 left out 3", "1 end"));
}

TEST_F(ChosenOnlyTest, AllCriteriaMustHold) {
  run({.hosts = {"www.example.com"}, .methods = {"get"}, .statuses = {{200, 200}}, .grep = pattern("needle")},
      {{1, event::ConnectionStart{}},
       {1, request(1, "/a")},
       {1, response(1, 200, "a needle")},
       {1, request(2, "/b")},
       {1, response(2, 200, "hay")},
       {1, request(3, "/needle")},
       {1, response(3, 500, "")},
       {1, event::ConnectionEnd{}}});
  EXPECT_THAT(exchanges_.names,
              ElementsAre("1 start", "1 GET /a", "1 200", "1 left out 2", "1 left out 3", "1 end"));
}

TEST_F(ChosenOnlyTest, AResponseMayComeBeforeItsRequestIsComplete) {
  run({.methods = {"GET"}}, {{1, event::ConnectionStart{}},
                             {1, response(1, 413)},
                             {1, request(1, "/big")},
                             {1, response(2, 200)},
                             {1, event::ConnectionEnd{}}});
  EXPECT_THAT(exchanges_.names, ElementsAre("1 start", "1 413", "1 GET /big", "1 left out 2", "1 end"));
}

TEST_F(ChosenOnlyTest, PiecesDoNotWaitAndAreTakenBack) {
  const auto piece = [](std::uint32_t exchange) {
    return event::BodyPiece{Direction::client, exchange, 0, {}};
  };
  run({.url = pattern("/b$")}, {{1, event::ConnectionStart{}},
                                {1, piece(1)},
                                {1, request(1, "/a")},
                                {1, piece(1)},
                                {1, piece(2)},
                                {1, request(2, "/b")},
                                {1, piece(2)},
                                {1, event::ConnectionEnd{}}});
  EXPECT_THAT(exchanges_.names, ElementsAre("1 piece of 1", "1 left out 1", "1 piece of 2", "1 start",
                                            "1 GET /b", "1 piece of 2", "1 end"));
}

TEST_F(ChosenOnlyTest, SomethingMayBeFoundInAWebSocket) {
  const auto said = [](std::string_view text) {
    event::WebSocketMessage message;
    message.exchange = 1;
    message.shown = test::bytes(text);
    return message;
  };
  run({.grep = pattern("needle")}, {{1, event::ConnectionStart{}},
                                    {1, request(1, "/chat")},
                                    {1, response(1, 101)},
                                    {1, said("hay")},
                                    {1, said("needle")},
                                    {1, said("more")},
                                    {1, event::ConnectionEnd{}}});
  EXPECT_THAT(exchanges_.names,
              ElementsAre("1 start", "1 GET /chat", "1 101", "1 needle", "1 more", "1 end"));
}

TEST_F(ChosenOnlyTest, OtherProtocolsAreSearchedWhereNothingElseIsAskedFor) {
  event::OpaqueData opaque;
  opaque.shown = test::bytes("a needle");
  const std::vector<std::pair<std::uint64_t, event::Event>> events{
      {1, event::ConnectionStart{}},
      {1, event::HandshakeEnd{true, "www.example.com"}},
      {1, opaque},
      {1, event::ConnectionEnd{}}};
  run({.hosts = {"www.example.com"}, .grep = pattern("needle")}, events);
  EXPECT_THAT(exchanges_.names, ElementsAre("1 start", "1 handshake", "1 a needle", "1 end"));
  exchanges_.names.clear();
  run({.methods = {"GET"}, .grep = pattern("needle")}, events);
  EXPECT_THAT(exchanges_.names, ElementsAre("1 left out 0"));
}

TEST_F(ChosenOnlyTest, WhatWaitsIsBounded) {
  const std::string body(10'000, 'x');
  std::vector<std::pair<std::uint64_t, event::Event>> events{{1, event::ConnectionStart{}}};
  for (std::uint32_t i = 1; i <= 4; ++i) {
    auto with_body = request(i, "/upload");
    with_body.body.shown = test::bytes(body);
    events.emplace_back(1, with_body);
  }
  for (std::uint32_t i = 1; i <= 4; ++i) events.emplace_back(1, response(i, 404));
  events.emplace_back(1, event::ConnectionEnd{});
  run({.statuses = {{404, 404}}}, events, 25'000);
  EXPECT_THAT(exchanges_.names, ElementsAre("1 left out 1", "1 left out 2", "1 start", "1 GET /upload",
                                            "1 404", "1 GET /upload", "1 404", "1 end"));
}

TEST_F(ChosenOnlyTest, WithoutAnythingChosenNothingIsTold) {
  run({.hosts = {"nowhere.example"}}, {{1, event::ConnectionStart{}}, {1, event::ConnectionEnd{}}});
  EXPECT_THAT(exchanges_.names, ElementsAre("1 left out 0"));
}

}  // namespace
}  // namespace tlspeel::output
