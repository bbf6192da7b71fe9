#include "batch_ring.hpp"

namespace tlspeel::pipeline {

BatchRing::BatchRing(std::size_t workers) : workers_(workers) {
  for (Batch& batch : batches_) batch.results.resize(workers);
}

Batch* BatchRing::acquire() {
  std::unique_lock lock(mutex_);
  free_slot_.wait(lock, [&] { return stopped_ || published_ - released_ < kBatchesInFlight; });
  if (stopped_) return nullptr;
  Batch& batch = slot(published_);
  batch.clear();
  workers_done_[published_ % kBatchesInFlight] = 0;
  return &batch;
}

void BatchRing::publish(Batch* /*batch*/) {
  {
    const std::lock_guard lock(mutex_);
    ++published_;
  }
  has_published_.notify_all();
}

Batch* BatchRing::take(std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  has_published_.wait(lock, [&] { return stopped_ || sequence < published_; });
  return stopped_ ? nullptr : &slot(sequence);
}

void BatchRing::done(std::uint64_t sequence) {
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    last = ++workers_done_[sequence % kBatchesInFlight] == workers_;
  }
  if (last) has_finished_.notify_one();
}

Batch* BatchRing::take_finished(std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  has_finished_.wait(lock, [&] {
    return stopped_ || (sequence < published_ && workers_done_[sequence % kBatchesInFlight] == workers_);
  });
  return stopped_ ? nullptr : &slot(sequence);
}

void BatchRing::release() {
  {
    const std::lock_guard lock(mutex_);
    ++released_;
  }
  free_slot_.notify_one();
}

void BatchRing::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  for (std::condition_variable* each : {&free_slot_, &has_published_, &has_finished_}) each->notify_all();
}

}  // namespace tlspeel::pipeline
