#include "output/run_outcomes.hpp"

namespace tlspeel::output {

using event::ClosedCause;
using event::ConnectionOutcome;

void RunOutcomes::add(const event::ConnectionEnd& end) {
  static_assert(static_cast<std::size_t>(ClosedCause::limit_reached) + 1 == kCauses);
  static_assert(static_cast<std::size_t>(ConnectionOutcome::no_data) + 1 == kOutcomes);
  const std::size_t column = end.cause ? static_cast<std::size_t>(*end.cause) : kCauses;
  OutcomeGroup& group = groups_.at(static_cast<std::size_t>(end.outcome)).at(column);
  group.outcome = end.outcome;
  group.cause = end.cause;
  ++group.connections;
  for (const event::DirectionCounts& counts : end.counts) {
    group.application_bytes += counts.application_bytes;
    group.closed_bytes += counts.closed_bytes;
  }
}

std::vector<OutcomeGroup> RunOutcomes::groups() const {
  std::vector<OutcomeGroup> out;
  for (const auto& row : groups_) {
    if (row.back().connections != 0) out.push_back(row.back());
    for (std::size_t i = 0; i < kCauses; ++i) {
      if (row[i].connections != 0) out.push_back(row[i]);
    }
  }
  return out;
}

OutcomeGroup RunOutcomes::total(ConnectionOutcome outcome) const {
  OutcomeGroup sum;
  sum.outcome = outcome;
  for (const OutcomeGroup& group : groups_.at(static_cast<std::size_t>(outcome))) {
    sum.connections += group.connections;
    sum.application_bytes += group.application_bytes;
    sum.closed_bytes += group.closed_bytes;
  }
  return sum;
}

std::uint64_t RunOutcomes::connections() const {
  std::uint64_t sum = 0;
  for (const OutcomeGroup& group : groups()) sum += group.connections;
  return sum;
}

std::uint64_t RunOutcomes::with_cause(ClosedCause cause) const {
  std::uint64_t sum = 0;
  for (const auto& row : groups_) sum += row.at(static_cast<std::size_t>(cause)).connections;
  return sum;
}

}  // namespace tlspeel::output
