#include "look_ahead.hpp"

#include <numeric>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/base/thread_clock.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::pipeline {

std::optional<ByteView> encrypted_premaster_at_start(ByteView payload) {
  constexpr std::uint8_t kClientKeyExchange = 16;
  Reader r(payload);
  const bool handshake = r.u8() == tls::kHandshake;
  const std::uint16_t version = r.u16();
  Reader message = r.sub16();
  const bool exchange = message.u8() == kClientKeyExchange;
  Reader body = message.sub24();
  const ByteView encrypted = body.vector16();
  // SSL 3.0 has no length before it; that is not worth the doubt.
  if (!handshake || !exchange || version < tls::kTls10 || version > tls::kTls12) return std::nullopt;
  if (!body.ok() || !body.empty()) return std::nullopt;
  return encrypted;
}

bool LookAhead::step(std::size_t member, const BatchWindow& batches) {
  return workers_ > 1 && (open_records(member, batches) || decrypt_premaster(member, batches));
}

bool LookAhead::open_records(std::size_t member, const BatchWindow& batches) {
  const ThreadTimer timer(members_[member].opening_time);
  for (std::size_t each = 1; each < workers_; ++each) {
    if (records_[(member + each) % workers_]->step(batches)) return true;
  }
  return false;
}

bool LookAhead::decrypt_premaster(std::size_t member, const BatchWindow& batches) {
  if (!store_->has_private_keys()) return false;
  Member& mine = members_[member];
  if (mine.batch < batches.first()) {
    mine.batch = batches.first();
    mine.left.reset();
  }
  if (mine.batch == batches.end()) return false;
  const Batch& batch = batches[mine.batch];
  mine.left = search(member, batch, mine.left.value_or(batch.items.size()));
  if (*mine.left == 0) {
    ++mine.batch;
    mine.left.reset();
  }
  return true;
}

std::size_t LookAhead::search(std::size_t member, const Batch& batch, std::size_t left) {
  while (left > 0) {
    const BatchItem& item = batch.items[--left];
    const std::size_t owner = item.shard % workers_;
    if (owner == member || item.at.number <= sessions_->passed(owner)) continue;
    const auto encrypted = encrypted_premaster_at_start(item.segment.payload);
    if (encrypted && decrypt(*encrypted, members_[member].private_key_time)) return left;
  }
  return 0;
}

std::int64_t LookAhead::sum(std::int64_t Member::*time) const {
  return std::accumulate(members_.begin(), members_.end(), std::int64_t{0},
                         [&](std::int64_t sum, const Member& each) { return sum + each.*time; });
}

bool LookAhead::decrypt(ByteView encrypted, std::int64_t& time) const {
  // Of several keys of a size only the certificate tells which one it is.
  const auto keys = store_->candidates({}, encrypted.size());
  if (keys.size() != 1) return false;
  const crypto::PrivateKey& key = *keys.front().key;
  if (key.in_token() || !premasters_->wanted(key, encrypted)) return false;
  const ThreadTimer timer(time);
  premasters_->put(key, encrypted, key.decrypt_premaster(encrypted));
  return true;
}

}  // namespace tlspeel::pipeline
