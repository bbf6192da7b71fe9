// Master secrets by session id or ticket, shared by all workers, and yet the same for any number of them: it
// is ordered by packet number. get(at) sees exactly the puts with a smaller number, and waits until every
// worker has passed `at`. Rule for workers: advance(w, n) before the packet n is worked on and, at the end of
// a batch, with the first number after the batch; finished(w) at the end, also after a failure. The worker
// with the smallest number never waits, so there is no deadlock. Bounded: only the newest `capacity` puts
// before `at` are visible to get(at), which depends on packet order alone. All functions are thread safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
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

  // `at` is not smaller than what the calling worker last gave to advance(). The same id again: the newer one
  // counts.
  void put(std::uint64_t at, ByteView id, SecretPtr secret);
  // nullptr: not there. The calling worker must have given `at` to advance() before.
  SecretPtr get(std::uint64_t at, ByteView id);

  // The worker will not put or get with a number below `packet_number` any more. Cheap: an atomic store.
  void advance(std::size_t worker, std::uint64_t packet_number);
  void finished(std::size_t worker);

 private:
  struct Entry {
    std::uint64_t at = 0;
    std::string id;
    SecretPtr secret;
  };
  // One cache line each: every worker writes its own for every packet.
  struct alignas(64) Progress {
    std::atomic<std::uint64_t> next{0};
  };

  // Peers choose the ids.
  struct KeyedHash {
    std::size_t operator()(const std::string& id) const;
  };

  std::uint64_t horizon() const;
  void settle(std::uint64_t before);
  void evict_oldest();

  const std::size_t capacity_;
  std::vector<Progress> progress_;
  std::atomic<std::size_t> waiting_{0};

  std::mutex mutex_;  // guards everything below
  std::condition_variable passed_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Entry>
      pending_;  // by (at, arrival); may still be overtaken
  std::uint64_t arrivals_ = 0;
  std::deque<Entry> settled_;        // in packet order, the newest last
  std::uint64_t first_settled_ = 0;  // running number of settled_.front()
  std::unordered_map<std::string, std::deque<std::uint64_t>, KeyedHash>
      settled_of_id_;  // running numbers, ascending
};

}  // namespace tlspeel::secrets
