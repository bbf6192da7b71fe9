#include "tlspeel/base/on_demand.hpp"

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tlspeel/base/boxed.hpp"

namespace tlspeel {
namespace {

TEST(OnDemand, IsMadeWhenItIsUsed) {
  OnDemand<std::string> text;
  EXPECT_FALSE(text.made());
  text->append("a");
  EXPECT_TRUE(text.made());
  EXPECT_EQ(*text, "a");
  EXPECT_EQ(text.take(), "a");
  EXPECT_FALSE(text.made());
  EXPECT_EQ(text.take(), "");
  *text = "b";
  OnDemand<std::string> moved = std::move(text);
  EXPECT_EQ(*moved, "b");
  moved.reset();
  EXPECT_FALSE(moved.made());
}

TEST(Boxed, IsAnOptional) {
  Boxed<std::string> text;
  EXPECT_FALSE(text);
  text = std::string("a");
  ASSERT_TRUE(text);
  const Boxed<std::string> copy = text;
  text->append("b");
  EXPECT_EQ(*text, "ab");
  EXPECT_EQ(*copy, "a");
  const std::optional<std::string> whole = text;
  EXPECT_EQ(whole, "ab");
  EXPECT_EQ(*std::exchange(text, std::nullopt), "ab");
  EXPECT_FALSE(text.has_value());
  EXPECT_EQ(text.emplace(3U, 'c'), "ccc");
  text = copy;
  EXPECT_EQ(*text, "a");
  text.reset();
  EXPECT_EQ(std::optional<std::string>(text), std::nullopt);
}

}  // namespace
}  // namespace tlspeel
