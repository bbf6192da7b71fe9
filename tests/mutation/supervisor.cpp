#include "supervisor.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tlspeel::mutation {
namespace {

// A child's memory is not given back while it lives: new ones now and then keep the bound on it tight.
constexpr std::uint64_t kMutantsOfAChild = 500;
constexpr std::uint64_t kMostFindings = 20;  // of a case; more of them say no more

// Beyond the undamaged capture. A mutant may make the pipeline hold what it would hand on at once otherwise,
// and may make it try keys where it knew the right one.
constexpr double kSeconds = 2;
constexpr double kTimesUndamaged = 20;
constexpr double kSecondsOfAByte = 20e-6;
constexpr std::uint64_t kMemoryKb = 160 * 1024;
// So many times the processor's time may pass while a child waits for the processor.
constexpr double kWaiting = 20;

// With several threads the output must be the same; not for each of them, as it takes as long again.
constexpr std::uint64_t kThreadsEvery = 16;
constexpr std::size_t kThreads = 3;

enum ExitCode : int { kGood = 0, kTooMuchMemory = 101, kThreadsDiffer = 102 };

// Between the child and its parent.
struct Shared {
  std::uint64_t current = 0;  // the mutant being run; the number after the last one: all were
  double seconds = 0;
  double slowest = 0;
  std::uint64_t memory_kb = 0;
};

class SharedMemory {
 public:
  SharedMemory()
      : memory_(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    shared_ = ::new (memory_) Shared;
  }
  ~SharedMemory() { (void)munmap(memory_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  Shared& operator*() const { return *shared_; }
  Shared* operator->() const { return shared_; }

 private:
  void* memory_;
  Shared* shared_ = nullptr;
};

double processor_seconds() {
  timespec time{};
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::uint64_t peak_memory_kb() {
  rusage usage{};
  (void)getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss);
}

// Ends this process by a signal when it is used up; 0: no bound.
void set_time_left(double seconds) {
  const auto whole = static_cast<time_t>(seconds);
  const itimerval timer{{0, 0},
                        {whole, static_cast<suseconds_t>((seconds - static_cast<double>(whole)) * 1e6)}};
  (void)setitimer(ITIMER_PROF, &timer, nullptr);
  (void)alarm(static_cast<unsigned>(seconds * kWaiting));
}

class Children {
 public:
  Children(Subject& subject, const Plan& plan) : subject_(&subject), plan_(plan) {}

  Result<Figures> run();

 private:
  Result<void> measure();
  // The status with which a child ended that ran the mutants from `first` on.
  template <class Work>
  int in_a_child(Work work);
  void work(std::uint64_t first, std::uint64_t end);
  int try_one(std::uint64_t number);
  std::string what_happened(int status) const;

  Subject* subject_;
  Plan plan_;
  SharedMemory shared_;
  double seconds_allowed_ = 0;
  std::uint64_t memory_allowed_ = 0;
  Figures figures_;
};

Result<Figures> Children::run() {
  if (auto measured = measure(); !measured) return tl::unexpected<Error>(measured.error());
  const std::uint64_t end = plan_.first + plan_.count;
  for (std::uint64_t next = plan_.first; next < end && figures_.findings.size() < kMostFindings;) {
    const std::uint64_t upto = std::min(end, next + kMutantsOfAChild);
    const int status = in_a_child([&] { work(next, upto); });
    const std::uint64_t reached = shared_->current;
    if (status == 0) {
      figures_.run += upto - next;
      next = upto;
    } else if (reached == upto) {  // it did them all, and was blamed when it ended: a leak
      figures_.run += upto - next;
      figures_.findings.push_back(
          {next, fmt::format("one of mutants {} to {}: {}", next, upto - 1, what_happened(status))});
      next = upto;
    } else {
      figures_.run += reached - next + 1;
      figures_.findings.push_back({reached, what_happened(status)});
      next = reached + 1;
    }
  }
  figures_.seconds = shared_->seconds;
  figures_.slowest = shared_->slowest;
  figures_.memory_kb = shared_->memory_kb;
  return figures_;
}

Result<void> Children::measure() {
  const int status = in_a_child([&] {
    const double before = processor_seconds();
    subject_->run_undamaged();
    shared_->seconds = processor_seconds() - before;
    shared_->memory_kb = peak_memory_kb();
  });
  if (status != 0) return fail(fmt::format("the undamaged capture: {}", what_happened(status)));
  figures_.undamaged = shared_->seconds;
  seconds_allowed_ = kSeconds + kTimesUndamaged * figures_.undamaged +
                     kSecondsOfAByte * static_cast<double>(subject_->size());
  memory_allowed_ = shared_->memory_kb + kMemoryKb;
  *shared_ = {};
  return {};
}

template <class Work>
int Children::in_a_child(Work work) {
  const pid_t child = fork();
  if (child < 0) throw std::bad_alloc();
  if (child == 0) {
    work();
    std::exit(kGood);  // not _exit: a leak is found now  NOLINT(concurrency-mt-unsafe)
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

void Children::work(std::uint64_t first, std::uint64_t end) {
  for (std::uint64_t number = first; number < end; ++number) {
    shared_->current = number;
    const int code = try_one(number);
    if (code != kGood) _exit(code);
  }
  shared_->current = end;
}

int Children::try_one(std::uint64_t number) {
  const double before = processor_seconds();
  set_time_left(seconds_allowed_);
  const std::uint64_t digest = subject_->run(number, 1);
  set_time_left(0);
  const double seconds = processor_seconds() - before;
  shared_->seconds += seconds;
  shared_->slowest = std::max(shared_->slowest, seconds);
  const std::uint64_t memory = peak_memory_kb();
  shared_->memory_kb = std::max(shared_->memory_kb, memory);
  if (memory > memory_allowed_) return kTooMuchMemory;
  if (number % kThreadsEvery != 0) return kGood;
  set_time_left(2 * seconds_allowed_);
  const bool same = subject_->run(number, kThreads) == digest;
  set_time_left(0);
  return same ? kGood : kThreadsDiffer;
}

std::string Children::what_happened(int status) const {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    if (number == SIGPROF) return fmt::format("more than {:.1f} s of the processor", seconds_allowed_);
    if (number == SIGALRM) return fmt::format("stood still for {:.0f} s", seconds_allowed_ * kWaiting);
    return fmt::format("ended by signal {}", number);
  }
  switch (WEXITSTATUS(status)) {
    case kTooMuchMemory:
      return fmt::format("more than {} kB of memory", memory_allowed_);
    case kThreadsDiffer:
      return fmt::format("another output with {} threads", kThreads);
    default:
      return fmt::format("ended with {}", WEXITSTATUS(status));
  }
}

}  // namespace

Result<Figures> run_mutants(Subject& subject, const Plan& plan) {
  return Children(subject, plan).run();
}

}  // namespace tlspeel::mutation
