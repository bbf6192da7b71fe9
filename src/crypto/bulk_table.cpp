#include "tlspeel/crypto/bulk_table.hpp"

#include <array>

#include "crypto/gcrypt_cbc.hpp"
#include "crypto/library.hpp"

namespace tlspeel::crypto {
namespace {

using enum BulkId;
using K = BulkKind;

// RC2_CBC_40 and the other export ciphers stretch 5 bytes to a full key (RFC 2246 section 6.3.1); RC2 then
// runs with 128 effective bits, as every implementation did. Camellia-GCM is built from the block cipher
// (camellia_gcm.cpp), and the ChaCha20-Poly1305 that was there before RFC 7905 from its two parts
// (chacha_draft.cpp): OpenSSL has no such EVP ciphers.
// clang-format off
constexpr std::array kTable = {
    //       id                 name                  kind      key mat blk fix rec tag export evp_name
    BulkInfo{null,              "NULL",               K::null,    0,  0,  1,  0,  0,  0, false, nullptr},
    BulkInfo{rc4_40,            "RC4_40",             K::stream, 16,  5,  1,  0,  0,  0, true,  "RC4"},
    BulkInfo{rc4_128,           "RC4_128",            K::stream, 16, 16,  1,  0,  0,  0, false, "RC4"},
    BulkInfo{rc2_40_cbc,        "RC2_CBC_40",         K::cbc,    16,  5,  8,  8,  8,  0, true,  "RC2-CBC"},
    BulkInfo{idea_cbc,          "IDEA_CBC",           K::cbc,    16, 16,  8,  8,  8,  0, false, "IDEA-CBC"},
    BulkInfo{des40_cbc,         "DES40_CBC",          K::cbc,     8,  5,  8,  8,  8,  0, true,  "DES-CBC"},
    BulkInfo{des_cbc,           "DES_CBC",            K::cbc,     8,  8,  8,  8,  8,  0, false, "DES-CBC"},
    BulkInfo{tdes_ede_cbc,      "3DES_EDE_CBC",       K::cbc,    24, 24,  8,  8,  8,  0, false, "DES-EDE3-CBC"},
    BulkInfo{seed_cbc,          "SEED_CBC",           K::cbc,    16, 16, 16, 16, 16,  0, false, "SEED-CBC"},
    BulkInfo{aes_128_cbc,       "AES_128_CBC",        K::cbc,    16, 16, 16, 16, 16,  0, false, "AES-128-CBC"},
    BulkInfo{aes_256_cbc,       "AES_256_CBC",        K::cbc,    32, 32, 16, 16, 16,  0, false, "AES-256-CBC"},
    BulkInfo{camellia_128_cbc,  "CAMELLIA_128_CBC",   K::cbc,    16, 16, 16, 16, 16,  0, false, "CAMELLIA-128-CBC"},
    BulkInfo{camellia_256_cbc,  "CAMELLIA_256_CBC",   K::cbc,    32, 32, 16, 16, 16,  0, false, "CAMELLIA-256-CBC"},
    BulkInfo{aria_128_cbc,      "ARIA_128_CBC",       K::cbc,    16, 16, 16, 16, 16,  0, false, "ARIA-128-CBC"},
    BulkInfo{aria_256_cbc,      "ARIA_256_CBC",       K::cbc,    32, 32, 16, 16, 16,  0, false, "ARIA-256-CBC"},
    BulkInfo{aes_128_gcm,       "AES_128_GCM",        K::gcm,    16, 16, 16,  4,  8, 16, false, "AES-128-GCM"},
    BulkInfo{aes_256_gcm,       "AES_256_GCM",        K::gcm,    32, 32, 16,  4,  8, 16, false, "AES-256-GCM"},
    BulkInfo{camellia_128_gcm,  "CAMELLIA_128_GCM",   K::gcm,    16, 16, 16,  4,  8, 16, false, "CAMELLIA-128-ECB"},
    BulkInfo{camellia_256_gcm,  "CAMELLIA_256_GCM",   K::gcm,    32, 32, 16,  4,  8, 16, false, "CAMELLIA-256-ECB"},
    BulkInfo{aria_128_gcm,      "ARIA_128_GCM",       K::gcm,    16, 16, 16,  4,  8, 16, false, "ARIA-128-GCM"},
    BulkInfo{aria_256_gcm,      "ARIA_256_GCM",       K::gcm,    32, 32, 16,  4,  8, 16, false, "ARIA-256-GCM"},
    BulkInfo{aes_128_ccm,       "AES_128_CCM",        K::ccm,    16, 16, 16,  4,  8, 16, false, "AES-128-CCM"},
    BulkInfo{aes_256_ccm,       "AES_256_CCM",        K::ccm,    32, 32, 16,  4,  8, 16, false, "AES-256-CCM"},
    BulkInfo{aes_128_ccm_8,     "AES_128_CCM_8",      K::ccm,    16, 16, 16,  4,  8,  8, false, "AES-128-CCM"},
    BulkInfo{aes_256_ccm_8,     "AES_256_CCM_8",      K::ccm,    32, 32, 16,  4,  8,  8, false, "AES-256-CCM"},
    BulkInfo{chacha20_poly1305, "CHACHA20_POLY1305",  K::chacha, 32, 32,  1, 12,  0, 16, false, "ChaCha20-Poly1305"},
    BulkInfo{chacha20_poly1305_draft, "CHACHA20_POLY1305_DRAFT", K::chacha, 32, 32, 1, 0, 0, 16, false, "ChaCha20"},
    BulkInfo{sm4_gcm,           "SM4_GCM",            K::gcm,    16, 16, 16, 12,  0, 16, false, "SM4-GCM"},
    BulkInfo{sm4_ccm,           "SM4_CCM",            K::ccm,    16, 16, 16, 12,  0, 16, false, "SM4-CCM"},
    BulkInfo{gost_28147_cnt,    "28147_CNT",          K::unsupported, 32, 32, 1, 8, 0, 0, false, nullptr},
    BulkInfo{magma_ctr,         "MAGMA_CTR",          K::unsupported, 32, 32, 1, 4, 0, 0, false, nullptr},
    BulkInfo{kuznyechik_ctr,    "KUZNYECHIK_CTR",     K::unsupported, 32, 32, 1, 8, 0, 0, false, nullptr},
    BulkInfo{magma_mgm,         "MAGMA_MGM",          K::unsupported, 32, 32, 8, 8, 0, 8, false, nullptr},
    BulkInfo{kuznyechik_mgm,    "KUZNYECHIK_MGM",     K::unsupported, 32, 32, 16, 16, 0, 16, false, nullptr},
    BulkInfo{unknown,           "UNKNOWN",            K::unsupported, 0, 0, 1, 0, 0, 0, false, nullptr},
};
// clang-format on

constexpr bool sorted_by_id() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const BulkInfo& row = kTable.at(i);
    if (static_cast<std::size_t>(row.id) != i || row.key_material_size > row.key_size) return false;
    if (row.exportable != (row.key_material_size != row.key_size)) return false;
  }
  return static_cast<std::size_t>(unknown) + 1 == kTable.size();
}
static_assert(sorted_by_id());

}  // namespace

const BulkInfo& bulk_info(BulkId id) {
  return kTable.at(static_cast<std::size_t>(id));
}

bool is_aead(BulkId id) {
  const BulkKind kind = bulk_info(id).kind;
  return kind == BulkKind::gcm || kind == BulkKind::ccm || kind == BulkKind::chacha;
}

std::span<const BulkInfo> bulk_table() {
  return kTable;
}

bool bulk_available(BulkId id) {
  if (id == chacha20_poly1305_draft && library::poly1305() == nullptr) return false;
  return id == null || library::cipher(id) != nullptr || gcrypt_cbc_available(id);
}

}  // namespace tlspeel::crypto
