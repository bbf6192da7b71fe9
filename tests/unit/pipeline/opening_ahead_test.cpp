#include "pipeline/opening_ahead.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "walk_batches.hpp"

namespace tlspeel::pipeline {
namespace {

constexpr std::size_t kContent = 40;  // bytes of a record: its number in letters
constexpr std::uint64_t kMargin = 8;  // records in front of the worker that are left to it

std::string content_of(std::uint64_t sequence) {
  std::string out = std::to_string(sequence);
  out.resize(kContent, '.');
  return out;
}

// "Encrypted" is upside down, and verifies if it is the record of this number.
class FakeOpener final : public tls::AheadOpener {
 public:
  explicit FakeOpener(std::atomic<int>& opened) : opened_(&opened) {}

  std::optional<Opened> open(std::uint64_t sequence, const tls::RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    out.assign(fragment.rbegin(), fragment.rend());
    if (as_text(out) != content_of(sequence)) return std::nullopt;
    ++*opened_;
    return Opened{header.type, out.size()};
  }
  std::unique_ptr<AheadOpener> twin() const override { return std::make_unique<FakeOpener>(*opened_); }

 private:
  std::atomic<int>* opened_;
};

Bytes sealed(std::uint64_t sequence) {
  std::string content = content_of(sequence);
  std::ranges::reverse(content);
  return walk_record(content);
}

constexpr tls::RecordHeader kHeader = {tls::kApplicationData, tls::kTls12, kContent};

class OpeningAheadTest : public testing::Test {
 protected:
  // Records 0 to end - 1, each in a packet of its own, 50 in a batch.
  void add_records(std::uint64_t end) {
    for (std::uint64_t n = 0; n < end; ++n) {
      if (n != 0 && n % 50 == 0) batches_.next_batch();
      batches_.add(sealed(n));
    }
  }
  // The worker is at record `at` and begins behind it.
  tls::RecordsAhead::Lead begin(std::uint64_t at = 0) {
    stand_at(at);
    return ahead_.begin({at + 1, 0}, std::make_unique<FakeOpener>(opened_));
  }
  void stand_at(std::uint64_t at) {
    const Batch& batch = batches_.batch(at / 50);
    ahead_.at(batch, batch.items[at % 50]);
  }
  bool step() { return ahead_.step(batches_.window()); }
  void step_to_end() {
    while (step()) {
    }
  }
  std::string take(tls::RecordsAhead::Lead lead, std::uint64_t sequence) {
    const Bytes record = sealed(sequence);
    return take(lead, sequence, ByteView(record).subspan(tls::kRecordHeaderSize));
  }
  std::string take(tls::RecordsAhead::Lead lead, std::uint64_t sequence, ByteView fragment) {
    const auto taken = ahead_.take(lead, sequence, kHeader, fragment, out_);
    if (!taken) return "";
    EXPECT_EQ(taken->type, tls::kApplicationData);
    return std::string(as_text(ByteView(out_).first(taken->size)));
  }

