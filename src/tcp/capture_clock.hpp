// Capture time as a clock that never goes back: nanoseconds since the first packet. Packets slightly out of
// order do not move it; a step back by more than kStep (the next file of several, a clock that was set) is a
// new start from where the clock stands. A step forth to where the clock would be now without the last step
// back (it was set right again; packets of two machines, one of which is late) is taken for what it is, and
// not for hours in which nothing happened.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tlspeel::tcp {

class CaptureClock {
 public:
  // Capture time is untrusted: any 64-bit value may come, so the arithmetic saturates.
  std::int64_t advance(std::int64_t time_ns) {
    const std::int64_t time = std::clamp<std::int64_t>(time_ns, 0, kEnd);
    if (!started_) {
      started_ = true;
      latest_ = time;
    } else if (latest_ - time > kStep) {
      left_ = {latest_, elapsed_};
      latest_ = time;
    } else if (time > latest_) {
      add(time - latest_ > kStep ? since_step_back(time) : time - latest_);
      latest_ = time;
    }
    return elapsed_;
  }

 private:
  // The year 2116: beyond what the 32-bit seconds of pcap can say.
  static constexpr std::int64_t kEnd = std::int64_t{1} << 62;
  static constexpr std::int64_t kStep = 60'000'000'000;

  // Where the clock stood before it stepped back.
  struct Left {
    std::int64_t time = kEnd;  // kEnd: it never did
    std::int64_t elapsed = 0;
  };

  // What a large step forth to `time` adds.
  std::int64_t since_step_back(std::int64_t time) const {
    if (time < left_.time - kStep) return time - latest_;
    const std::int64_t since = (time - left_.time) - (elapsed_ - left_.elapsed);
    return since <= kStep ? std::max<std::int64_t>(0, since) : time - latest_;
  }
  void add(std::int64_t time) { elapsed_ += std::min(time, kEnd - elapsed_); }

  bool started_ = false;
  std::int64_t latest_ = 0;
  std::int64_t elapsed_ = 0;
  Left left_;
};

}  // namespace tlspeel::tcp
