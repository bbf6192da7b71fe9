// The connections of a run counted by how they ended: by outcome, and by the cause where something stayed
// closed. Counted from ConnectionEnd events. Single threaded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

struct OutcomeGroup {
  event::ConnectionOutcome outcome = event::ConnectionOutcome::opened;
  std::optional<event::ClosedCause> cause;
  std::uint64_t connections = 0;
  std::uint64_t application_bytes = 0;  // opened
  std::uint64_t closed_bytes = 0;       // of the TCP streams: records that stayed closed
};

class RunOutcomes {
 public:
  void add(const event::ConnectionEnd& end);
  // Those with connections, in the order of the enumerations; of one outcome, first what has no cause.
  std::vector<OutcomeGroup> groups() const;
  // All of one outcome together.
  OutcomeGroup total(event::ConnectionOutcome outcome) const;
  std::uint64_t connections() const;
  std::uint64_t with_cause(event::ClosedCause cause) const;  // connections

 private:
  static constexpr std::size_t kOutcomes = 4;
  static constexpr std::size_t kCauses = 22;
  // The last column is for connections without a cause.
  std::array<std::array<OutcomeGroup, kCauses + 1>, kOutcomes> groups_{};
};

}  // namespace tlspeel::output
