// Which packets of a run belong to connections that were chosen: by the two ends and the numbers of the first
// and last packet. A few more may pass (of the same ends in another tunnel, and those whose hashes are the
// same), none fewer. Single threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace tlspeel::pipeline {

class ChosenPackets {
 public:
  // About 60 MB; when more connections were chosen, all packets are.
  static constexpr std::size_t kMost = std::size_t{1} << 20U;

  // ends: net::symmetric_hash().
  void add(std::uint32_t ends, std::uint64_t first, std::uint64_t last);
  bool has(std::uint32_t ends, std::uint64_t number) const;
  bool has_all() const { return count_ > kMost; }

 private:
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  std::unordered_map<std::uint32_t, std::vector<Range>> ranges_;
  std::size_t count_ = 0;
};

}  // namespace tlspeel::pipeline
