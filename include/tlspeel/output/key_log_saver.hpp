// --keylog-out: the secrets that a run recovered, as a key log (RFC 9850 section 2) that others can open the
// capture with: "label id secret" lines, in lower-case hex, in the order of the run. Takes every event of a
// run and writes those of SecretsRecovered. A line that was written is not written again while it is among
// the last kRemembered / 2 different ones; of each a hash is kept (8 bytes), no secret. What a line is made
// in is cleansed; a sink for secrets does the same. No I/O here: the sink, which outlives the saver,
// remembers failures. Single threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

class KeyLogSaver final : public Writer {
 public:
  // A line more than once does no harm to who reads it, but the memory of a run must not grow with its
  // length: about 50 MB for these. Captures of both sides of a router show a connection twice at once; given
  // one after the other, those of 100,000 TLS 1.3 connections are still recognised.
  static constexpr std::size_t kRemembered = std::size_t{1} << 20U;

  explicit KeyLogSaver(ByteSink& sink);
  void write(const event::Placed& placed) override;
  void flush() override { sink_.flush(); }
  void finish() override { sink_.flush(); }

 private:
  // Where in the table a hash goes depends on a number of this object's own: who makes captures chooses
  // lines, but cannot choose those that fall on one place.
  class Spread {
   public:
    explicit Spread(std::uint64_t key) : key_(key) {}
    std::size_t operator()(std::uint64_t hash) const;

   private:
    std::uint64_t key_;
  };
  using Hashes = std::unordered_set<std::uint64_t, Spread>;

  bool is_new(std::string_view line);

  ByteSink& sink_;
  // Hashes of lines: when the newer half is full, the older is forgotten. Two lines of a million have the
  // same by chance once in 30 million runs, and nobody can aim at a line whose secret is not theirs.
  Hashes newer_;
  Hashes older_;
};

}  // namespace tlspeel::output
