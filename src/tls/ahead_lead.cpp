#include "ahead_lead.hpp"

namespace tlspeel::tls {

std::optional<AheadOpener::Opened> AheadLead::take(std::uint64_t sequence, const RecordHeader& header,
                                                   ByteView fragment, Bytes& out) {
  if (lead_ == 0) return std::nullopt;
  return to_->take(lead_, sequence, header, fragment, out);
}

void AheadLead::begin(RecordsAhead& to, const AheadStart& behind, std::unique_ptr<AheadOpener> opener) {
  if (!opener) return;
  to_ = &to;
  lead_ = to.begin(behind, std::move(opener));
}

void AheadLead::end() {
  if (lead_ != 0) to_->end(lead_);
}

}  // namespace tlspeel::tls
