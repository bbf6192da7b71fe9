// Master secrets by session id or ticket, shared by all workers, and yet the same for any number of them: it
// is ordered by packet number. get(at) is decided by the puts with a smaller number alone. Of several puts of
// one id the oldest that is kept counts - sessions that are resumed are put again, as they were - so that
// what a slower worker may still put before `at` changes nothing once that one is known for certain: only
// where none is, get() waits until every worker has passed `at`. Rule for workers: advance(w, n) before the
// packet n is worked on and, at the end of a batch, with the first number after the batch; finished(w) at the
// end, also after a failure. The worker with the smallest number never waits, so there is no deadlock.
// Bounded: only the newest `capacity` puts before `at` are visible to get(at), and kMostOfPacket of one
// packet, which depends on packet order alone. All functions are thread safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

struct SessionSecret {
  SecretBytes master;                   // TLS 1.3: the resumption PSK of that ticket (RFC 8446 section 4.6.1)
  bool extended_master_secret = false;  // RFC 7627: resumption must agree on it
  std::string opened_with;              // for display: what opened the first connection
  std::vector<std::string> secrets_used;  // their labels
  std::uint16_t version = 0;
  std::uint16_t cipher_suite = 0;
};

class SessionCache {
 public:
  using SecretPtr = std::shared_ptr<const SessionSecret>;

  // 65536 sessions are about 20 MB.
  static constexpr std::size_t kDefaultCapacity = 65536;

  explicit SessionCache(std::size_t workers, std::size_t capacity = kDefaultCapacity);

  // Servers send a few tickets at a time.
  static constexpr std::size_t kMostOfPacket = 8;
  // Of one id: only servers that give all their clients the same one come near it.
  static constexpr std::size_t kMostOthers = 8;

  // `at` is not smaller than what the calling worker last gave to advance().
  void put(std::uint64_t at, ByteView id, SecretPtr secret);
  // nullptr: not there. The calling worker must have given `at` to advance() before.
  SecretPtr get(std::uint64_t at, ByteView id);
  // Where that was not the one: the newest put of the id first, each master secret once; waits for all puts
  // before `at`.
  std::vector<SecretPtr> all(std::uint64_t at, ByteView id);

  // The worker will not put or get with a number below `packet_number` any more. Cheap: an atomic store.
  void advance(std::size_t worker, std::uint64_t packet_number);
  void finished(std::size_t worker);
  // What the worker last gave to advance().
  std::uint64_t passed(std::size_t worker) const { return progress_[worker].next.load(); }

 private:
  struct Pending {
    std::string id;
    SecretPtr secret;
  };
  // Of one id, by running number: the newest one's next is not set.
  struct OfId {
    std::uint64_t oldest = 0;
    std::uint64_t newest = 0;
  };
  // One cache line each: every worker writes its own for every packet.
  struct alignas(64) Progress {
    std::atomic<std::uint64_t> next{0};
  };

  // Peers choose the ids.
  struct KeyedHash {
    std::size_t operator()(const std::string& id) const;
  };

  using OfIds = std::unordered_map<std::string, OfId, KeyedHash>;
  struct Settled {
    std::uint64_t at = 0;
    SecretPtr secret;
    OfIds::value_type* of_id = nullptr;  // where it stays until its last one is evicted
    std::uint64_t next = 0;              // of the same id
  };

  std::uint64_t horizon() const;
  void settle(std::uint64_t before);
  void settle_one(std::uint64_t at, Pending pending);
  void evict_oldest();
  Settled& settled(std::uint64_t number) {
    return settled_[static_cast<std::size_t>(number - first_settled_)];
  }
  const Settled& settled(std::uint64_t number) const {
    return settled_[static_cast<std::size_t>(number - first_settled_)];
  }
  SecretPtr certain(std::uint64_t at, const std::string& key, std::uint64_t horizon) const;
  std::vector<SecretPtr> visible(std::uint64_t at, const std::string& key) const;
  std::uint64_t enough_for(std::uint64_t at, const std::string& key) const;
  void await(std::unique_lock<std::mutex>& lock, std::uint64_t wanted);

  const std::size_t capacity_;
  std::vector<Progress> progress_;
  std::atomic<std::uint64_t> wanted_;  // the smallest of wanted_by_; above all numbers: nobody waits

  std::mutex mutex_;  // guards everything below
  std::condition_variable passed_;
  std::multiset<std::uint64_t> wanted_by_;  // what the horizon is to reach, for each that waits
  std::map<std::pair<std::uint64_t, std::uint64_t>, Pending>
      pending_;  // by (at, arrival); may still be overtaken
  std::uint64_t arrivals_ = 0;
  std::deque<Settled> settled_;      // in packet order, the newest last
  std::uint64_t first_settled_ = 0;  // running number of settled_.front()
  OfIds of_ids_;                     // of those in settled_
};

}  // namespace tlspeel::secrets
