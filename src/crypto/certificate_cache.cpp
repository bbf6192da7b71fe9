#include "tlspeel/crypto/certificate_cache.hpp"

namespace tlspeel::crypto {

const CertificateFields& CertificateCache::fields(ByteView der) {
  Entry& found = entry(der);
  if (!found.fields) found.fields = describe_certificate(der);
  return *found.fields;
}

const Bytes& CertificateCache::spki_sha256(ByteView der) {
  Entry& found = entry(der);
  if (!found.spki_sha256) found.spki_sha256 = certificate_spki_sha256(der);
  return *found.spki_sha256;
}

CertificateCache::Entry& CertificateCache::entry(ByteView der) {
  if (der.size() > kMaxSize) return unkept_ = {};
  const auto found = entries_.find(as_text(der));
  if (found != entries_.end()) return found->second;
  if (order_.size() == kCapacity) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
  order_.emplace_back(as_text(der));
  return entries_[order_.back()];
}

}  // namespace tlspeel::crypto
