// The MAC of one direction's records: HMAC over seq_num, type, version, length and content (RFC 5246
// section 6.2.3.1), or SSL 3.0's own construction, which leaves the version out (RFC 6101 section 5.2.3.1).
// Keyed once; no allocation for a record. Not thread safe.
#pragma once

#include <array>
#include <cstdint>
#include <variant>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/crypto/mac.hpp"
#include "tlspeel/tls/record.hpp"

#include "key_schedule.hpp"

namespace tlspeel::tls {

class RecordMac {
 public:
  RecordMac(const Parameters& parameters, ByteView key);

  // Of what stands in a record: RFC 6066 section 7 lets both sides agree on the first 10 bytes.
  std::size_t size() const { return size_; }

  bool verify(std::uint64_t sequence, const RecordHeader& header, ByteView content, ByteView mac);

 private:
  struct None {};
  std::variant<None, crypto::Hmac, crypto::Ssl3Mac> mac_;
  std::size_t hash_size_;
  std::size_t size_;
};

// seq_num, type, version, length as they enter MACs and AEAD's additional data (RFC 5246 section 6.2.3.3): 13
// bytes.
std::array<std::uint8_t, 13> authenticated_header(std::uint64_t sequence, const RecordHeader& header,
                                                  std::size_t length);

}  // namespace tlspeel::tls
