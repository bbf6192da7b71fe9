// Processor time of the calling thread or the process, for figures about a run; nothing that a run finds out
// may depend on it. A call costs a fraction of a microsecond: for batches and private key operations, not for
// packets.
#pragma once

#include <cstdint>
#include <ctime>

namespace tlspeel {

// Nanoseconds; only differences mean something. CLOCK_THREAD_CPUTIME_ID or CLOCK_PROCESS_CPUTIME_ID.
inline std::int64_t processor_time(clockid_t clock) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  timespec now{};
  (void)clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * kNanoseconds + now.tv_nsec;
}

// Adds to `sum` what the thread takes until this goes.
class ThreadTimer {
 public:
  explicit ThreadTimer(std::int64_t& sum) : sum_(&sum), begin_(processor_time(CLOCK_THREAD_CPUTIME_ID)) {}
  ~ThreadTimer() { *sum_ += processor_time(CLOCK_THREAD_CPUTIME_ID) - begin_; }
  ThreadTimer(const ThreadTimer&) = delete;
  ThreadTimer& operator=(const ThreadTimer&) = delete;

 private:
  std::int64_t* sum_;
  std::int64_t begin_;
};

}  // namespace tlspeel
