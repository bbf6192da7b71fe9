#include "tls/closed_ranges.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tlspeel::tls {
namespace {

std::string text(const ClosedRanges& closed) {
  std::string out;
  for (const event::ByteRange& each : closed.ranges()) out += fmt::format("[{},{})", each.begin, each.end);
  return out;
}

TEST(ClosedRanges, NeighboursAreOneRange) {
  ClosedRanges closed;
  closed.add(0, 10);
  closed.add(10, 5);
  closed.add(20, 1);
  closed.add(30, 0);
  EXPECT_EQ(text(closed), "[0,15)[20,21)");
  EXPECT_EQ(closed.bytes(), 16U);
}

TEST(ClosedRanges, AnyOrder) {
  ClosedRanges closed;
  closed.add(100, 10);
  closed.add(0, 10);
  closed.add(50, 10);
  closed.add(10, 40);
  EXPECT_EQ(text(closed), "[0,60)[100,110)");
  EXPECT_EQ(closed.bytes(), 70U);
}

TEST(ClosedRanges, TheLastOneGrowsWhereThereAreTooMany) {
  ClosedRanges closed;
  for (std::uint64_t i = 0; i < 2 * event::kMaxClosedRanges; ++i) closed.add(10 * i, 1);
  EXPECT_EQ(closed.ranges().size(), event::kMaxClosedRanges);
  EXPECT_EQ(closed.ranges().back().end, 20 * event::kMaxClosedRanges - 9);
  EXPECT_EQ(closed.bytes(), 2 * event::kMaxClosedRanges);
}

}  // namespace
}  // namespace tlspeel::tls
