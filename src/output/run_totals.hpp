// What a run comes to, counted from its events, and the closing lines of the text output.
#pragma once

#include <cstdint>
#include <string>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

#include "output/run_outcomes.hpp"

namespace tlspeel::output {

class RunTotals {
 public:
  void add(const event::Event& event);
  // "2 connections: 1 opened (12.3 kB), 1 closed (no key given; 264 bytes)", what each secret was good for,
  // and the lines about everything else. With several causes each has a line of its own.
  void render(std::string& out, const TextOptions& options, const event::RunSummary& run) const;

 private:
  RunOutcomes outcomes_;
  std::uint64_t problems_ = 0;
  std::uint64_t capture_problems_ = 0;
  std::uint64_t gap_bytes_ = 0;
};

}  // namespace tlspeel::output
