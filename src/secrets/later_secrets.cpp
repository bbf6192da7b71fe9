#include "later_secrets.hpp"

#include <algorithm>
#include <mutex>

namespace tlspeel::secrets {

void add_up(KeyLog::Statistics& sum, const KeyLog::Statistics& more) {
  sum.secrets += more.secrets;
  sum.duplicates += more.duplicates;
  sum.malformed += more.malformed;
  sum.contradictions += more.contradictions;
  const std::size_t room = KeyLog::kProblemsNamed - sum.problems.size();
  const auto taken = static_cast<std::ptrdiff_t>(std::min(room, more.problems.size()));
  sum.problems.insert(sum.problems.end(), more.problems.begin(), more.problems.begin() + taken);
}

void LaterSecrets::add(std::uint64_t after_packet, std::size_t origin, ByteView text,
                       std::uint64_t first_line) {
  const std::unique_lock lock(mutex_);
  too_many_ = too_many_ || log_.size() >= Store::kMaxCaptureSecrets ||
              log_.memory() >= Store::kMaxCaptureBytes || blocks_.size() >= Store::kMaxCaptureSecrets;
  if (too_many_) return;
  const Block block{after_packet, origin};
  // Blocks that follow one another without a packet in between are one source.
  if (blocks_.empty() || blocks_.back() != block) blocks_.push_back(block);
  log_.add(text, static_cast<std::uint32_t>(blocks_.size() - 1), first_line);
}

std::optional<LaterSecrets::Found> LaterSecrets::find(KeyLogLabel label, ByteView id,
                                                      std::uint64_t packet) const {
  const std::shared_lock lock(mutex_);
  const auto found = log_.find(label, id);
  if (!found || blocks_[found->source].after_packet >= packet) return std::nullopt;
  return Found{SecretBytes(found->secret), blocks_[found->source].origin};
}

void LaterSecrets::append_of_label(KeyLogLabel label, std::uint64_t packet, std::size_t most,
                                   std::vector<Store::LoggedOf>& out) const {
  const std::shared_lock lock(mutex_);
  for (const KeyLog::Entry& each : log_.of_label(label, most)) {
    if (out.size() >= most || blocks_[each.found.source].after_packet >= packet) break;
    out.push_back({to_bytes(each.id), SecretBytes(each.found.secret)});
  }
}

bool LaterSecrets::any(std::uint64_t packet) const {
  const std::shared_lock lock(mutex_);
  return !blocks_.empty() && blocks_.front().after_packet < packet;
}

bool LaterSecrets::too_many() const {
  const std::shared_lock lock(mutex_);
  return too_many_;
}

std::vector<KeyLog::Statistics> LaterSecrets::statistics() const {
  const std::shared_lock lock(mutex_);
  std::vector<KeyLog::Statistics> of_origin;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    of_origin.resize(std::max(of_origin.size(), blocks_[i].origin + 1));
    add_up(of_origin[blocks_[i].origin], log_.statistics(static_cast<std::uint32_t>(i)));
  }
  return of_origin;
}

}  // namespace tlspeel::secrets
