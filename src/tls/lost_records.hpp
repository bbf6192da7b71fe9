// What is guessed about records that are not in the capture, before the first record behind them proves it.
// Plain values and pure functions; single threaded.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {

// What its protection adds to the content of a record. A block cipher pads by 1 to block_size bytes, as all
// senders known do (RFC 5246 section 6.2.3.2 allows up to 255).
struct RecordOverhead {
  std::size_t fixed = 0;       // bytes: IV or nonce, MAC or tag, TLS 1.3's inner type
  std::size_t block_size = 0;  // 0: no padding
};

// What the first record behind a hole tells of those before it.
struct LostRecords {
  std::optional<std::uint64_t> records{};  // nullopt: not known
  RecordOverhead overhead{};               // where records is known and there is data
  bool data = false;                       // application data may be among them
  bool finished = false;                   // and so is the Finished message of SSL 3.0 to TLS 1.2
};

// Records that went by unseen, as far as the state of a cipher depends on them.
struct PassedRecords {
  std::uint64_t fragment_bytes = 0;  // of all of them together
  ByteView tail;                     // the captured bytes right in front of the next record; may be empty
};

// The numbers of records that a stretch of lost stream can have held, the likeliest first: as many as there
// would be of `likely` bytes each, then more and fewer in turn. At most kMost of them.
class RecordCounts {
 public:
  static constexpr std::uint64_t kMost = 4096;

  // Sizes with header. An empty stretch held no record, any other at least one, if that fits into it;
  // may_be_uncounted: or only such that do not count (TLS 1.3's ChangeCipherSpec).
  RecordCounts(std::uint64_t stretch, std::uint64_t smallest, std::uint64_t likely,
               bool may_be_uncounted = false);

  // nullopt: there are no others, or the stretch cannot be one of records.
  std::optional<std::uint64_t> next();
  std::uint64_t most() const { return most_; }

 private:
  std::uint64_t least_ = 0;
  std::uint64_t most_ = 0;
  std::uint64_t likely_ = 0;
  std::uint64_t step_ = 0;  // numbers that were looked at, out of bounds or not
  std::uint64_t given_ = 0;
};

// What may be spent on trials behind holes, in bytes that are decrypted or hashed: a stream that was made for
// it must not buy more than a fixed amount of work for each of its bytes.
class TrialBudget {
 public:
  // False: there is not enough left, and nothing was taken.
  bool spend(std::size_t record_bytes);
  void earn(std::size_t captured_bytes);

 private:
  // What one trial costs beside its bytes.
  static constexpr std::uint64_t kTrial = 1024;
  // A thousand trials of full records at once: some 10 ms.
  static constexpr std::uint64_t kAtFirst = std::uint64_t{16} << 20;
  static constexpr std::uint64_t kMost = std::uint64_t{64} << 20;
  static constexpr std::uint64_t kEarned = 64;  // for each byte that comes in behind a hole

  std::uint64_t left_ = kAtFirst;
};

}  // namespace tlspeel::tls
