// The threads of a run, and the batches between them. Each member of the crew has connections of its own to
// work on (Tasks::work), in every batch and in the order of batches; when it is through with all that were
// read, it writes the next one that all are through with, or else reads the next one: whoever has nothing to
// do does what is due - or what others will have to do - so that no thread is ever more than there are
// members, whatever the capture is like. One at a time reads, one at a time writes, and what each did the
// next one sees. Batches lie in a ring: the reader is never further ahead of the writer than its size. The
// only shared mutable state of the pipeline beside the session cache.
//
// No member waits for another one that waits for it: who reads or writes is through with its own part of all
// batches that were read, and before a reader waits for its input (Batch::idle) it works those off that it
// has handed over.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "tlspeel/pipeline/run.hpp"

#include "batch.hpp"
#include "batch_window.hpp"
#include "packet_reader.hpp"

namespace tlspeel::pipeline {

class Crew final : public BatchTarget {
 public:
  struct Tasks {
    std::function<bool()> read;  // publishes one batch at least, by way of this; false: nothing follows
    std::function<void(std::size_t, Batch&)> work;
    std::function<bool(Batch&)> write;       // false: the run is to end early
    std::function<void(std::size_t)> leave;  // a member, where the run ends early
    // Some of what others have to do with batches that were read, where a member has nothing else to do.
    // False: there is nothing.
    std::function<bool(std::size_t, const BatchWindow&)> ahead;
  };

  Crew(std::size_t members, Tasks tasks);

  // What this member does until the run is over; once for each member, each in a thread of its own.
  void serve(std::size_t member);
  // From any thread: everybody leaves as soon as the part is done that is being worked on.
  void stop();

  // BatchTarget, for Tasks::read
  Batch* acquire() override;  // null after stop()
  void publish(Batch* batch) override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  bool work_next(Lock& lock, std::size_t member);
  bool write_next(Lock& lock);
  bool read_next(Lock& lock, std::size_t member);
  bool look_ahead(Lock& lock, std::size_t member);
  bool help(Lock& lock, std::size_t member) { return work_next(lock, member) || write_next(lock); }
  Batch* take_free();
  void wake_one();
  void wake_all();
  std::size_t place(std::uint64_t sequence) const { return sequence % batches_.size(); }

  const std::size_t members_;
  const Tasks tasks_;
  std::vector<Batch> batches_;
  std::size_t reader_ = 0;  // the member that reads; its own while it does

  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::vector<Batch*> ring_;             // by place: those that were read and are not written yet
  std::vector<Batch*> written_batches_;  // with what they hold still
  std::vector<Batch*> free_;
  std::vector<std::uint64_t> next_;     // by member: the batch that it works on next
  std::vector<std::size_t> looked_at_;  // by batch: members that look ahead in it just now
  std::vector<std::size_t> finished_;   // by batch: members that are through with it
  std::uint64_t changes_ = 0;           // that somebody may wait for
  std::uint64_t published_ = 0;
  std::uint64_t written_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool all_read_ = false;
  bool over_ = false;
  bool stopped_ = false;
};

}  // namespace tlspeel::pipeline
