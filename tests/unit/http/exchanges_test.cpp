#include "http/exchanges.hpp"

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using Method = Exchanges::Method;

TEST(Exchanges, PairsInOrder) {
  Exchanges exchanges;
  EXPECT_EQ(exchanges.request(Method::other, 0), 1U);
  EXPECT_EQ(exchanges.request(Method::head, 0), 2U);
  EXPECT_EQ(exchanges.response(true, 0).exchange, 1U);
  EXPECT_EQ(exchanges.response(false, 0).exchange, 1U);
  const auto second = exchanges.response(false, 0);
  EXPECT_EQ(second.exchange, 2U);
  EXPECT_EQ(second.method, Method::head);
  EXPECT_EQ(second.note, "");
}

TEST(Exchanges, GivesResponsesWithoutRequestANumberOfTheirOwn) {
  Exchanges exchanges;
  const auto first = exchanges.response(false, 0);
  EXPECT_EQ(first.exchange, 1U);
  EXPECT_EQ(first.note, "response without a captured request");
  EXPECT_EQ(exchanges.request(Method::other, 0), 2U);
  EXPECT_EQ(exchanges.response(false, 0).exchange, 2U);
}

TEST(Exchanges, PrefersTheRequestAfterALoss) {
  Exchanges exchanges;
  exchanges.request(Method::other, 0);
  exchanges.responses_lost();
  EXPECT_EQ(exchanges.request(Method::head, 0), 2U);
  exchanges.request(Method::other, 0);
  const auto answered = exchanges.response(false, 0);
  EXPECT_EQ(answered.exchange, 2U);
  EXPECT_EQ(answered.method, Method::head);
  EXPECT_NE(answered.note, "");
  const auto next = exchanges.response(false, 0);
  EXPECT_EQ(next.exchange, 3U);
  EXPECT_EQ(next.note, "");
}

TEST(Exchanges, TakesTheLastRequestBeforeALossWhereThereIsNoneAfter) {
  Exchanges exchanges;
  exchanges.request(Method::other, 0);
  exchanges.request(Method::other, 0);
  exchanges.responses_lost();
  EXPECT_EQ(exchanges.response(false, 0).exchange, 2U);
}

// The response was held back behind a hole; the client had it when it sent its next request.
TEST(Exchanges, NeverTakesARequestThatWasSentLater) {
  Exchanges exchanges;
  exchanges.request(Method::head, 10);
  exchanges.request(Method::other, 30);
  exchanges.responses_lost();
  const auto first = exchanges.response(false, 12);
  EXPECT_EQ(first.exchange, 1U);
  EXPECT_EQ(first.method, Method::head);
  EXPECT_EQ(first.note, "");
  EXPECT_EQ(exchanges.response(false, 32).exchange, 2U);
}

TEST(Exchanges, AnswersNoneWhereAllWereSentLater) {
  Exchanges exchanges;
  exchanges.request(Method::other, 30);
  exchanges.responses_lost();
  const auto lone = exchanges.response(false, 12);
  EXPECT_EQ(lone.exchange, 2U);
  EXPECT_EQ(lone.note, "response without a captured request");
  EXPECT_EQ(exchanges.response(true, 13).exchange, 3U);
  EXPECT_EQ(exchanges.response(false, 14).exchange, 3U);
  EXPECT_EQ(exchanges.response(false, 32).exchange, 1U);
}

// Without losses the order tells, whatever the capture did to the packets.
TEST(Exchanges, PairsInOrderWherePacketsAreShuffled) {
  Exchanges exchanges;
  exchanges.request(Method::other, 12);
  EXPECT_EQ(exchanges.response(false, 11).exchange, 1U);
}

TEST(Exchanges, DoesNotWaitForWhatCannotCome) {
  Exchanges exchanges;
  exchanges.request(Method::other, 0);
  exchanges.responses_ended();
  for (std::size_t i = 0; i < 2 * Exchanges::kMaxWaiting; ++i) exchanges.request(Method::other, 0);
  EXPECT_FALSE(exchanges.overflowed());
}

TEST(Exchanges, GivesUpPairingOnce) {
  Exchanges exchanges;
  for (std::size_t i = 0; i < Exchanges::kMaxWaiting; ++i) exchanges.request(Method::other, 0);
  EXPECT_FALSE(exchanges.overflowed());
  exchanges.request(Method::other, 0);
  EXPECT_TRUE(exchanges.overflowed());
  EXPECT_FALSE(exchanges.overflowed());
  EXPECT_EQ(exchanges.response(false, 0).exchange, Exchanges::kMaxWaiting + 2);
}

}  // namespace
}  // namespace tlspeel::http
