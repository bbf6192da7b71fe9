// Brings the events of one batch into the order of the run: by packet, connection and ordinal, whatever
// worker they came from; gives the connections their numbers; counts. Used by the thread that writes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "tlspeel/pipeline/run.hpp"

#include "batch.hpp"

namespace tlspeel::pipeline {

class EventMerge {
 public:
  explicit EventMerge(const Outputs& outputs) : outputs_(&outputs) {}

  // Empties the batch's results.
  void write(Batch& batch);
  void write_summary(event::RunSummary summary, PacketRef last);

  const RunReport& report() const { return report_; }
  std::int64_t time() const { return time_; }  // that write() took of its thread
  std::uint64_t connections_opened_with(const std::string& label) const;

 private:
  void place(Emitted& emitted);
  void count(const event::ConnectionEnd& end);
  void tell_progress(event::Progress progress) const;

  const Outputs* outputs_;
  RunReport report_;
  std::int64_t time_ = 0;
  // "#N" of TLS connections by the number of the TCP connection's first packet, and depth.
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t> numbers_;
  std::unordered_map<std::string, std::uint64_t> uses_;  // connections by label of the secret
};

}  // namespace tlspeel::pipeline