  WalkBatches batches_;
  OpeningAhead ahead_;
  Bytes out_;
  std::atomic<int> opened_{0};
};

TEST_F(OpeningAheadTest, OpensWhatIsSomeWayInFront) {
  add_records(40);
  const auto lead = begin();
  step_to_end();
  EXPECT_EQ(opened_, 40 - 1 - kMargin);
  for (std::uint64_t n = 1; n < 1 + kMargin; ++n) EXPECT_EQ(take(lead, n), "");
  for (std::uint64_t n = 1 + kMargin; n < 40; ++n) EXPECT_EQ(take(lead, n), content_of(n));
  EXPECT_EQ(take(lead, 20), "");  // it was taken
}

TEST_F(OpeningAheadTest, GivesNothingButTheVeryRecord) {
  add_records(40);
  const auto lead = begin();
  step_to_end();
  const Bytes record = sealed(30);
  Bytes changed = to_bytes(ByteView(record).subspan(tls::kRecordHeaderSize));
  changed.back() ^= 1;
  EXPECT_EQ(take(lead, 30, changed), "");
  changed.pop_back();
  EXPECT_EQ(take(lead, 30, changed), "");
  const tls::RecordHeader other{tls::kApplicationData, tls::kTls11, kContent};
  Bytes out;
  EXPECT_FALSE(ahead_.take(lead, 30, other, ByteView(record).subspan(tls::kRecordHeaderSize), out));
  EXPECT_FALSE(ahead_.take(lead + 1, 30, kHeader, ByteView(record).subspan(tls::kRecordHeaderSize), out));
  EXPECT_EQ(take(lead, 30), content_of(30));
}

TEST_F(OpeningAheadTest, HoldsABoundedNumberOfRecords) {
  add_records(400);
  const auto lead = begin();
  step_to_end();
  const int held = opened_;
  EXPECT_EQ(held, 64);
  for (std::uint64_t n = 1; n <= 60; ++n) (void)take(lead, n);
  step_to_end();
  EXPECT_GT(opened_, held + 40);
  EXPECT_LE(opened_, held + 60);
}

TEST_F(OpeningAheadTest, GoesOnWhereTheWorkerIsFaster) {
  add_records(400);
  const auto lead = begin();
  EXPECT_TRUE(step());
  // The worker passes all that, and then some.
  for (std::uint64_t n = 1; n <= 200; ++n) (void)take(lead, n);
  stand_at(200);
  EXPECT_TRUE(ahead_.again(lead, {201, 0}));
  EXPECT_TRUE(step());
  EXPECT_EQ(take(lead, 201 + kMargin), content_of(201 + kMargin));
  // And where the batch of its beginning is gone, the next one is waited for.
  EXPECT_TRUE(ahead_.again(lead, {202, 0}));
  EXPECT_FALSE(ahead_.step(batches_.window(6)));
  stand_at(301);
  EXPECT_TRUE(ahead_.again(lead, {302, 0}));
  EXPECT_TRUE(ahead_.step(batches_.window(6)));
}

TEST_F(OpeningAheadTest, EndsWhereRecordsDoNotVerify) {
  add_records(400);
  stand_at(0);
  // Its numbers are others: nothing opens, and nothing is held.
  const auto lead = ahead_.begin({1000, 0}, std::make_unique<FakeOpener>(opened_));
  step_to_end();
  EXPECT_EQ(opened_, 0);
  EXPECT_FALSE(step());
  // However often it begins anew.
  int steps = 0;
  for (; steps < 10'000; ++steps) {
    if (!ahead_.again(lead, {1000, 0})) break;
    if (!step()) break;
  }
  EXPECT_LT(steps, 400);
}

TEST_F(OpeningAheadTest, AnEndedLeadGivesNothing) {
  add_records(40);
  const auto lead = begin();
  step_to_end();
  ahead_.end(lead);
  EXPECT_EQ(take(lead, 30), "");
  EXPECT_FALSE(ahead_.again(lead, {31, 0}));
  EXPECT_FALSE(step());
}

TEST_F(OpeningAheadTest, TheLeadThatWasNotUsedForLongestMakesRoom) {
  add_records(40);
  std::vector<tls::RecordsAhead::Lead> leads;
  for (int n = 0; n < 4; ++n) leads.push_back(begin());
  step_to_end();
  EXPECT_EQ(take(leads[0], 30), content_of(30));
  const auto fifth = begin();
  EXPECT_EQ(take(leads[1], 31), "");
  EXPECT_EQ(take(leads[0], 31), content_of(31));
  step_to_end();
  EXPECT_EQ(take(fifth, 31), content_of(31));
}

TEST_F(OpeningAheadTest, IsWantedWhenSomebodyCameBy) {
  EXPECT_FALSE(ahead_.wanted());
  EXPECT_FALSE(step());
  EXPECT_TRUE(ahead_.wanted());
  EXPECT_FALSE(ahead_.wanted());
}

// A worker and several others, all at once: it gets what is right, or nothing. For the sanitizers.
TEST_F(OpeningAheadTest, ServesManyThreads) {
  constexpr std::uint64_t kRecords = 3000;
  add_records(kRecords);
  std::atomic<bool> done{false};
  std::vector<std::thread> helpers;
  for (int n = 0; n < 3; ++n) {
    helpers.emplace_back([&] {
      while (!done) {
        if (!step()) std::this_thread::yield();
      }
    });
  }
  std::size_t taken = 0;
  auto lead = begin();
  for (std::uint64_t n = 1; n < kRecords; ++n) {
    stand_at(n);
    const std::string content = take(lead, n);
    if (!content.empty()) ++taken;
    EXPECT_TRUE(content.empty() || content == content_of(n));
    if (content.empty() && !ahead_.again(lead, {n + 1, 0})) lead = begin(n);
    if (n % 701 == 0) ahead_.end(lead);
    if (n % 16 == 0) std::this_thread::yield();
  }
  done = true;
  for (std::thread& each : helpers) each.join();
  EXPECT_LE(taken, static_cast<std::size_t>(opened_));
}

}  // namespace
}  // namespace tlspeel::pipeline
