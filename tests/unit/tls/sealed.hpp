// Records of TLS 1.3, protected for tests: RFC 8446 section 5.2, written from its text.
#pragma once

#include <cstdint>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/tls/record.hpp"

#include "tls/tls13_schedule.hpp"

namespace tlspeel::tls {

inline constexpr std::uint16_t kAes128Gcm = 0x1301;
inline constexpr std::uint16_t kAes128Ccm = 0x1304;
inline constexpr std::uint16_t kChaCha = 0x1303;

inline Tls13Parameters parameters(std::uint16_t suite = kAes128Gcm, std::uint16_t version = kTls13) {
  return tls13_parameters(*find_cipher_suite(suite), version);
}

inline Bytes secret_of(std::uint8_t fill) {
  return Bytes(32, fill);
}

struct Sealed {
  RecordHeader header;
  Bytes fragment;
};

inline Sealed seal_under(ByteView secret, std::uint64_t sequence, std::string_view text,
                         std::uint8_t type = 23, std::size_t padding = 0,
                         const Tls13Parameters& how = parameters()) {
  const DirectionKeys keys = traffic_keys(how, secret);
  Bytes inner = to_bytes(as_bytes(text));
  inner.push_back(type);
  inner.resize(inner.size() + padding);
  const std::size_t tag = crypto::bulk_info(how.suite->bulk).tag_size;
  Sealed out{{23, 0x0303, static_cast<std::uint16_t>(inner.size() + tag)}, Bytes(inner.size() + tag)};
  Bytes nonce = to_bytes(keys.iv.view());
  for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
  const Bytes aad = {23, 3, 3, static_cast<std::uint8_t>(out.header.length >> 8),
                     static_cast<std::uint8_t>(out.header.length)};
  const bool with_aad = how.draft == 0 || how.draft >= 25;
  crypto::AeadCipher(how.suite->bulk, keys.key.view())
      .seal(nonce, with_aad ? ByteView(aad) : ByteView(), inner, out.fragment);
  return out;
}

// Under a secret that is filled with one octet.
inline Sealed seal(std::uint8_t fill, std::uint64_t sequence, std::string_view text, std::uint8_t type = 23,
                   std::size_t padding = 0, const Tls13Parameters& how = parameters()) {
  return seal_under(secret_of(fill), sequence, text, type, padding, how);
}

}  // namespace tlspeel::tls
