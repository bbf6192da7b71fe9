// Capture time as a clock that never goes back: nanoseconds since the first packet. Packets slightly out of
// order do not move it; a step back by more than kStep (the next file of several, a clock that was set) is a
// new start from where the clock stands.
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
    } else if (time > latest_) {
      elapsed_ += std::min(time - latest_, kEnd - elapsed_);
      latest_ = time;
    } else if (latest_ - time > kStep) {
      latest_ = time;
    }
    return elapsed_;
  }

 private:
  // The year 2116: beyond what the 32-bit seconds of pcap can say.
  static constexpr std::int64_t kEnd = std::int64_t{1} << 62;
  static constexpr std::int64_t kStep = 60'000'000'000;

  bool started_ = false;
  std::int64_t latest_ = 0;
  std::int64_t elapsed_ = 0;
};

}  // namespace tlspeel::tcp
