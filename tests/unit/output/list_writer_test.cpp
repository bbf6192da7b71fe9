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

TEST(ListWriter, WithoutRequestsThereIsNoHead) {
  const std::string text = test::render(
      "list", {}, test::closed_ephemeral(1) + test::Events{{0, test::packet(9, 0), event::RunSummary{}}});
  EXPECT_THAT(text, testing::StartsWith("1 connection: 1 closed"));
}

}  // namespace
}  // namespace tlspeel::output
