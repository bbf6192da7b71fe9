// Which bytes of one direction were in a packet on the wire and not in the capture, because the snap length
// cut them off: by position, with the packet that had them. Tells such a hole from packets that were lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlspeel/base/packet_ref.hpp"

namespace tlspeel::tcp {

class CutRanges {
 public:
  // A hole waits for patience_packets packets, fewer than these; of those beyond it is only known that they
  // are missing.
  static constexpr std::size_t kMost = 256;

  void add(std::uint64_t begin, std::uint64_t end, PacketRef at);

  struct Part {
    std::uint64_t end = 0;
    PacketRef cut_in;  // the packet that had its first byte; number 0: none had it
  };
  // The part that [begin, end) starts with: all of it cut, or nothing of it.
  Part first_part(std::uint64_t begin, std::uint64_t end) const;

  void forget_before(std::uint64_t position);
  void clear() { ranges_.clear(); }
  bool empty() const { return ranges_.empty(); }

 private:
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    PacketRef at;
  };
  std::vector<Range> ranges_;  // ascending, apart from one another
};

}  // namespace tlspeel::tcp
