// What a run comes to, counted from its events, and the closing lines of the text output.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

class RunTotals {
 public:
  void add(const event::Event& event);
  // "2 connections: 1 opened (12.3 kB), 1 closed (ephemeral key exchange)" and the lines about everything
  // else.
  void render(std::string& out, const TextOptions& options, const event::RunSummary& run) const;

 private:
  struct Group {
    std::uint64_t connections = 0;
    std::uint64_t bytes = 0;
    std::array<std::uint64_t, 22> causes{};  // by ClosedCause
  };
  static void append_group(std::string& out, const Group& group, std::string_view what);

  std::array<Group, 4> groups_;  // by ConnectionOutcome
  std::uint64_t problems_ = 0;
  std::uint64_t capture_problems_ = 0;
  std::uint64_t gap_bytes_ = 0;
};

}  // namespace tlspeel::output
