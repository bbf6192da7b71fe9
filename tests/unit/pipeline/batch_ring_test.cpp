#include "pipeline/batch_ring.hpp"

#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tlspeel::pipeline {
namespace {

constexpr std::uint64_t kBatches = 500;

void fill(BatchRing& ring) {
  for (std::uint64_t n = 0; n < kBatches; ++n) {
    Batch* batch = ring.acquire();
    if (batch == nullptr) return;
    batch->last.number = n;
    ring.publish(batch);
  }
}

void work(BatchRing& ring, std::size_t worker) {
  for (std::uint64_t n = 0; n < kBatches; ++n) {
    Batch* batch = ring.take(n);
    if (batch == nullptr) return;
    Emitted emitted;
    emitted.packet = batch->last.number;
    batch->results[worker].push_back(std::move(emitted));
    ring.done(n);
  }
}

TEST(BatchRing, EveryWorkerWorksOnEveryBatchBeforeTheWriterHasIt) {
  constexpr std::size_t kWorkers = 4;
  BatchRing ring(kWorkers);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { fill(ring); });
  for (std::size_t w = 0; w < kWorkers; ++w) threads.emplace_back([&ring, w] { work(ring, w); });
  for (std::uint64_t n = 0; n < kBatches; ++n) {
    const Batch* batch = ring.take_finished(n);
    ASSERT_NE(batch, nullptr);
    EXPECT_EQ(batch->last.number, n);
    for (const auto& results : batch->results) {
      ASSERT_EQ(results.size(), 1U);
      EXPECT_EQ(results[0].packet, n);
    }
    ring.release();
  }
  for (std::thread& each : threads) each.join();
}

TEST(BatchRing, ReadsNoFurtherAheadThanItsSize) {
  BatchRing ring(1);
  for (std::size_t n = 0; n < kBatchesInFlight; ++n) ring.publish(ring.acquire());
  Batch* next = nullptr;
  std::thread reader([&] { next = ring.acquire(); });
  ring.take(0);
  ring.done(0);
  Batch* first = ring.take_finished(0);
  ring.release();
  reader.join();
  EXPECT_EQ(next, first);
}

TEST(BatchRing, StopWakesEverybody) {
  BatchRing ring(1);
  for (std::size_t n = 0; n < kBatchesInFlight; ++n) ring.publish(ring.acquire());
  Batch probe;
  Batch *acquired = &probe, *taken = &probe, *finished = &probe;
  std::thread reader([&] { acquired = ring.acquire(); });
  std::thread worker([&] { taken = ring.take(kBatchesInFlight); });
  std::thread writer([&] { finished = ring.take_finished(0); });
  ring.stop();
  reader.join();
  worker.join();
  writer.join();
  EXPECT_EQ(acquired, nullptr);
  EXPECT_EQ(taken, nullptr);
  EXPECT_EQ(finished, nullptr);
}

}  // namespace
}  // namespace tlspeel::pipeline
