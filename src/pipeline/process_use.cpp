#include "process_use.hpp"

#include <ctime>
#include <fstream>
#include <string>

#include <sys/resource.h>

#include "tlspeel/base/thread_clock.hpp"

namespace tlspeel::pipeline {
namespace {

constexpr std::uint64_t kKiB = 1024;

}  // namespace

std::int64_t process_time() {
  return processor_time(CLOCK_PROCESS_CPUTIME_ID);
}

// Linux's getrusage() goes on from the program that started this one; proc(5) VmHWM begins with it.
std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib * kKiB;
  }
  rusage use{};
  return getrusage(RUSAGE_SELF, &use) == 0 ? static_cast<std::uint64_t>(use.ru_maxrss) * kKiB : 0;
}

}  // namespace tlspeel::pipeline
