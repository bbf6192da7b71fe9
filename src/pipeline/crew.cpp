#include "crew.hpp"

#include <utility>

namespace tlspeel::pipeline {
namespace {

// A member that is alone reads when nothing is left to be written: one batch is filled then, and the next one
// holds the packet that did not fit.
constexpr std::size_t kFewestBatches = 2;

}  // namespace

Crew::Crew(std::size_t members, Tasks tasks)
    : members_(members),
      tasks_(std::move(tasks)),
      batches_(members == 1 ? kFewestBatches : kBatchesInFlight),
      ring_(batches_.size()),
      next_(members),
      looked_at_(batches_.size()),
      finished_(batches_.size()) {
  for (Batch& batch : batches_) {
    batch.results.resize(members);
    free_.push_back(&batch);
  }
}

void Crew::serve(std::size_t member) {
  Lock lock(mutex_);
  while (!stopped_ && !over_) {
    if (help(lock, member) || read_next(lock, member)) continue;
    // Others may go on while this looks ahead, and leave to it what it kept them from writing.
    const std::uint64_t before = changes_;
    if (!look_ahead(lock, member) && changes_ == before) changed_.wait(lock);
  }
  if (!stopped_) return;
  lock.unlock();
  tasks_.leave(member);
}

void Crew::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_all();
}

// Whoever is about to wait sees by the count that it must not.
void Crew::wake_one() {
  ++changes_;
  changed_.notify_one();
}

void Crew::wake_all() {
  ++changes_;
  changed_.notify_all();
}

Batch* Crew::acquire() {
  Lock lock(mutex_);
  while (!stopped_ && published_ - written_ == batches_.size()) {
    const std::uint64_t before = changes_;
    if (help(lock, reader_) || look_ahead(lock, reader_)) continue;
    if (changes_ == before) changed_.wait(lock);
  }
  if (stopped_) return nullptr;
  finished_[place(published_)] = 0;
  Batch* const batch = ring_[place(published_)] = take_free();
  batch->number = published_;
  return batch;
}

// The one that was written last: its memory is in a cache still, and that of others is not touched at all
// where few are under way. What they held is let go of here, since whoever reads fills it again.
Batch* Crew::take_free() {
  for (Batch* const each : written_batches_) {
    each->clear();
    free_.push_back(each);
  }
  written_batches_.clear();
  Batch* const batch = free_.back();
  free_.pop_back();
  return batch;
}

void Crew::publish(Batch* batch) {
  const bool idle = batch->idle;
  Lock lock(mutex_);
  ++published_;
  wake_all();
  while (idle && !stopped_ && help(lock, reader_)) {
  }
}

bool Crew::work_next(Lock& lock, std::size_t member) {
  if (next_[member] == published_) return false;
  const std::size_t at = place(next_[member]++);
  lock.unlock();
  tasks_.work(member, *ring_[at]);
  lock.lock();
  // Whoever waits may write it, while this member works on the next one.
  if (++finished_[at] == members_) wake_one();
  return true;
}

bool Crew::write_next(Lock& lock) {
  const std::size_t at = place(written_);
  if (writing_ || written_ == published_ || finished_[at] != members_ || looked_at_[at] != 0) return false;
  writing_ = true;
  lock.unlock();
  const bool final = ring_[at]->final;
  const bool go_on = tasks_.write(*ring_[at]);
  lock.lock();
  writing_ = false;
  written_batches_.push_back(ring_[at]);
  ++written_;
  over_ = final;
  stopped_ = stopped_ || !go_on;
  // There is room for another batch.
  if (over_ || stopped_) {
    wake_all();
  } else {
    wake_one();
  }
  return true;
}

bool Crew::read_next(Lock& lock, std::size_t member) {
  if (reading_ || all_read_ || published_ - written_ + kFewestBatches > batches_.size()) return false;
  reading_ = true;
  reader_ = member;
  lock.unlock();
  const bool more = tasks_.read();
  lock.lock();
  reading_ = false;
  all_read_ = !more;
  return true;
}

// In the batches that not everybody is through with. They are not written while this is under way.
bool Crew::look_ahead(Lock& lock, std::size_t member) {
  std::uint64_t first = writing_ ? written_ + 1 : written_;
  while (first < published_ && finished_[place(first)] == members_) ++first;
  if (first == published_) return false;
  const BatchWindow window(ring_, first, published_);
  for (std::uint64_t each = window.first(); each < window.end(); ++each) ++looked_at_[place(each)];
  lock.unlock();
  const bool done = tasks_.ahead(member, window);
  lock.lock();
  for (std::uint64_t each = window.first(); each < window.end(); ++each) --looked_at_[place(each)];
  return done;
}

}  // namespace tlspeel::pipeline
