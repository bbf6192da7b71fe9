// The text format: blocks of every connection, ordered as the user asked, and the closing lines of the run.
// See README for what it looks like. Order::connection: a connection is printed when it has ended and, as
// long as no more than kMaxHeld bytes are held back for it, after all that began before it. Memory: at most
// kMaxWaiting bytes of text wait; beyond that the longest waiting is printed early.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tlspeel/output/writer.hpp"

#include "output/connection_text.hpp"
#include "output/run_totals.hpp"

namespace tlspeel::output {

class TextWriter final : public Writer {
 public:
  static constexpr std::size_t kMaxWaiting = std::size_t{32} * 1024 * 1024;
  static constexpr std::size_t kMaxHeld = std::size_t{1} * 1024 * 1024;

  TextWriter(TextOptions options, ByteSink& sink, std::size_t max_waiting = kMaxWaiting)
      : options_(std::move(options)), sink_(sink), max_waiting_(max_waiting) {}

  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override;

 private:
  struct Entry {
    ConnectionText text;
    std::uint64_t waiting_since = 0;  // key in oldest_; 0: nothing waits
    bool printed = false;             // under a heading already
  };

  void write_run_event(const event::Placed& placed);
  void put_capture_problems();
  void write_connection_event(const event::Placed& placed);
  void account(std::uint64_t number, Entry& entry, std::size_t bytes_before);
  void relieve();
  void print_blocks(std::uint64_t number, Entry& entry, const std::list<Block>& blocks);
  void end_connection(std::uint64_t number, Entry& entry);
  void print_ended(std::size_t may_stay);
  void put(std::string_view text);
  void write_out();

  TextOptions options_;
  ByteSink& sink_;
  std::size_t max_waiting_;
  std::map<std::uint64_t, Entry> connections_;
  std::set<std::uint64_t> ended_;                  // of those: held back for the ones that began before
  std::map<std::uint64_t, std::uint64_t> oldest_;  // order of arrival to connection: who waits longest
  std::uint64_t arrivals_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::size_t held_bytes_ = 0;  // of those: of ended connections
  RunTotals totals_;

  std::string buffer_;
  bool anything_ = false;              // printed so far
  std::string capture_problems_;       // Order::connection: lines for the end
  std::uint64_t last_connection_ = 0;  // whose block stands last; 0: none
  BlockKind last_kind_ = BlockKind::line;
};

}  // namespace tlspeel::output
