// Runs the mutants of one case in child processes, many one after the other in each, and finds out which of
// them one died of. A child is held to a time of the processor for each mutant, in proportion to what the
// undamaged capture takes and to the bytes, and to an amount of memory. What a run of the sanitizers says
// goes to standard error. Errors are one sentence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tlspeel/base/result.hpp"

namespace tlspeel::mutation {

// What is run: numbered mutants, of which any can be run in any process.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void run_undamaged() = 0;
  // A digest of everything that came out.
  virtual std::uint64_t run(std::uint64_t number, std::size_t threads) = 0;
  virtual std::size_t size() const = 0;  // bytes of a mutant, about
};

struct Plan {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

struct Finding {
  std::uint64_t number = 0;  // of the mutant
  std::string what;
};

struct Figures {
  std::uint64_t run = 0;
  double seconds = 0;           // of the processor
  double slowest = 0;           // of the processor, one mutant
  double undamaged = 0;         // of the processor
  std::uint64_t memory_kb = 0;  // most that a child had
  std::vector<Finding> findings;
};

Result<Figures> run_mutants(Subject& subject, const Plan& plan);

}  // namespace tlspeel::mutation
