// Fills batches: reads packets, decodes their headers (IP fragments are joined here, once, so that every
// worker sees the same). Also counts what is not TCP, and applies the filter. Used by one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tlspeel/base/result.hpp"
#include "tlspeel/capture/packet_filter.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/net/decoder.hpp"
#include "tlspeel/pipeline/run.hpp"

#include "batch.hpp"

namespace tlspeel::pipeline {

// Where empty batches come from and full ones go.
class BatchTarget {
 public:
  virtual ~BatchTarget() = default;
  virtual Batch* acquire() = 0;  // may wait for a free one; null: the run is to end early
  // An idle one is shown, as far as that is up to the calling thread, before this returns.
  virtual void publish(Batch* batch) = 0;
};

class PacketReader {
 public:
  // Of every packet that the filter did not leave out; may be null.
  using OnPacket = std::function<void(const ReadPacket&)>;
  // Secrets that stand in the captures go into the store before any packet that may need them is published.
  static Result<std::unique_ptr<PacketReader>> open(const RunConfig& config, secrets::Store& store,
                                                    BatchTarget& target, OnPacket on_packet = {});

  // Reads until a batch was published. False: it was the last one, and is marked final; or acquire() gave
  // null. Not to be called again then.
  bool read();
  const net::Counters& counters() const { return decoder_.counters(); }
  std::uint64_t problem_count() const { return problem_count_; }
  const std::vector<std::string>& problems() const { return problems_; }
  std::uint64_t bytes_read() const { return source_->bytes_read(); }
  std::int64_t time() const { return time_; }  // that read() took of its threads, without what the target did

 private:
  PacketReader(BatchTarget& target, std::optional<capture::PacketFilter> filter, OnPacket on_packet);

  net::PacketFilter asking_filter();
  void take(const capture::Packet& packet);
  void note_flow(const net::Segment& segment);
  void tell_about_link_type(const capture::Packet& packet, net::Verdict verdict);
  void add(const net::Segment& segment, const capture::Packet& packet);
  bool end();
  void hand_over();
  void next_batch();
  void publish();
  void report(std::string message);

  BatchTarget* target_;
  Batch* batch_ = nullptr;
  secrets::Store* live_store_ =
      nullptr;  // null: the capture was complete before the run, and so are key logs
  std::size_t most_payload_ = kBatchBytes;  // of each batch
  std::unique_ptr<capture::PacketSource> source_;
  std::optional<capture::PacketFilter> filter_;
  OnPacket on_packet_;
  std::vector<net::Flow> flows_;  // of one packet, for on_packet_
  net::Decoder decoder_;
  std::set<int> unknown_link_types_;
  std::set<int> filtered_link_types_;  // that were looked at once
  std::uint64_t ordinal_ = 0;
  std::vector<std::string> problems_before_;  // known before anything is read, until they are told
  std::uint64_t problem_count_ = 0;
  std::vector<std::string> problems_;
  PacketRef last_;
  std::uint64_t since_hand_over_ = 0;  // packets
  std::uint64_t published_ = 0;        // batches
  std::int64_t time_ = 0;
};

}  // namespace tlspeel::pipeline
