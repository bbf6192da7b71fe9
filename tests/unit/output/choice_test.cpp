#include "tlspeel/output/choice.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

TEST(Pattern, FindsAndSaysWhatIsWrong) {
  const auto pattern = Pattern::compile("^b+$");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->found_in("a\nbb\nc"));  // lines
  EXPECT_FALSE(pattern->found_in("a\nbba\nc"));
  const auto wrong = Pattern::compile("a(b");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "'a(b' is not a regular expression: missing ): a(b");
}

TEST(Pattern, ABracketDoesNotEndWhatItIsIn) {
  EXPECT_FALSE(Pattern::compile("a)b"));
  EXPECT_FALSE(Pattern::compile("a)(b"));
}

TEST(Pattern, TakesTimeThatIsLinearInTheText) {
  const auto pattern = Pattern::compile("(a*)*(a*)*(a*)*b");
  ASSERT_TRUE(pattern);
  EXPECT_FALSE(pattern->found_in(std::string(100'000, 'a')));
}

TEST(Choice, TakesHostsByNameOrPattern) {
  const Choice choice{.hosts = {"www.Example.com", "*.test", "alt.example:8443", "[::1]"}};
  for (const char* host : {"www.example.com", "WWW.EXAMPLE.COM", "www.example.com:8443", "a.test",
                           "a.b.test:1", "alt.example:8443", "[::1]", "[::1]:8443"}) {
    EXPECT_TRUE(choice.takes_host(host)) << host;
  }
  for (const char* host :
       {"example.com", "www.example.com.evil", "test", "alt.example", "alt.example:443", "", "[::2]:8443"}) {
    EXPECT_FALSE(choice.takes_host(host)) << host;
  }
  EXPECT_TRUE(Choice{}.takes_host("anything"));
}

TEST(Choice, ManyStarsDoNotTakeLong) {
  const Choice choice{.hosts = {"*a*a*a*a*a*a*a*a*a*a*b"}};
  EXPECT_FALSE(choice.takes_host(std::string(10'000, 'a')));
}

TEST(Choice, ReadsStatuses) {
  const auto ranges = parse_statuses("404, 5xx,300-302");
  ASSERT_TRUE(ranges);
  const Choice choice{.statuses = *ranges};
  for (const unsigned status : {404U, 500U, 599U, 300U, 302U})
    EXPECT_TRUE(choice.takes_status(status)) << status;
  for (const unsigned status : {0U, 200U, 303U, 403U, 499U, 600U}) {
    EXPECT_FALSE(choice.takes_status(status)) << status;
  }
  for (const char* wrong : {"", "4", "44x", "xx", "99", "500-400", "404,no", "1000"}) {
    EXPECT_FALSE(parse_statuses(wrong)) << wrong;
  }
  EXPECT_EQ(parse_statuses("404,no").error().message, "'no' is not a status, such as 404, 4xx or 500-599");
}

TEST(Choice, ReadsNumbersOfConnections) {
  const auto ranges = parse_connections("2,4-5");
  ASSERT_TRUE(ranges);
  const Choice choice{.connections = *ranges};
  for (const unsigned number : {2U, 4U, 5U}) EXPECT_TRUE(choice.takes_connection(number)) << number;
  for (const unsigned number : {1U, 3U, 6U}) EXPECT_FALSE(choice.takes_connection(number)) << number;
  EXPECT_FALSE(parse_connections("0"));
  EXPECT_FALSE(parse_connections("-3"));
}

}  // namespace
}  // namespace tlspeel::output
