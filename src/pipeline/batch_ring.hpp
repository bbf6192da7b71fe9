// The batches between the reader, the workers and the writer: a ring of kBatchesInFlight. The reader fills
// the next free one; every worker works on every batch, in order; the writer takes a batch when all workers
// are through with it and gives it back. The only shared mutable state of the pipeline beside the session
// cache. All functions are thread safe; each role has one thread for each worker number.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "tlspeel/pipeline/run.hpp"

#include "batch.hpp"
#include "packet_reader.hpp"

namespace tlspeel::pipeline {

class BatchRing final : public BatchTarget {
 public:
  explicit BatchRing(std::size_t workers);

  // reader
  Batch* acquire() override;  // null after stop()
  void publish(Batch* batch) override;

  // worker: the batch with this sequence number (0, 1, 2...), or null after stop()
  Batch* take(std::uint64_t sequence);
  void done(std::uint64_t sequence);

  // writer
  Batch* take_finished(std::uint64_t sequence);  // null after stop()
  void release();

  // Wakes everybody; nothing is handed out any more.
  void stop();

 private:
  Batch& slot(std::uint64_t sequence) { return batches_[sequence % kBatchesInFlight]; }

  const std::size_t workers_;
  std::array<Batch, kBatchesInFlight> batches_;
  std::mutex mutex_;  // guards everything below
  // For each role what it waits for: who has nothing to do with a change is not woken by it.
  std::condition_variable free_slot_;
  std::condition_variable has_published_;
  std::condition_variable has_finished_;
  std::array<std::size_t, kBatchesInFlight> workers_done_{};
  std::uint64_t published_ = 0;
  std::uint64_t released_ = 0;
  bool stopped_ = false;
};

}  // namespace tlspeel::pipeline
