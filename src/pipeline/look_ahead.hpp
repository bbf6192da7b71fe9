// Work of other workers that a thread with nothing else to do can do for them: RSA, which costs more than all
// the rest of a short connection, and is a function of what stands in one packet. Else a worker whose
// connections include one that has most of the bytes would do the RSA of all its others, too, while nobody
// else has anything to do. The packets of a batch are gone through from its end, as their worker comes from
// its beginning. Members may call step() at the same time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/secrets/premasters_ahead.hpp"
#include "tlspeel/secrets/session_cache.hpp"
#include "tlspeel/secrets/store.hpp"

#include "batch.hpp"

namespace tlspeel::pipeline {

// The encrypted premaster secret of the ClientKeyExchange that the payload starts with (RFC 5246 section
// 7.4.7.1, behind a record header in clear): a client sends it at the start of a segment, alone or behind its
// certificate. nullopt: something else.
std::optional<ByteView> encrypted_premaster_at_start(ByteView payload);

class LookAhead {
 public:
  // All outlive it.
  LookAhead(std::size_t workers, const secrets::Store& store, const secrets::SessionCache& sessions,
            secrets::PremastersAhead& premasters)
      : workers_(workers), store_(&store), sessions_(&sessions), premasters_(&premasters), time_(workers) {}

  // No private key was given, or nobody has others to work for.
  bool useless() const { return workers_ < 2 || !store_->has_private_keys(); }

  // One operation at most, for another worker than `member`, among the first `left` packets of the batch.
  // How many of them are left to be looked at.
  std::size_t step(std::size_t member, const Batch& batch, std::size_t left);
  std::int64_t time() const;  // that the operations took of their threads; when no step() is running

 private:
  bool decrypt(ByteView encrypted, std::int64_t& time) const;

  std::size_t workers_;
  const secrets::Store* store_;
  const secrets::SessionCache* sessions_;
  secrets::PremastersAhead* premasters_;
  std::vector<std::int64_t> time_;  // by member
};

}  // namespace tlspeel::pipeline
