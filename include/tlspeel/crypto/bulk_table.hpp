// The bulk ciphers of the IANA TLS cipher suite registry: plain facts, one row each, sorted by id and checked
// at compile time. A row says nothing about this machine: bulk_available() does. Sizes in bytes. Thread safe.
// Sources: RFC 2246 appendix C, RFC 5246 appendix C, RFC 4162, 5288, 6209, 6367, 6655, 7905, 8998, 9189, and
// draft-agl-tls-chacha20poly1305-04.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tlspeel::crypto {

enum class BulkId : std::uint8_t {
  null,
  rc4_40,
  rc4_128,
  rc2_40_cbc,
  idea_cbc,
  des40_cbc,
  des_cbc,
  tdes_ede_cbc,
  seed_cbc,
  aes_128_cbc,
  aes_256_cbc,
  camellia_128_cbc,
  camellia_256_cbc,
  aria_128_cbc,
  aria_256_cbc,
  aes_128_gcm,
  aes_256_gcm,
  camellia_128_gcm,
  camellia_256_gcm,
  aria_128_gcm,
  aria_256_gcm,
  aes_128_ccm,
  aes_256_ccm,
  aes_128_ccm_8,
  aes_256_ccm_8,
  chacha20_poly1305,
  chacha20_poly1305_draft,
  sm4_gcm,
  sm4_ccm,
  gost_28147_cnt,
  magma_ctr,
  kuznyechik_ctr,
  magma_mgm,
  kuznyechik_mgm,
  unknown
};

enum class BulkKind : std::uint8_t { null, stream, cbc, gcm, ccm, chacha, unsupported };

struct BulkInfo {
  BulkId id;
  std::string_view name;  // IANA spelling inside suite names: "AES_128_GCM"
  BulkKind kind;
  std::uint8_t key_size;           // what the cipher is keyed with
  std::uint8_t key_material_size;  // what the key block gives; smaller than key_size for export ciphers
  std::uint8_t block_size;         // 1 for ciphers without blocks
  std::uint8_t fixed_iv_size;      // from the key block: AEAD always, CBC only in SSL 3.0 and TLS 1.0
  std::uint8_t record_iv_size;     // at the start of each record: AEAD's explicit nonce, CBC from TLS 1.1
  std::uint8_t tag_size;           // AEAD
  bool exportable;
  const char*
      evp_name;  // OpenSSL's name of it, or of the block cipher that it is built from; nullptr: no source
};

const BulkInfo& bulk_info(BulkId id);
bool is_aead(BulkId id);  // GCM, CCM, ChaCha20-Poly1305
std::span<const BulkInfo> bulk_table();
// This machine can do it: OpenSSL has the cipher (RC4, RC2, DES, SEED and IDEA need its legacy provider), or
// libgcrypt has it, which is asked for IDEA only: most builds of OpenSSL leave that out.
bool bulk_available(BulkId id);

}  // namespace tlspeel::crypto
