// Records that another thread opens before their connection comes to them, where one connection has most of
// the bytes and other threads have nothing to do. Opening is a function of keys, sequence number and record:
// who takes one that was opened gets what it would have got by itself, so that nothing that is shown depends
// on what was done ahead. Only keys whose records may be opened in any order are lent
// (RecordOpener::in_order). Sequence numbers are those of RFC 5246 section 6.1 and RFC 8446 section 5.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {

// The keys of one direction, for one other thread at a time.
class AheadOpener {
 public:
  virtual ~AheadOpener() = default;
  AheadOpener() = default;
  AheadOpener(const AheadOpener&) = delete;
  AheadOpener& operator=(const AheadOpener&) = delete;

  struct Opened {
    std::uint8_t type = 0;  // ContentType: in TLS 1.3 the inner one
    std::size_t size = 0;   // the content is as many of the first bytes of `out`
  };
  // nullopt: it does not verify. `out` grows as needed. Throws crypto::CryptoError.
  virtual std::optional<Opened> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                                     Bytes& out) = 0;
  virtual std::unique_ptr<AheadOpener> twin() const = 0;  // for yet another thread
};

// Where the records of a direction that are to be opened begin.
struct AheadStart {
  std::uint64_t sequence = 0;  // of the first one
  // Its bytes that the packet that is being worked on ends with, with what follows them.
  std::size_t captured = 0;
};

// What connections of one worker ask for. Used by the worker's thread.
class RecordsAhead {
 public:
  using Lead = std::uint32_t;  // 0: none. Never given twice.

  virtual ~RecordsAhead() = default;
  RecordsAhead() = default;
  RecordsAhead(const RecordsAhead&) = delete;
  RecordsAhead& operator=(const RecordsAhead&) = delete;

  // Some thread had nothing to do since this was last asked.
  virtual bool wanted() = 0;
  // Leads are few: one that was not used for long ends by itself.
  virtual Lead begin(const AheadStart& start, std::unique_ptr<AheadOpener> opener) = 0;
  // A record was not ready: behind it may be begun anew. False: the lead has ended.
  virtual bool again(Lead lead, const AheadStart& start) = 0;
  // This very record, byte for byte, as AheadOpener::open() gave it; `out` may become another buffer.
  virtual std::optional<AheadOpener::Opened> take(Lead lead, std::uint64_t sequence,
                                                  const RecordHeader& header, ByteView fragment,
                                                  Bytes& out) = 0;
  virtual void end(Lead lead) = 0;
};

}  // namespace tlspeel::tls
