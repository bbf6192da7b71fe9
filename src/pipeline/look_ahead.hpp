// Work of other workers that a thread with nothing else to do can do for them, where one connection has most
// of the bytes: its records are opened (opening_ahead.hpp); and the RSA of other connections is done, which
// costs more than all the rest of a short one, and is a function of what stands in one packet. The packets of
// a batch are gone through from its end, as their worker comes from its beginning. Members may call step() at
// the same time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/secrets/premasters_ahead.hpp"
#include "tlspeel/secrets/session_cache.hpp"
#include "tlspeel/secrets/store.hpp"

#include "batch_window.hpp"
#include "opening_ahead.hpp"

namespace tlspeel::pipeline {

// The encrypted premaster secret of the ClientKeyExchange that the payload starts with (RFC 5246 section
// 7.4.7.1, behind a record header in clear): a client sends it at the start of a segment, alone or behind its
// certificate. nullopt: something else.
std::optional<ByteView> encrypted_premaster_at_start(ByteView payload);

class LookAhead {
 public:
  // All outlive it. `records`: by worker.
  LookAhead(std::vector<OpeningAhead*> records, const secrets::Store& store,
            const secrets::SessionCache& sessions, secrets::PremastersAhead& premasters)
      : workers_(records.size()),
        records_(std::move(records)),
        store_(&store),
        sessions_(&sessions),
        premasters_(&premasters),
        members_(workers_) {}

  // Some records or one RSA operation at most, for another worker than `member`. False: there is nothing to
  // do.
  bool step(std::size_t member, const BatchWindow& batches);

  // Nanoseconds that was taken of the threads; when no step() is running.
  std::int64_t private_key_time() const { return sum(&Member::private_key_time); }
  std::int64_t opening_time() const { return sum(&Member::opening_time); }

 private:
  struct Member {
    std::uint64_t batch = 0;          // where packets are looked at
    std::optional<std::size_t> left;  // packets; nullopt: all
    std::int64_t private_key_time = 0;
    std::int64_t opening_time = 0;
  };

  std::int64_t sum(std::int64_t Member::*time) const;
  bool open_records(std::size_t member, const BatchWindow& batches);
  bool decrypt_premaster(std::size_t member, const BatchWindow& batches);
  std::size_t search(std::size_t member, const Batch& batch, std::size_t left);
  bool decrypt(ByteView encrypted, std::int64_t& time) const;

  std::size_t workers_;
  std::vector<OpeningAhead*> records_;
  const secrets::Store* store_;
  const secrets::SessionCache* sessions_;
  secrets::PremastersAhead* premasters_;
  std::vector<Member> members_;
};

}  // namespace tlspeel::pipeline
