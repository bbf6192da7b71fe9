// Many large records of a server, under each construction that protects them.
#pragma once

#include <string>
#include <vector>

#include "hole_talk.hpp"

namespace tlspeel::tls {

inline constexpr std::size_t kBulkContent = 1U << 14;  // bytes of a record
inline constexpr std::size_t kBulkRecords = 120;

// Records of application data of the server, as they follow server_stream(how, 0).
inline std::vector<Bytes> bulk_data(const Construction& how) {
  const std::string content(kBulkContent, 'x');
  std::vector<Bytes> out;
  if (how.tls13()) {
    for (std::size_t i = 0; i < kBulkRecords; ++i) {
      out.push_back(
          record(kApplicationData, seal(4, i, content, kApplicationData, 0, parameters(how.suite)).fragment));
    }
    return out;
  }
  Protector server(how, Bytes(48, 0x77), Direction::server);
  (void)server.fragment(kHandshake, as_bytes(std::string("\x14\x00\x00\x0c", 4) + std::string(12, 'f')));
  for (std::size_t i = 0; i < kBulkRecords; ++i) {
    out.push_back(with_version(
        how.version, record(kApplicationData, server.fragment(kApplicationData, as_bytes(content)))));
  }
  return out;
}

inline const std::vector<Construction> kBulk = {
    {"tls13_aes_128_gcm", kTls13, 0x1301},
    {"tls13_chacha20", kTls13, 0x1303},
    {"tls13_aes_128_ccm", kTls13, 0x1304},
    {"tls12_aes_128_gcm", kTls12, 0x009c},
    {"tls12_chacha20", kTls12, 0xcca8},
    {"tls12_aes_128_cbc_sha1", kTls12, 0x002f},
    {"tls12_aes_256_cbc_sha256", kTls12, 0x003d},
    {"tls12_aes_256_cbc_sha384", kTls12, 0xc028},
    {"tls12_aes_128_cbc_sha1_encrypt_then_mac", kTls12, 0x002f, true},
    {"tls10_aes_128_cbc_sha1", kTls10, 0x002f},
};

}  // namespace tlspeel::tls
