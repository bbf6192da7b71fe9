#include "tcp/cut_ranges.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::tcp {
namespace {

// "10-20@3 20-25 25-30@4": cut off packet 3, lost, cut off packet 4.
std::string parts(const CutRanges& cut, std::uint64_t begin, std::uint64_t end) {
  std::string out;
  while (begin < end) {
    const CutRanges::Part part = cut.first_part(begin, end);
    EXPECT_GT(part.end, begin);
    EXPECT_LE(part.end, end);
    if (part.end <= begin) return out;
    out += (out.empty() ? "" : " ") + std::to_string(begin) + '-' + std::to_string(part.end);
    if (part.cut_in.number != 0) out += '@' + std::to_string(part.cut_in.number);
    begin = part.end;
  }
  return out;
}

TEST(CutRanges, DivideAHole) {
  CutRanges cut;
  EXPECT_EQ(parts(cut, 0, 100), "0-100");
  cut.add(20, 30, {3, 0});
  cut.add(50, 60, {4, 0});
  EXPECT_EQ(parts(cut, 0, 100), "0-20 20-30@3 30-50 50-60@4 60-100");
  EXPECT_EQ(parts(cut, 25, 55), "25-30@3 30-50 50-55@4");
  EXPECT_EQ(parts(cut, 20, 30), "20-30@3");
  EXPECT_EQ(parts(cut, 30, 50), "30-50");
}

TEST(CutRanges, ThatTouchAreOnePartOfTheFirstPacket) {
  CutRanges cut;
  cut.add(30, 40, {4, 0});
  cut.add(20, 30, {5, 0});
  cut.add(40, 50, {6, 0});
  EXPECT_EQ(parts(cut, 0, 60), "0-20 20-50@5 50-60");
  // Behind what came all the same, the packet is that of the first missing byte.
  EXPECT_EQ(parts(cut, 30, 60), "30-50@4 50-60");
}

TEST(CutRanges, ThatOverlapKeepTheFirstPacket) {
  CutRanges cut;
  cut.add(20, 30, {3, 0});
  cut.add(50, 60, {4, 0});
  cut.add(10, 70, {5, 0});
  cut.add(25, 55, {6, 0});
  EXPECT_EQ(parts(cut, 10, 80), "10-70@5 70-80");
  EXPECT_EQ(parts(cut, 20, 80), "20-70@3 70-80");
  EXPECT_EQ(parts(cut, 50, 80), "50-70@4 70-80");
  EXPECT_EQ(parts(cut, 60, 80), "60-70@5 70-80");
}

TEST(CutRanges, AreForgottenOnceDelivered) {
  CutRanges cut;
  cut.add(20, 30, {3, 0});
  cut.add(50, 60, {4, 0});
  cut.forget_before(30);
  EXPECT_EQ(parts(cut, 0, 70), "0-50 50-60@4 60-70");
  cut.forget_before(55);
  EXPECT_FALSE(cut.empty());
  cut.forget_before(60);
  EXPECT_TRUE(cut.empty());
}

TEST(CutRanges, BeyondTheMostAreTakenForLost) {
  CutRanges cut;
  for (std::uint64_t n = 0; n < 10 * CutRanges::kMost; ++n) cut.add(n * 10, n * 10 + 5, {n + 1, 0});
  const std::uint64_t end = 10 * CutRanges::kMost;
  EXPECT_EQ(parts(cut, end - 10, end + 10), std::to_string(end - 10) + '-' + std::to_string(end - 5) + '@' +
                                                std::to_string(CutRanges::kMost) + ' ' +
                                                std::to_string(end - 5) + '-' + std::to_string(end + 10));
}

}  // namespace
}  // namespace tlspeel::tcp
