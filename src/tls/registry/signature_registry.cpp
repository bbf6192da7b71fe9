#include "tlspeel/tls/registry/registry.hpp"

#include "tls/registry/code_point_table.hpp"

namespace tlspeel::tls::registry {
namespace {

// TLS SignatureScheme; the values in between are the pairs of TLS 1.2: HashAlgorithm, then SignatureAlgorithm
// (RFC 5246 section 7.4.1.4.1).
constexpr auto kSignatureSchemes = std::to_array<CodePointRow>({
    {0x0000, "none_anonymous"},
    {0x0001, "none_rsa"},
    {0x0002, "none_dsa"},
    {0x0003, "none_ecdsa"},
    {0x0100, "md5_anonymous"},
    {0x0101, "md5_rsa"},
    {0x0102, "md5_dsa"},
    {0x0103, "md5_ecdsa"},
    {0x0200, "sha1_anonymous"},
    {0x0201, "rsa_pkcs1_sha1"},
    {0x0202, "sha1_dsa"},
    {0x0203, "ecdsa_sha1"},
    {0x0300, "sha224_anonymous"},
    {0x0301, "sha224_rsa"},
    {0x0302, "sha224_dsa"},
    {0x0303, "sha224_ecdsa"},
    {0x0400, "sha256_anonymous"},
    {0x0401, "rsa_pkcs1_sha256"},
    {0x0402, "sha256_dsa"},
    {0x0403, "ecdsa_secp256r1_sha256"},
    {0x0420, "rsa_pkcs1_sha256_legacy"},
    {0x0500, "sha384_anonymous"},
    {0x0501, "rsa_pkcs1_sha384"},
    {0x0502, "sha384_dsa"},
    {0x0503, "ecdsa_secp384r1_sha384"},
    {0x0520, "rsa_pkcs1_sha384_legacy"},
    {0x0600, "sha512_anonymous"},
    {0x0601, "rsa_pkcs1_sha512"},
    {0x0602, "sha512_dsa"},
    {0x0603, "ecdsa_secp521r1_sha512"},
    {0x0620, "rsa_pkcs1_sha512_legacy"},
    {0x0704, "eccsi_sha256"},
    {0x0705, "iso_ibs1"},
    {0x0706, "iso_ibs2"},
    {0x0707, "iso_chinese_ibs"},
    {0x0708, "sm2sig_sm3"},
    {0x0709, "gostr34102012_256a"},
    {0x070a, "gostr34102012_256b"},
    {0x070b, "gostr34102012_256c"},
    {0x070c, "gostr34102012_256d"},
    {0x070d, "gostr34102012_512a"},
    {0x070e, "gostr34102012_512b"},
    {0x070f, "gostr34102012_512c"},
    {0x0804, "rsa_pss_rsae_sha256"},
    {0x0805, "rsa_pss_rsae_sha384"},
    {0x0806, "rsa_pss_rsae_sha512"},
    {0x0807, "ed25519"},
    {0x0808, "ed448"},
    {0x0809, "rsa_pss_pss_sha256"},
    {0x080a, "rsa_pss_pss_sha384"},
    {0x080b, "rsa_pss_pss_sha512"},
    {0x081a, "ecdsa_brainpoolP256r1tls13_sha256"},
    {0x081b, "ecdsa_brainpoolP384r1tls13_sha384"},
    {0x081c, "ecdsa_brainpoolP512r1tls13_sha512"},
    {0x0840, "gostr34102012_256_intrinsic"},
    {0x0841, "gostr34102012_512_intrinsic"},
    {0x0904, "mldsa44"},
    {0x0905, "mldsa65"},
    {0x0906, "mldsa87"},
    {0x0911, "slhdsa_sha2_128s"},
    {0x0912, "slhdsa_sha2_128f"},
    {0x0913, "slhdsa_sha2_192s"},
    {0x0914, "slhdsa_sha2_192f"},
    {0x0915, "slhdsa_sha2_256s"},
    {0x0916, "slhdsa_sha2_256f"},
    {0x0917, "slhdsa_shake_128s"},
    {0x0918, "slhdsa_shake_128f"},
    {0x0919, "slhdsa_shake_192s"},
    {0x091a, "slhdsa_shake_192f"},
    {0x091b, "slhdsa_shake_256s"},
    {0x091c, "slhdsa_shake_256f"},
});
static_assert(sorted_and_unique(kSignatureSchemes));

}  // namespace

event::CodePoint signature_scheme(std::uint32_t value) {
  if (is_grease(value)) return {value, kGrease};
  return lookup(kSignatureSchemes, value);
}

}  // namespace tlspeel::tls::registry
