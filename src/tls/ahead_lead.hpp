// What keys remember of being lent to threads that open their records ahead (tls/records_ahead.hpp): nothing
// at first; where many large records were opened one after the other, they are offered. Goes with the keys.
// Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/tls/records_ahead.hpp"

namespace tlspeel::tls {

class AheadLead {
 public:
  AheadLead() = default;
  ~AheadLead() { end(); }
  AheadLead(AheadLead&& other) noexcept
      : to_(std::exchange(other.to_, nullptr)),
        lead_(std::exchange(other.lead_, 0)),
        missed_(std::exchange(other.missed_, 0)) {}
  AheadLead& operator=(AheadLead&&) = delete;

  // The record, where it was opened ahead.
  std::optional<AheadOpener::Opened> take(std::uint64_t sequence, const RecordHeader& header,
                                          ByteView fragment, Bytes& out);
  // A record had to be opened here; `behind` stands behind it. `make` may give null: these keys cannot be
  // lent.
  template <typename MakeOpener>
  void missed(RecordsAhead& to, std::size_t size, const AheadStart& behind, MakeOpener make) {
    if (size < kWorthwhile) return;
    if (lead_ != 0 && to.again(lead_, behind)) return;
    lead_ = 0;
    if (++missed_ % kMissed == 0 && to.wanted()) begin(to, behind, make());
  }

 private:
  static constexpr std::size_t kWorthwhile = 1024;  // bytes: a small one is opened faster than handed over
  static constexpr std::uint32_t kMissed = 16;

  void begin(RecordsAhead& to, const AheadStart& behind, std::unique_ptr<AheadOpener> opener);
  void end();

  RecordsAhead* to_ = nullptr;  // where lead_ is not 0
  RecordsAhead::Lead lead_ = 0;
  std::uint32_t missed_ = 0;  // records, while there is no lead
};

}  // namespace tlspeel::tls
