#include "tlspeel/secrets/premasters_ahead.hpp"

namespace tlspeel::secrets {

bool PremastersAhead::wanted(const crypto::PrivateKey& key, ByteView encrypted) const {
  const std::lock_guard lock(mutex_);
  return unwanted_ < taken_ + kMostUnwanted && !kept_.contains({&key, std::string(as_text(encrypted))});
}

void PremastersAhead::put(const crypto::PrivateKey& key, ByteView encrypted, Decrypted decrypted) {
  const std::lock_guard lock(mutex_);
  Place place(&key, as_text(encrypted));
  if (!kept_.emplace(place, std::move(decrypted)).second) return;
  order_.push_back(std::move(place));
  if (order_.size() <= kMost) return;
  unwanted_ += kept_.erase(order_.front());
  order_.pop_front();
}

std::optional<PremastersAhead::Decrypted> PremastersAhead::take(const crypto::PrivateKey& key,
                                                                ByteView encrypted) {
  const std::lock_guard lock(mutex_);
  if (kept_.empty()) return std::nullopt;
  auto found = kept_.extract({&key, std::string(as_text(encrypted))});
  if (found.empty()) return std::nullopt;
  ++taken_;
  return std::move(found.mapped());
}

}  // namespace tlspeel::secrets
