// Processor time of the calling thread, for figures about a run; nothing that a run finds out may depend on
// it. A call costs a fraction of a microsecond: for batches and private key operations, not for packets.
#pragma once

#include <cstdint>
#include <ctime>

namespace tlspeel {

// Nanoseconds; only differences mean something.
inline std::int64_t thread_time() {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  timespec now{};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * kNanoseconds + now.tv_nsec;
}

// Adds to `sum` what the thread takes until this goes.
class ThreadTimer {
 public:
  explicit ThreadTimer(std::int64_t& sum) : sum_(&sum), begin_(thread_time()) {}
  ~ThreadTimer() { *sum_ += thread_time() - begin_; }
  ThreadTimer(const ThreadTimer&) = delete;
  ThreadTimer& operator=(const ThreadTimer&) = delete;

 private:
  std::int64_t* sum_;
  std::int64_t begin_;
};

}  // namespace tlspeel
