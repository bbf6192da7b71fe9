// Opens records of one worker's connections in other threads (tls/records_ahead.hpp). A few connections with
// many large records have a lead each: another thread follows their bytes through the batches that their
// worker has still to come to (record_walk.hpp), opens their records some way in front of it, and leaves what
// verified with the record's bytes, by which the worker tells that it is the same record. A record that is
// not ready when the worker comes to it is opened by the worker, which waits for nobody.
//
// at() and tls::RecordsAhead are the worker's thread's; step() is called by any number of others. What a lead
// holds is bounded: kRing records and what they hold.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "tlspeel/tls/records_ahead.hpp"

#include "batch_window.hpp"
#include "record_walk.hpp"

namespace tlspeel::pipeline {

class OpeningAhead final : public tls::RecordsAhead {
 public:
  // What the worker comes to next; both outlive the calls that follow.
  void at(const Batch& batch, const BatchItem& item) {
    batch_ = &batch;
    item_ = &item;
  }

  bool wanted() override;
  Lead begin(const tls::AheadStart& start, std::unique_ptr<tls::AheadOpener> opener) override;
  bool again(Lead lead, const tls::AheadStart& start) override;
  std::optional<tls::AheadOpener::Opened> take(Lead lead, std::uint64_t sequence,
                                               const tls::RecordHeader& header, ByteView fragment,
                                               Bytes& out) override;
  void end(Lead lead) override;

  // Opens a few records. False: there is nothing to do now.
  bool step(const BatchWindow& batches);

 private:
  using Lock = std::unique_lock<std::mutex>;

  static constexpr std::size_t kLeads = 4;
  static constexpr std::size_t kRing = 64;  // records of a lead: a batch of large ones, and 2 MB of memory
  // Records in front of the worker that are left to it: it would come to them before they are ready.
  static constexpr std::uint64_t kMargin = 8;
  static constexpr std::size_t kAtOnce = 4;  // records: some 20 us
  // Records in a row that were opened and not taken: what is followed is not what the connection sees.
  static constexpr std::size_t kMostUntaken = 4 * kRing;

  struct Entry {
    enum class State : std::uint8_t { empty, opening, ready };
    State state = State::empty;
    tls::RecordHeader header;
    std::uint64_t sequence = 0;
    Bytes fragment;
    Bytes content;
    tls::AheadOpener::Opened opened;
  };

  struct Start {
    std::uint64_t batch = 0;  // its number: the pointers are good while it is in a window
    const Batch* in = nullptr;
    const BatchItem* item = nullptr;
    tls::AheadStart from;
  };

  // Guarded by mutex_, but for what a member works on: `walk` while it is cutting, entries that are opening,
  // openers that it took.
  struct LeadState {
    Lead number = 0;
    std::uint64_t last_use = 0;
    std::uint64_t wanted = 0;  // sequence number that the worker asks for next
    std::size_t untaken = 0;   // records that were opened since the last one that the worker took
    bool cutting = false;
    bool broken = false;                         // the walk is of no use any more
    std::optional<Start> start;                  // the newest that may be begun with
    std::optional<RecordWalk> walk;              // under way
    std::uint64_t next = 0;                      // sequence number of the record that `walk` gives next
    std::unique_ptr<tls::AheadOpener> original;  // where the others come from
    std::vector<std::unique_ptr<tls::AheadOpener>> spare;  // that nobody uses just now
    std::array<Entry, kRing> entries;
  };
  using LeadPtr = std::shared_ptr<LeadState>;
  using Cut = std::vector<Entry*>;

  LeadPtr* find(Lead lead);
  Start start_at(const tls::AheadStart& from) const { return {batch_->number, batch_, item_, from}; }
  static void start(LeadState& lead, const BatchWindow& batches);
  bool open_some(Lock& lock, LeadState& lead, const BatchWindow& batches);
  static Cut cut(Lock& lock, LeadState& lead, const BatchWindow& batches);
  static Entry* cut_next(Lock& lock, LeadState& lead, const BatchWindow& batches);
  static void open(Lock& lock, LeadState& lead, const Cut& cut);

  // Of the worker's thread.
  const Batch* batch_ = nullptr;
  const BatchItem* item_ = nullptr;

  std::atomic<bool> asked_ = false;  // by step(), for something to do

  std::mutex mutex_;  // guards everything below
  std::array<LeadPtr, kLeads> leads_;
  Lead last_lead_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace tlspeel::pipeline
