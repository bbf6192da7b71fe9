#include "record_mac.hpp"

#include <algorithm>

namespace tlspeel::tls {
namespace {

constexpr std::size_t kTruncatedSize = 10;  // RFC 6066 section 7: 80 bits

}  // namespace

RecordMac::RecordMac(const Parameters& parameters, ByteView key)
    : hash_size_(crypto::hash_size(parameters.suite->mac)),
      size_(parameters.truncated_hmac ? std::min(hash_size_, kTruncatedSize) : hash_size_) {
  const crypto::HashId hash = parameters.suite->mac;
  if (hash == crypto::HashId::none) return;
  if (parameters.version <= kSsl3) {
    mac_.emplace<crypto::Ssl3Mac>(hash, key);
  } else {
    mac_.emplace<crypto::Hmac>(hash, key);
  }
}

bool RecordMac::verify(std::uint64_t sequence, const RecordHeader& header, ByteView content, ByteView mac) {
  if (mac.size() != size_) return false;
  std::array<std::uint8_t, crypto::kMaxHashSize> computed{};
  const auto out = std::span(computed).first(hash_size_);
  const auto prefix = authenticated_header(sequence, header, content.size());
  if (auto* hmac = std::get_if<crypto::Hmac>(&mac_)) {
    hmac->compute({prefix, content}, out);
  } else if (auto* ssl3 = std::get_if<crypto::Ssl3Mac>(&mac_)) {
    const ByteView all(prefix);
    constexpr std::size_t kBeforeVersion = 9;
    constexpr std::size_t kAfterVersion = 11;
    ssl3->compute({all.first(kBeforeVersion), all.subspan(kAfterVersion), content}, out);
  }
  return crypto::equal(out.first(size_), mac);
}

std::array<std::uint8_t, 13> authenticated_header(std::uint64_t sequence, const RecordHeader& header,
                                                  std::size_t length) {
  std::array<std::uint8_t, 13> out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(sequence >> (56 - 8 * i));
  out[8] = header.type;
  out[9] = static_cast<std::uint8_t>(header.version >> 8);
  out[10] = static_cast<std::uint8_t>(header.version);
  out[11] = static_cast<std::uint8_t>(length >> 8);
  out[12] = static_cast<std::uint8_t>(length);
  return out;
}

}  // namespace tlspeel::tls
