#include "tlspeel/secrets/session_cache.hpp"

#include <algorithm>
#include <limits>

#include "tlspeel/crypto/digest.hpp"

#include "keyed_hash.hpp"

namespace tlspeel::secrets {
namespace {

// Session ids have at most 32 bytes (RFC 5246 section 7.4.1.2), tickets up to 65535: those are kept as their
// hash.
std::string cache_key(ByteView id) {
  constexpr std::size_t kLongestKeptAsIs = 64;
  if (id.size() <= kLongestKeptAsIs) return "i" + std::string(as_text(id));
  return "h" + std::string(as_text(crypto::hash(crypto::HashId::sha256, {id})));
}

}  // namespace

SessionCache::SessionCache(std::size_t workers, std::size_t capacity)
    : capacity_(capacity), progress_(workers) {}

std::size_t SessionCache::KeyedHash::operator()(const std::string& id) const {
  return static_cast<std::size_t>(keyed_hash(as_bytes(id), 0));
}

void SessionCache::put(std::uint64_t at, ByteView id, SecretPtr secret) {
  Entry entry{at, cache_key(id), std::move(secret)};
  const std::lock_guard lock(mutex_);
  pending_.emplace(std::pair(at, arrivals_++), std::move(entry));
  settle(horizon());
}

SessionCache::SecretPtr SessionCache::get(std::uint64_t at, ByteView id) {
  const std::string key = cache_key(id);
  std::unique_lock lock(mutex_);
  // First announced, then looked at: advance() does it the other way round, so that one of the two sees the
  // other.
  ++waiting_;
  passed_.wait(lock, [&] { return horizon() >= at; });
  --waiting_;
  settle(horizon());

  const auto of_id = settled_of_id_.find(key);
  if (of_id == settled_of_id_.end()) return nullptr;
  // Puts before `at` have the running numbers below `end`; of those the newest `capacity` are visible.
  const auto first_not_before =
      std::ranges::lower_bound(settled_, at, std::less<>(), [](const Entry& entry) { return entry.at; });
  const std::uint64_t end = first_settled_ + static_cast<std::uint64_t>(first_not_before - settled_.begin());
  const auto& numbers = of_id->second;
  const auto next = std::ranges::lower_bound(numbers, end);
  if (next == numbers.begin()) return nullptr;
  const std::uint64_t newest = *(next - 1);
  if (end - newest > capacity_) return nullptr;
  return settled_[static_cast<std::size_t>(newest - first_settled_)].secret;
}

void SessionCache::advance(std::size_t worker, std::uint64_t packet_number) {
  progress_[worker].next.store(packet_number);
  if (waiting_.load() == 0) return;
  // Whoever waits has either not yet looked at the progress or sleeps already.
  { const std::lock_guard lock(mutex_); }
  passed_.notify_all();
}

void SessionCache::finished(std::size_t worker) {
  advance(worker, std::numeric_limits<std::uint64_t>::max());
}

std::uint64_t SessionCache::horizon() const {
  std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
  for (const Progress& progress : progress_) smallest = std::min(smallest, progress.next.load());
  return smallest;
}

// Puts below the horizon are complete: from here on their order is final.
void SessionCache::settle(std::uint64_t before) {
  while (!pending_.empty() && pending_.begin()->first.first < before) {
    Entry& entry = pending_.begin()->second;
    settled_of_id_[entry.id].push_back(first_settled_ + settled_.size());
    settled_.push_back(std::move(entry));
    pending_.erase(pending_.begin());
    if (settled_.size() > capacity_) evict_oldest();
  }
}

void SessionCache::evict_oldest() {
  const auto of_id = settled_of_id_.find(settled_.front().id);
  of_id->second.pop_front();
  if (of_id->second.empty()) settled_of_id_.erase(of_id);
  settled_.pop_front();
  ++first_settled_;
}

}  // namespace tlspeel::secrets
