#include "pipeline/crew.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tlspeel::pipeline {
namespace {

// A crew at work on batches that are told apart by Batch::last.
class Shift : public testing::TestWithParam<std::size_t> {
 protected:
  void serve() {
    crew_ = std::make_unique<Crew>(
        GetParam(),
        Crew::Tasks{[this] { return read(); }, [this](std::size_t m, Batch& b) { work(m, b); },
                    [this](Batch& b) { return write(b); }, [this](std::size_t /*m*/) { ++left_; },
                    [this](std::size_t /*m*/, const BatchWindow& batches) { return ahead(batches); }});
    std::vector<std::thread> threads;
    for (std::size_t m = 0; m < GetParam(); ++m) threads.emplace_back([this, m] { crew_->serve(m); });
    for (std::thread& each : threads) each.join();
  }

  bool read() {
    EXPECT_EQ(++readers_, 1);
    EXPECT_LT(published_ - written_, kBatchesInFlight);
    for (std::uint64_t n = 0; n < batches_of_a_read_; ++n) {
      Batch* batch = crew_->acquire();
      if (batch == nullptr) break;
      batch->last.number = published_;
      batch->items.resize(kItems);
      batch->idle = batches_of_a_read_ > 1;
      batch->final = ++published_ == kBatches;
      crew_->publish(batch);
      if (GetParam() == 1 && batches_of_a_read_ > 1) {
        EXPECT_EQ(written_, published_);
      }
    }
    --readers_;
    return published_ < kBatches;
  }
  void work(std::size_t member, Batch& batch) {
    Emitted emitted;
    emitted.packet = batch.last.number;
    batch.results[member].push_back(std::move(emitted));
  }
  bool write(Batch& batch) {
    EXPECT_EQ(++writers_, 1);
    EXPECT_EQ(batch.last.number, written_);
    for (const auto& results : batch.results) {
      EXPECT_TRUE(results.size() == 1 && results[0].packet == written_) << results.size();
    }
    ++written_;
    --writers_;
    return written_ != stop_after_;
  }

  // Batches stay what they are for as long as somebody looks ahead in them; and whoever waited for that is
  // not left waiting where nothing was found.
  bool ahead(const BatchWindow& batches) {
    EXPECT_LT(batches.first(), batches.end());
    for (int round = 0; round < 2; ++round) {
      for (std::uint64_t n = batches.first(); n < batches.end(); ++n) {
        EXPECT_EQ(batches[n].number, n);
        EXPECT_EQ(batches[n].last.number, n);
        EXPECT_EQ(batches[n].items.size(), kItems);
        EXPECT_GE(n, written_);
      }
      std::this_thread::yield();
    }
    return ++looked_ % 4 == 0;
  }

  static constexpr std::size_t kItems = 3;
  static constexpr std::uint64_t kBatches = 600;
  std::unique_ptr<Crew> crew_;
  std::uint64_t batches_of_a_read_ = 1;  // more than one: the input pauses behind each
  std::uint64_t stop_after_ = 0;
  std::atomic<int> readers_{0};
  std::atomic<int> writers_{0};
  std::atomic<std::size_t> left_{0};
  std::atomic<std::uint64_t> looked_{0};
  std::atomic<std::uint64_t> published_{0};
  std::atomic<std::uint64_t> written_{0};
};

TEST_P(Shift, EveryMemberWorksOnEveryBatchBeforeItIsWritten) {
  serve();
  EXPECT_EQ(published_, kBatches);
  EXPECT_EQ(written_, kBatches);
  EXPECT_EQ(left_, 0U);
}

TEST_P(Shift, WhatIsThereIsWorkedOffWhereTheInputPauses) {
  batches_of_a_read_ = 50;
  serve();
  EXPECT_EQ(written_, kBatches);
}

TEST_P(Shift, AllLeaveWhereTheWriterHasHadEnough) {
  stop_after_ = 20;
  serve();
  EXPECT_EQ(written_, stop_after_);
  EXPECT_EQ(left_, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Crew, Shift, testing::Values(1, 2, 3, 8));

// The reader may be waiting for room when the run is ended from outside.
TEST(Crew, StopWakesWhoWaits) {
  std::atomic<bool> full{false};
  std::unique_ptr<Crew> crew;
  crew = std::make_unique<Crew>(
      2, Crew::Tasks{[&] {
                       while (Batch* batch = crew->acquire()) {
                         full = true;
                         crew->publish(batch);
                       }
                       return false;
                     },
                     [](std::size_t /*member*/, Batch& /*batch*/) {}, [](Batch& /*batch*/) { return true; },
                     [](std::size_t /*member*/) {},
                     [](std::size_t /*member*/, const BatchWindow& /*batches*/) { return false; }});
  std::thread first([&] { crew->serve(0); });
  std::thread second([&] { crew->serve(1); });
  while (!full) std::this_thread::yield();
  crew->stop();
  first.join();
  second.join();
  EXPECT_EQ(crew->acquire(), nullptr);
}

}  // namespace
}  // namespace tlspeel::pipeline
