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

std::size_t LookAhead::step(std::size_t member, const Batch& batch, std::size_t left) {
  while (left > 0) {
    const BatchItem& item = batch.items[--left];
    const std::size_t owner = item.shard % workers_;
    if (owner == member || item.at.number <= sessions_->passed(owner)) continue;
    const auto encrypted = encrypted_premaster_at_start(item.segment.payload);
    if (encrypted && decrypt(*encrypted, time_[member])) return left;
  }
  return 0;
}

std::int64_t LookAhead::time() const {
  return std::accumulate(time_.begin(), time_.end(), std::int64_t{0});
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
