#include "tlspeel/tls/hello_fit.hpp"

#include <gtest/gtest.h>

#include "unit/pipeline/hellos.hpp"

namespace tlspeel::tls {
namespace {

using pipeline::test::client_hello;
using pipeline::test::hello_message;
using pipeline::test::joined;
using pipeline::test::record;
using pipeline::test::server_hello;
using Verdict = HelloFit::Verdict;

TEST(HelloFit, AWholeClientHelloFits) {
  const Bytes hello = client_hello();
  const HelloFit fit = fit_client_hello(hello);
  EXPECT_EQ(fit.verdict, Verdict::whole);
  EXPECT_EQ(fit.size, hello.size());
  EXPECT_EQ(fit_client_hello(joined({hello, hello})).size, hello.size());
}

TEST(HelloFit, EveryStartOfItNeedsMoreAndSaysHowMuch) {
  for (const std::size_t filling : {std::size_t{0}, std::size_t{20}, std::size_t{1700}}) {
    const Bytes hello = client_hello(filling);
    for (std::size_t size = 0; size < hello.size(); ++size) {
      const HelloFit fit = fit_client_hello(ByteView(hello).first(size));
      ASSERT_EQ(fit.verdict, Verdict::need_more) << size;
      ASSERT_GT(fit.size, size);
      ASSERT_LE(fit.size, std::max<std::size_t>(hello.size(), 78)) << size;
    }
  }
}

TEST(HelloFit, OneInManyRecordsFits) {
  const Bytes message = hello_message(1, 300);
  for (const std::size_t piece : {1U, 3U, 4U, 5U, 100U}) {
    Bytes stream;
    for (std::size_t at = 0; at < message.size(); at += piece)
      append(stream, record(22, ByteView(message).subspan(at, std::min(piece, message.size() - at))));
    const HelloFit fit = fit_client_hello(stream);
    EXPECT_EQ(fit.verdict, Verdict::whole) << piece;
    EXPECT_EQ(fit.size, stream.size());
    for (std::size_t size = 0; size < stream.size(); ++size)
      ASSERT_EQ(fit_client_hello(ByteView(stream).first(size)).verdict, Verdict::need_more)
          << piece << " " << size;
  }
}

// What any length says otherwise is no hello: each byte that is a length, changed.
TEST(HelloFit, EveryLengthCounts) {
  const Bytes hello = client_hello();
  const std::size_t session_id = 5 + 4 + 2 + 32;
  const std::size_t suites = session_id + 1 + 32;
  for (const std::size_t at :
       {std::size_t{4}, std::size_t{8}, session_id, suites + 1, suites + 6, suites + 9, suites + 13}) {
    for (const int change : {-1, 1}) {
      Bytes wrong = hello;
      wrong[at] = static_cast<std::uint8_t>(wrong[at] + change);
      append(wrong, Bytes(64));
      EXPECT_EQ(fit_client_hello(wrong).verdict, Verdict::no) << at << " " << change;
    }
  }
}

TEST(HelloFit, OtherTypesAndVersionsAreNone) {
  for (const auto& [at, value] :
       {std::pair{0, 23}, {0, 21}, {1, 2}, {2, 5}, {5, 2}, {5, 0}, {6, 1}, {9, 2}, {10, 4}}) {
    Bytes wrong = client_hello();
    wrong[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(value);
    EXPECT_EQ(fit_client_hello(wrong).verdict, Verdict::no) << at << " " << value;
  }
}

TEST(HelloFit, NoneIsWaitedForThatIsTooLarge) {
  Bytes start{22, 3, 1, 0x40, 0, 1, 0, 0x40, 1, 3, 3};
  EXPECT_EQ(fit_client_hello(start).verdict, Verdict::no);
  start[8] = 0;
  EXPECT_EQ(fit_client_hello(start).verdict, Verdict::need_more);
}

TEST(HelloFit, LikelyFromTheSuitesOn) {
  const Bytes hello = client_hello();
  const std::size_t suites = 5 + 4 + 2 + 32 + 1 + 32 + 2;
  EXPECT_FALSE(fit_client_hello(ByteView(hello).first(suites - 1)).likely);
  EXPECT_TRUE(fit_client_hello(ByteView(hello).first(suites)).likely);
}

TEST(HelloFit, AnswersAreServerHellosAndAlerts) {
  const Bytes hello = server_hello();
  EXPECT_EQ(fit_answer(hello).verdict, Verdict::whole);
  EXPECT_FALSE(fit_answer(hello).alert);
  for (std::size_t size = 0; size < 44; ++size)
    EXPECT_EQ(fit_answer(ByteView(hello).first(size)).verdict, Verdict::need_more) << size;
  EXPECT_EQ(fit_answer(client_hello()).verdict, Verdict::no);
  const HelloFit alert = fit_answer(Bytes{21, 3, 1, 0, 2, 2, 40});
  EXPECT_EQ(alert.verdict, Verdict::whole);
  EXPECT_TRUE(alert.alert);
  EXPECT_EQ(fit_answer(Bytes{21, 3, 1, 0, 2, 3, 40}).verdict, Verdict::no);
  EXPECT_EQ(fit_answer(Bytes{23, 3, 3, 0, 2, 1, 0}).verdict, Verdict::no);
}

}  // namespace
}  // namespace tlspeel::tls
