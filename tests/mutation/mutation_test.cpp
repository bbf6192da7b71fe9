// A run that finds nothing must mean something: what crashes, stands still, grows or depends on threads is
// found, and a mutant is the same every time.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "capture_map.hpp"
#include "mutant.hpp"
#include "supervisor.hpp"

namespace tlspeel::mutation {
namespace {

class Scripted final : public Subject {
 public:
  explicit Scripted(std::function<std::uint64_t(std::uint64_t, std::size_t)> run) : run_(std::move(run)) {}
  void run_undamaged() override {}
  std::uint64_t run(std::uint64_t number, std::size_t threads) override { return run_(number, threads); }
  std::size_t size() const override { return 1000; }

 private:
  std::function<std::uint64_t(std::uint64_t, std::size_t)> run_;
};

Figures figures(const std::function<std::uint64_t(std::uint64_t, std::size_t)>& run, std::uint64_t count) {
  Scripted subject(run);
  return run_mutants(subject, {5, count}).value();
}

TEST(Supervisor, NothingIsFoundWhereNothingIs) {
  const Figures got = figures([](std::uint64_t, std::size_t) { return 1; }, 1200);
  EXPECT_EQ(got.run, 1200U);
  EXPECT_TRUE(got.findings.empty());
}

TEST(Supervisor, GoesOnBehindAMutantThatCrashes) {
  const Figures got = figures(
      [](std::uint64_t number, std::size_t) -> std::uint64_t {
        if (number == 7 || number == 900) std::_Exit(3);
        return 1;
      },
      1200);
  EXPECT_EQ(got.run, 1200U);
  ASSERT_EQ(got.findings.size(), 2U);
  EXPECT_EQ(got.findings[0].number, 7U);
  EXPECT_EQ(got.findings[1].number, 900U);
  EXPECT_EQ(got.findings[1].what, "ended with 3");
}

TEST(Supervisor, AnEndlessLoopIsEnded) {
  const Figures got = figures(
      [](std::uint64_t number, std::size_t) {
        for (volatile bool forever = number == 6; forever;) {
        }
        return std::uint64_t{1};
      },
      3);
  EXPECT_EQ(got.run, 3U);
  ASSERT_EQ(got.findings.size(), 1U);
  EXPECT_EQ(got.findings[0].number, 6U);
  EXPECT_NE(got.findings[0].what.find("of the processor"), std::string::npos);
}

TEST(Supervisor, MemoryIsBounded) {
  const Figures got = figures(
      [](std::uint64_t number, std::size_t) -> std::uint64_t {
        const std::vector<char> block(number == 6 ? 400U << 20U : 1, 'x');
        return static_cast<std::uint64_t>(block.front());  // no more of it: time is bounded, too
      },
      3);
  ASSERT_EQ(got.findings.size(), 1U);
  EXPECT_EQ(got.findings[0].number, 6U);
  EXPECT_NE(got.findings[0].what.find("of memory"), std::string::npos);
}

TEST(Supervisor, AnotherOutputWithSeveralThreadsIsFound) {
  const Figures got = figures([](std::uint64_t, std::size_t threads) { return threads; }, 16);
  ASSERT_EQ(got.findings.size(), 1U);
  EXPECT_EQ(got.findings[0].number, 16U);
}

// A classic pcap file with two packets, of which the second begins with a TLS record.
Bytes small_capture() {
  Bytes file{0xd4, 0xc3, 0xb2, 0xa1};
  file.resize(24);
  for (const std::uint8_t first : {std::uint8_t{0x45}, std::uint8_t{0x17}}) {
    const Bytes header{0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 100, 0, 0, 0, first, 3, 3, 0, 95};
    file.insert(file.end(), header.begin(), header.end());
    file.resize(file.size() + 95);
  }
  return file;
}

TEST(Mutants, PartsOfAPcapFileAreFound) {
  const CaptureMap map = map_capture(small_capture());
  ASSERT_EQ(map.packets.size(), 2U);
  EXPECT_TRUE(map.classic);
  EXPECT_EQ(map.packets[0].data.offset, 40U);
  EXPECT_EQ(map.packets[1].data.offset, 156U);
  EXPECT_EQ(map.packets[1].data.length, 100U);
  const auto& tls = map.parts.at(static_cast<std::size_t>(Part::tls));
  ASSERT_EQ(tls.size(), 1U);
  EXPECT_EQ(tls[0].offset, 156U);
}

TEST(Mutants, TheSameSeedGivesTheSameMutantAndAnotherOneAnother) {
  const Bytes file = small_capture();
  const CaptureMap map = map_capture(file);
  std::vector<Bytes> made;
  for (std::uint64_t number = 0; number < 200; ++number) {
    Random first(seed_of(1, "case", number));
    Random second(seed_of(1, "case", number));
    made.push_back(make_mutant(file, map, first));
    EXPECT_EQ(made.back(), make_mutant(file, map, second));
  }
  EXPECT_GT(std::ranges::count_if(made, [&](const Bytes& one) { return one != file; }), 180);
  EXPECT_GT(std::set<Bytes>(made.begin(), made.end()).size(), 180U);
}

}  // namespace
}  // namespace tlspeel::mutation
