// A writer that remembers what it was given.
#pragma once

#include <cstddef>
#include <vector>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::pipeline {

class Recorder final : public output::Writer {
 public:
  void write(const event::Placed& placed) override { events.push_back(placed); }
  void flush() override { ++flushes; }
  void finish() override { ++finishes; }

  std::vector<event::Placed> events;
  std::size_t flushes = 0;
  std::size_t finishes = 0;
};

}  // namespace tlspeel::pipeline
