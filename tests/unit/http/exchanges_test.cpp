#include "http/exchanges.hpp"

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using Method = Exchanges::Method;

TEST(Exchanges, PairsInOrder) {
  Exchanges exchanges;
  EXPECT_EQ(exchanges.request(Method::other), 1U);
  EXPECT_EQ(exchanges.request(Method::head), 2U);
  EXPECT_EQ(exchanges.response(true).exchange, 1U);
  EXPECT_EQ(exchanges.response(false).exchange, 1U);
  const auto second = exchanges.response(false);
  EXPECT_EQ(second.exchange, 2U);
  EXPECT_EQ(second.method, Method::head);
  EXPECT_EQ(second.note, "");
}

TEST(Exchanges, GivesResponsesWithoutRequestANumberOfTheirOwn) {
  Exchanges exchanges;
  const auto first = exchanges.response(false);
  EXPECT_EQ(first.exchange, 1U);
  EXPECT_EQ(first.note, "response without a captured request");
  EXPECT_EQ(exchanges.request(Method::other), 2U);
  EXPECT_EQ(exchanges.response(false).exchange, 2U);
}

TEST(Exchanges, PrefersTheRequestAfterALoss) {
  Exchanges exchanges;
  exchanges.request(Method::other);
  exchanges.responses_lost();
  EXPECT_EQ(exchanges.request(Method::head), 2U);
  exchanges.request(Method::other);
  const auto answered = exchanges.response(false);
  EXPECT_EQ(answered.exchange, 2U);
  EXPECT_EQ(answered.method, Method::head);
  EXPECT_NE(answered.note, "");
  const auto next = exchanges.response(false);
  EXPECT_EQ(next.exchange, 3U);
  EXPECT_EQ(next.note, "");
}

TEST(Exchanges, TakesTheLastRequestBeforeALossWhereThereIsNoneAfter) {
  Exchanges exchanges;
  exchanges.request(Method::other);
  exchanges.request(Method::other);
  exchanges.responses_lost();
  EXPECT_EQ(exchanges.response(false).exchange, 2U);
}

TEST(Exchanges, DoesNotWaitForWhatCannotCome) {
  Exchanges exchanges;
  exchanges.request(Method::other);
  exchanges.responses_ended();
  for (std::size_t i = 0; i < 2 * Exchanges::kMaxWaiting; ++i) exchanges.request(Method::other);
  EXPECT_FALSE(exchanges.overflowed());
}

TEST(Exchanges, GivesUpPairingOnce) {
  Exchanges exchanges;
  for (std::size_t i = 0; i < Exchanges::kMaxWaiting; ++i) exchanges.request(Method::other);
  EXPECT_FALSE(exchanges.overflowed());
  exchanges.request(Method::other);
  EXPECT_TRUE(exchanges.overflowed());
  EXPECT_FALSE(exchanges.overflowed());
  EXPECT_EQ(exchanges.response(false).exchange, Exchanges::kMaxWaiting + 2);
}

}  // namespace
}  // namespace tlspeel::http
