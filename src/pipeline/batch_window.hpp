// Batches that were read and that nobody changes: a view for whoever looks at them before their workers do.
// Batches are numbered from 0, in the order of reading. Valid for the call that it is given to.
#pragma once

#include <cstdint>
#include <vector>

#include "batch.hpp"

namespace tlspeel::pipeline {

class BatchWindow {
 public:
  // Batch n is *ring[n % ring.size()].
  BatchWindow(const std::vector<Batch*>& ring, std::uint64_t first, std::uint64_t end)
      : ring_(&ring), first_(first), end_(end) {}

  std::uint64_t first() const { return first_; }
  std::uint64_t end() const { return end_; }  // behind the last one
  const Batch& operator[](std::uint64_t number) const { return *(*ring_)[number % ring_->size()]; }

 private:
  const std::vector<Batch*>* ring_;
  std::uint64_t first_;
  std::uint64_t end_;
};

}  // namespace tlspeel::pipeline
