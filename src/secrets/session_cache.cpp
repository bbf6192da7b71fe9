#include "tlspeel/secrets/session_cache.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "tlspeel/crypto/digest.hpp"

#include "keyed_hash.hpp"

namespace tlspeel::secrets {
namespace {

constexpr std::uint64_t kNobody = std::numeric_limits<std::uint64_t>::max();

// Session ids have at most 32 bytes (RFC 5246 section 7.4.1.2), tickets up to 65535: those are kept as their
// hash.
std::string cache_key(ByteView id) {
  constexpr std::size_t kLongestKeptAsIs = 64;
  if (id.size() <= kLongestKeptAsIs) return "i" + std::string(as_text(id));
  return "h" + std::string(as_text(crypto::hash(crypto::HashId::sha256, {id})));
}

bool same(const SessionSecret& a, const SessionSecret& b) {
  const auto rest = [](const SessionSecret& each) {
    return std::tie(each.extended_master_secret, each.opened_with, each.secrets_used, each.version,
                    each.cipher_suite);
  };
  return std::ranges::equal(a.master.view(), b.master.view()) && rest(a) == rest(b);
}

}  // namespace

SessionCache::SessionCache(std::size_t workers, std::size_t capacity)
    : capacity_(capacity), progress_(workers), wanted_(kNobody) {}

std::size_t SessionCache::KeyedHash::operator()(const std::string& id) const {
  return static_cast<std::size_t>(keyed_hash(as_bytes(id), 0));
}

void SessionCache::put(std::uint64_t at, ByteView id, SecretPtr secret) {
  Pending pending{cache_key(id), std::move(secret)};
  const std::lock_guard lock(mutex_);
  const auto first_of_packet = pending_.lower_bound(std::pair(at, std::uint64_t{0}));
  const auto behind_packet = pending_.upper_bound(std::pair(at, arrivals_));
  if (std::distance(first_of_packet, behind_packet) >= static_cast<std::ptrdiff_t>(kMostOfPacket)) return;
  pending_.emplace(std::pair(at, arrivals_++), std::move(pending));
  settle(horizon());
}

SessionCache::SecretPtr SessionCache::get(std::uint64_t at, ByteView id) {
  const std::string key = cache_key(id);
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::uint64_t passed = horizon();
    settle(passed);
    if (auto found = certain(at, key, passed)) return found;
    if (passed >= at) break;
    await(lock, enough_for(at, key));
  }
  const std::vector<SecretPtr> found = visible(at, key);
  return found.empty() ? nullptr : found.front();
}

std::vector<SessionCache::SecretPtr> SessionCache::all(std::uint64_t at, ByteView id) {
  const std::string key = cache_key(id);
  std::unique_lock lock(mutex_);
  while (horizon() < at) await(lock, at);
  settle(horizon());
  std::vector<SecretPtr> found = visible(at, key);
  std::ranges::reverse(found);
  std::vector<SecretPtr> different;
  for (SecretPtr& each : found) {
    const auto same = [&](const SecretPtr& other) {
      return std::ranges::equal(other->master.view(), each->master.view());
    };
    if (different.size() < kMostOthers && std::ranges::none_of(different, same)) {
      different.push_back(std::move(each));
    }
  }
  return different;
}

void SessionCache::advance(std::size_t worker, std::uint64_t packet_number) {
  std::atomic<std::uint64_t>& next = progress_[worker].next;
  const std::uint64_t before = next.load(std::memory_order_relaxed);
  next.store(packet_number);
  // Who waits has first said for what, and looked at the progress then: one of the two sees the other.
  const std::uint64_t wanted = wanted_.load();
  if (before >= wanted || packet_number < wanted) return;
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

// What an earlier put of the id, should there be one, would have to be: settled, that is, with nothing to
// come before it; and so young that it is visible to get(at) whatever is still put before `at`. nullptr: not
// known.
SessionCache::SecretPtr SessionCache::certain(std::uint64_t at, const std::string& key,
                                              std::uint64_t horizon) const {
  const auto of_id = of_ids_.find(key);
  if (of_id == of_ids_.end()) return nullptr;
  const std::uint64_t oldest = of_id->second.oldest;
  const Settled& entry = settled(oldest);
  if (entry.at >= at || at < horizon) return nullptr;
  const std::uint64_t packets = at - horizon;
  if (packets > capacity_) return nullptr;
  const std::uint64_t younger = first_settled_ + settled_.size() - oldest;
  return younger + packets * kMostOfPacket <= capacity_ ? entry.secret : nullptr;
}

// The horizon has reached `at`. Oldest first.
std::vector<SessionCache::SecretPtr> SessionCache::visible(std::uint64_t at, const std::string& key) const {
  std::vector<SecretPtr> found;
  const auto of_id = of_ids_.find(key);
  if (of_id == of_ids_.end()) return found;
  // Puts before `at` have the running numbers below `end`; of those the newest `capacity` are visible.
  const auto first_not_before =
      std::ranges::lower_bound(settled_, at, std::less<>(), [](const Settled& entry) { return entry.at; });
  const std::uint64_t end = first_settled_ + static_cast<std::uint64_t>(first_not_before - settled_.begin());
  for (std::uint64_t number = of_id->second.oldest; number < end; number = settled(number).next) {
    if (end - number <= capacity_) found.push_back(settled(number).secret);
    if (number == of_id->second.newest) break;
  }
  return found;
}

// How far the horizon has to be for an answer: all may be known with the first put that is already there.
std::uint64_t SessionCache::enough_for(std::uint64_t at, const std::string& key) const {
  for (const auto& [place, entry] : pending_) {
    if (place.first >= at) break;
    if (entry.id == key) return place.first + 1;
  }
  return at;
}

void SessionCache::await(std::unique_lock<std::mutex>& lock, std::uint64_t wanted) {
  const auto mine = wanted_by_.insert(wanted);
  wanted_.store(*wanted_by_.begin());
  passed_.wait(lock, [&] { return horizon() >= wanted; });
  wanted_by_.erase(mine);
  wanted_.store(wanted_by_.empty() ? kNobody : *wanted_by_.begin());
  // Who was passed while only the smallest number was looked at.
  if (!wanted_by_.empty()) passed_.notify_all();
}

// Puts below the horizon are complete: from here on their order is final.
void SessionCache::settle(std::uint64_t before) {
  while (!pending_.empty() && pending_.begin()->first.first < before) {
    auto first = pending_.extract(pending_.begin());
    settle_one(first.key().first, std::move(first.mapped()));
    if (settled_.size() > capacity_) evict_oldest();
  }
}

void SessionCache::settle_one(std::uint64_t at, Pending pending) {
  const std::uint64_t number = first_settled_ + settled_.size();
  const auto [of_id, is_new] = of_ids_.try_emplace(std::move(pending.id), OfId{number, number});
  if (!is_new) {
    Settled& before = settled(of_id->second.newest);
    before.next = number;
    of_id->second.newest = number;
    // Of a session that is resumed again and again there is one secret.
    if (same(*before.secret, *pending.secret)) pending.secret = before.secret;
  }
  settled_.push_back({at, std::move(pending.secret), &*of_id, 0});
}

void SessionCache::evict_oldest() {
  const Settled& oldest = settled_.front();
  OfId& of_id = oldest.of_id->second;
  if (of_id.newest == first_settled_) {
    of_ids_.erase(of_ids_.find(oldest.of_id->first));
  } else {
    of_id.oldest = oldest.next;
  }
  settled_.pop_front();
  ++first_settled_;
}

}  // namespace tlspeel::secrets
