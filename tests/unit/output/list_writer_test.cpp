#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using test::operator+;
using testing::HasSubstr;

TEST(ListWriter, WritesALineForEachExchange) {
  test::Events events = test::opened_rsa(1) + test::closed_ephemeral(2);
  event::HttpMessage odd = test::request(9, "/\x1b[31m\xc3\xbc", test::packet(90, 1'000'000));
  odd.method = "P\nOST";
  const auto connection = events.front().connection;
  events.insert(events.begin() + 1, {connection, test::packet(90, 1'000'000), odd});
  events.insert(events.begin() + 2, {connection, test::packet(91, 2'500'000),
                                     test::response(9, 404, "gone", test::packet(91, 2'500'000))});
  events.insert(events.begin() + 3, {connection, test::packet(92, 2'500'000),
                                     test::response(10, 200, "whose?", test::packet(92, 2'500'000))});
  events.push_back({0, test::packet(99, 3'000'000), test::summary()});
  test::expect_file("list.txt", test::render("list", {}, events));
  TextOptions colour;
  colour.color = true;
  EXPECT_THAT(test::render("list", colour, events), HasSubstr("\x1b["));
}

TEST(ListWriter, OfARunThatWasBrokenOffSaysWhatThereIs) {
  const test::Events events{{1, test::packet(1, 0), test::start(7, 51234)},
                            {1, test::packet(2, 0), test::request(1, "/x", test::packet(2, 0))}};
  EXPECT_THAT(test::render("list", {}, events), HasSubstr("https://www.example.com/x\n"));
}

TEST(ListWriter, OnANarrowTerminalTheUrlStillHasRoom) {
  test::Events events{{1, test::packet(1, 0), test::start(7, 51234)},
                      {1, test::packet(2, 0), test::request(1, "/x", test::packet(2, 0))},
                      {1, test::packet(3, 900), test::response(1, 200, "ok", test::packet(3, 900))}};
  const auto at_width = [&](unsigned width) {
    TextOptions options;
    options.width = width;
    return test::render("list", options, events);
  };
  EXPECT_EQ(at_width(160), at_width(0));
  EXPECT_EQ(at_width(120),
            "TIME (UTC)                  #      METHOD   STATUS          SIZE   DURATION  URL\n"
            "2026-01-01 00:00:00.000000  1      GET         200       2 bytes     0.9 ms  "
            "https://www.example.com/x\n");
  EXPECT_EQ(at_width(80),
            "TIME (UTC)       #      METHOD   STATUS          SIZE  URL\n"
            "00:00:00.000000  1      GET         200       2 bytes  https://www.example.com/x\n");
}

TEST(ListWriter, WhatIsNotWholeSaysSo) {
  test::Events events{{1, test::packet(1, 0), test::start(7, 51234)}};
  event::HttpMessage asked = test::request(1, "/x", test::packet(2, 0));
  event::HttpMessage answer = test::response(1, 200, "part", test::packet(3, 0));
  asked.body.complete = false;
  events.push_back({1, test::packet(2, 0), asked});
  events.push_back({1, test::packet(3, 0), answer});
  EXPECT_THAT(test::render("list", {}, events), HasSubstr("com/x [request incomplete]\n"));
  answer.body.complete = false;
  events.back().event = answer;
  EXPECT_THAT(test::render("list", {}, events), HasSubstr("com/x [incomplete]\n"));
}

TEST(ListWriter, AStreamThatWasResetHasNoSizeAndNoDuration) {
  event::HttpMessage nothing = test::response(1, 0, "", test::packet(3, 900));
  nothing.body.media_type.clear();
  nothing.body.complete = false;
  const test::Events events{{1, test::packet(1, 0), test::start(7, 51234)},
                            {1, test::packet(2, 0), test::request(1, "/x", test::packet(2, 0))},
                            {1, test::packet(3, 900), nothing}};
  EXPECT_THAT(test::render("list", {}, events), testing::ContainsRegex("GET +- +- +- +- +https://"));
}

TEST(ListWriter, WithoutRequestsThereIsNoHead) {
  const std::string text = test::render(
      "list", {}, test::closed_ephemeral(1) + test::Events{{0, test::packet(9, 0), event::RunSummary{}}});
  EXPECT_THAT(text, testing::StartsWith("1 connection: 1 closed"));
}

}  // namespace
}  // namespace tlspeel::output
