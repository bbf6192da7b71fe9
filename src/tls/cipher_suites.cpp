#include "tlspeel/tls/cipher_suites.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/tls/registry/registry.hpp"

#include "tls/registry/code_point_table.hpp"

namespace tlspeel::tls {
namespace {

using Kx = KeyExchange;
using Bulk = crypto::BulkId;
using Mac = crypto::HashId;
using Prf = PrfHash;
using registry::CodePointRow;

// id, name, key exchange, bulk cipher, MAC (none: AEAD), PRF hash (where not SHA-256), whether it is of
// TLS 1.3. Bulk::unknown: no algorithm of crypto, among them the export suites of 56 bits
// (draft-ietf-tls-56-bit-ciphersuites). 0xCC13 to 0xCC15 are the first ChaCha20 suites
// (draft-agl-tls-chacha20poly1305-04): the names of their successors in RFC 7905, another construction.
constexpr std::array<CipherSuite, 408> kCipherSuites = {{
    {0x0000, "TLS_NULL_WITH_NULL_NULL", Kx::null, Bulk::null, Mac::none},
    {0x0001, "TLS_RSA_WITH_NULL_MD5", Kx::rsa, Bulk::null, Mac::md5},
    {0x0002, "TLS_RSA_WITH_NULL_SHA", Kx::rsa, Bulk::null, Mac::sha1},
    {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", Kx::rsa_export, Bulk::rc4_40, Mac::md5},
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5", Kx::rsa, Bulk::rc4_128, Mac::md5},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA", Kx::rsa, Bulk::rc4_128, Mac::sha1},
    {0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", Kx::rsa_export, Bulk::rc2_40_cbc, Mac::md5},
    {0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA", Kx::rsa, Bulk::idea_cbc, Mac::sha1},
    {0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", Kx::rsa_export, Bulk::des40_cbc, Mac::sha1},
    {0x0009, "TLS_RSA_WITH_DES_CBC_SHA", Kx::rsa, Bulk::des_cbc, Mac::sha1},
    {0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", Kx::rsa, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x000B, "TLS_DH_DSS_EXPORT_WITH_DES40_CBC_SHA", Kx::dh, Bulk::des40_cbc, Mac::sha1},
    {0x000C, "TLS_DH_DSS_WITH_DES_CBC_SHA", Kx::dh, Bulk::des_cbc, Mac::sha1},
    {0x000D, "TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA", Kx::dh, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x000E, "TLS_DH_RSA_EXPORT_WITH_DES40_CBC_SHA", Kx::dh, Bulk::des40_cbc, Mac::sha1},
    {0x000F, "TLS_DH_RSA_WITH_DES_CBC_SHA", Kx::dh, Bulk::des_cbc, Mac::sha1},
    {0x0010, "TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA", Kx::dh, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x0011, "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA", Kx::dhe, Bulk::des40_cbc, Mac::sha1},
    {0x0012, "TLS_DHE_DSS_WITH_DES_CBC_SHA", Kx::dhe, Bulk::des_cbc, Mac::sha1},
    {0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", Kx::dhe, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", Kx::dhe, Bulk::des40_cbc, Mac::sha1},
    {0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA", Kx::dhe, Bulk::des_cbc, Mac::sha1},
    {0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", Kx::dhe, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x0017, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", Kx::dh_anon, Bulk::rc4_40, Mac::md5},
    {0x0018, "TLS_DH_anon_WITH_RC4_128_MD5", Kx::dh_anon, Bulk::rc4_128, Mac::md5},
    {0x0019, "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA", Kx::dh_anon, Bulk::des40_cbc, Mac::sha1},
    {0x001A, "TLS_DH_anon_WITH_DES_CBC_SHA", Kx::dh_anon, Bulk::des_cbc, Mac::sha1},
    {0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", Kx::dh_anon, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x001C, "SSL_FORTEZZA_KEA_WITH_NULL_SHA", Kx::fortezza, Bulk::null, Mac::sha1},
    {0x001D, "SSL_FORTEZZA_KEA_WITH_FORTEZZA_CBC_SHA", Kx::fortezza, Bulk::unknown, Mac::sha1},
    {0x001E, "TLS_KRB5_WITH_DES_CBC_SHA", Kx::krb5, Bulk::des_cbc, Mac::sha1},
    {0x001F, "TLS_KRB5_WITH_3DES_EDE_CBC_SHA", Kx::krb5, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x0020, "TLS_KRB5_WITH_RC4_128_SHA", Kx::krb5, Bulk::rc4_128, Mac::sha1},
    {0x0021, "TLS_KRB5_WITH_IDEA_CBC_SHA", Kx::krb5, Bulk::idea_cbc, Mac::sha1},
    {0x0022, "TLS_KRB5_WITH_DES_CBC_MD5", Kx::krb5, Bulk::des_cbc, Mac::md5},
    {0x0023, "TLS_KRB5_WITH_3DES_EDE_CBC_MD5", Kx::krb5, Bulk::tdes_ede_cbc, Mac::md5},
    {0x0024, "TLS_KRB5_WITH_RC4_128_MD5", Kx::krb5, Bulk::rc4_128, Mac::md5},
    {0x0025, "TLS_KRB5_WITH_IDEA_CBC_MD5", Kx::krb5, Bulk::idea_cbc, Mac::md5},
    {0x0026, "TLS_KRB5_EXPORT_WITH_DES_CBC_40_SHA", Kx::krb5, Bulk::des40_cbc, Mac::sha1},
    {0x0027, "TLS_KRB5_EXPORT_WITH_RC2_CBC_40_SHA", Kx::krb5, Bulk::rc2_40_cbc, Mac::sha1},
    {0x0028, "TLS_KRB5_EXPORT_WITH_RC4_40_SHA", Kx::krb5, Bulk::rc4_40, Mac::sha1},
    {0x0029, "TLS_KRB5_EXPORT_WITH_DES_CBC_40_MD5", Kx::krb5, Bulk::des40_cbc, Mac::md5},
    {0x002A, "TLS_KRB5_EXPORT_WITH_RC2_CBC_40_MD5", Kx::krb5, Bulk::rc2_40_cbc, Mac::md5},
    {0x002B, "TLS_KRB5_EXPORT_WITH_RC4_40_MD5", Kx::krb5, Bulk::rc4_40, Mac::md5},
    {0x002C, "TLS_PSK_WITH_NULL_SHA", Kx::psk, Bulk::null, Mac::sha1},
    {0x002D, "TLS_DHE_PSK_WITH_NULL_SHA", Kx::dhe_psk, Bulk::null, Mac::sha1},
    {0x002E, "TLS_RSA_PSK_WITH_NULL_SHA", Kx::rsa_psk, Bulk::null, Mac::sha1},
    {0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", Kx::rsa, Bulk::aes_128_cbc, Mac::sha1},
    {0x0030, "TLS_DH_DSS_WITH_AES_128_CBC_SHA", Kx::dh, Bulk::aes_128_cbc, Mac::sha1},
    {0x0031, "TLS_DH_RSA_WITH_AES_128_CBC_SHA", Kx::dh, Bulk::aes_128_cbc, Mac::sha1},
    {0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA", Kx::dhe, Bulk::aes_128_cbc, Mac::sha1},
    {0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", Kx::dhe, Bulk::aes_128_cbc, Mac::sha1},
    {0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA", Kx::dh_anon, Bulk::aes_128_cbc, Mac::sha1},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", Kx::rsa, Bulk::aes_256_cbc, Mac::sha1},
    {0x0036, "TLS_DH_DSS_WITH_AES_256_CBC_SHA", Kx::dh, Bulk::aes_256_cbc, Mac::sha1},
    {0x0037, "TLS_DH_RSA_WITH_AES_256_CBC_SHA", Kx::dh, Bulk::aes_256_cbc, Mac::sha1},
    {0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", Kx::dhe, Bulk::aes_256_cbc, Mac::sha1},
    {0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", Kx::dhe, Bulk::aes_256_cbc, Mac::sha1},
    {0x003A, "TLS_DH_anon_WITH_AES_256_CBC_SHA", Kx::dh_anon, Bulk::aes_256_cbc, Mac::sha1},
    {0x003B, "TLS_RSA_WITH_NULL_SHA256", Kx::rsa, Bulk::null, Mac::sha256},
    {0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", Kx::rsa, Bulk::aes_128_cbc, Mac::sha256},
    {0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", Kx::rsa, Bulk::aes_256_cbc, Mac::sha256},
    {0x003E, "TLS_DH_DSS_WITH_AES_128_CBC_SHA256", Kx::dh, Bulk::aes_128_cbc, Mac::sha256},
    {0x003F, "TLS_DH_RSA_WITH_AES_128_CBC_SHA256", Kx::dh, Bulk::aes_128_cbc, Mac::sha256},
    {0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256", Kx::dhe, Bulk::aes_128_cbc, Mac::sha256},
    {0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", Kx::rsa, Bulk::camellia_128_cbc, Mac::sha1},
    {0x0042, "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA", Kx::dh, Bulk::camellia_128_cbc, Mac::sha1},
    {0x0043, "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA", Kx::dh, Bulk::camellia_128_cbc, Mac::sha1},
    {0x0044, "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA", Kx::dhe, Bulk::camellia_128_cbc, Mac::sha1},
    {0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA", Kx::dhe, Bulk::camellia_128_cbc, Mac::sha1},
    {0x0046, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA", Kx::dh_anon, Bulk::camellia_128_cbc, Mac::sha1},
    {0x0060, "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5", Kx::rsa_export, Bulk::unknown, Mac::md5},
    {0x0061, "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5", Kx::rsa_export, Bulk::unknown, Mac::md5},
    {0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA", Kx::rsa_export, Bulk::unknown, Mac::sha1},
    {0x0063, "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA", Kx::dhe, Bulk::unknown, Mac::sha1},
    {0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA", Kx::rsa_export, Bulk::unknown, Mac::sha1},
    {0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA", Kx::dhe, Bulk::unknown, Mac::sha1},
    {0x0066, "TLS_DHE_DSS_WITH_RC4_128_SHA", Kx::dhe, Bulk::rc4_128, Mac::sha1},
    {0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", Kx::dhe, Bulk::aes_128_cbc, Mac::sha256},
    {0x0068, "TLS_DH_DSS_WITH_AES_256_CBC_SHA256", Kx::dh, Bulk::aes_256_cbc, Mac::sha256},
    {0x0069, "TLS_DH_RSA_WITH_AES_256_CBC_SHA256", Kx::dh, Bulk::aes_256_cbc, Mac::sha256},
    {0x006A, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256", Kx::dhe, Bulk::aes_256_cbc, Mac::sha256},
    {0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", Kx::dhe, Bulk::aes_256_cbc, Mac::sha256},
    {0x006C, "TLS_DH_anon_WITH_AES_128_CBC_SHA256", Kx::dh_anon, Bulk::aes_128_cbc, Mac::sha256},
    {0x006D, "TLS_DH_anon_WITH_AES_256_CBC_SHA256", Kx::dh_anon, Bulk::aes_256_cbc, Mac::sha256},
    {0x0080, "TLS_GOSTR341094_WITH_28147_CNT_IMIT", Kx::gost, Bulk::gost_28147_cnt, Mac::none, Prf::streebog},
    {0x0081, "TLS_GOSTR341001_WITH_28147_CNT_IMIT", Kx::gost, Bulk::gost_28147_cnt, Mac::none, Prf::streebog},
    {0x0082, "TLS_GOSTR341094_WITH_NULL_GOSTR3411", Kx::gost, Bulk::unknown, Mac::none, Prf::streebog},
    {0x0083, "TLS_GOSTR341001_WITH_NULL_GOSTR3411", Kx::gost, Bulk::unknown, Mac::none, Prf::streebog},
    {0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", Kx::rsa, Bulk::camellia_256_cbc, Mac::sha1},
    {0x0085, "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA", Kx::dh, Bulk::camellia_256_cbc, Mac::sha1},
    {0x0086, "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA", Kx::dh, Bulk::camellia_256_cbc, Mac::sha1},
    {0x0087, "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA", Kx::dhe, Bulk::camellia_256_cbc, Mac::sha1},
    {0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA", Kx::dhe, Bulk::camellia_256_cbc, Mac::sha1},
    {0x0089, "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA", Kx::dh_anon, Bulk::camellia_256_cbc, Mac::sha1},
    {0x008A, "TLS_PSK_WITH_RC4_128_SHA", Kx::psk, Bulk::rc4_128, Mac::sha1},
    {0x008B, "TLS_PSK_WITH_3DES_EDE_CBC_SHA", Kx::psk, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x008C, "TLS_PSK_WITH_AES_128_CBC_SHA", Kx::psk, Bulk::aes_128_cbc, Mac::sha1},
    {0x008D, "TLS_PSK_WITH_AES_256_CBC_SHA", Kx::psk, Bulk::aes_256_cbc, Mac::sha1},
    {0x008E, "TLS_DHE_PSK_WITH_RC4_128_SHA", Kx::dhe_psk, Bulk::rc4_128, Mac::sha1},
    {0x008F, "TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA", Kx::dhe_psk, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x0090, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA", Kx::dhe_psk, Bulk::aes_128_cbc, Mac::sha1},
    {0x0091, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA", Kx::dhe_psk, Bulk::aes_256_cbc, Mac::sha1},
    {0x0092, "TLS_RSA_PSK_WITH_RC4_128_SHA", Kx::rsa_psk, Bulk::rc4_128, Mac::sha1},
    {0x0093, "TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA", Kx::rsa_psk, Bulk::tdes_ede_cbc, Mac::sha1},
    {0x0094, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA", Kx::rsa_psk, Bulk::aes_128_cbc, Mac::sha1},
    {0x0095, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA", Kx::rsa_psk, Bulk::aes_256_cbc, Mac::sha1},
    {0x0096, "TLS_RSA_WITH_SEED_CBC_SHA", Kx::rsa, Bulk::seed_cbc, Mac::sha1},
    {0x0097, "TLS_DH_DSS_WITH_SEED_CBC_SHA", Kx::dh, Bulk::seed_cbc, Mac::sha1},
    {0x0098, "TLS_DH_RSA_WITH_SEED_CBC_SHA", Kx::dh, Bulk::seed_cbc, Mac::sha1},
    {0x0099, "TLS_DHE_DSS_WITH_SEED_CBC_SHA", Kx::dhe, Bulk::seed_cbc, Mac::sha1},
    {0x009A, "TLS_DHE_RSA_WITH_SEED_CBC_SHA", Kx::dhe, Bulk::seed_cbc, Mac::sha1},
    {0x009B, "TLS_DH_anon_WITH_SEED_CBC_SHA", Kx::dh_anon, Bulk::seed_cbc, Mac::sha1},
    {0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", Kx::rsa, Bulk::aes_128_gcm, Mac::none},
    {0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384", Kx::rsa, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", Kx::dhe, Bulk::aes_128_gcm, Mac::none},
    {0x009F, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", Kx::dhe, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00A0, "TLS_DH_RSA_WITH_AES_128_GCM_SHA256", Kx::dh, Bulk::aes_128_gcm, Mac::none},
    {0x00A1, "TLS_DH_RSA_WITH_AES_256_GCM_SHA384", Kx::dh, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00A2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", Kx::dhe, Bulk::aes_128_gcm, Mac::none},
    {0x00A3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", Kx::dhe, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00A4, "TLS_DH_DSS_WITH_AES_128_GCM_SHA256", Kx::dh, Bulk::aes_128_gcm, Mac::none},
    {0x00A5, "TLS_DH_DSS_WITH_AES_256_GCM_SHA384", Kx::dh, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00A6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256", Kx::dh_anon, Bulk::aes_128_gcm, Mac::none},
    {0x00A7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384", Kx::dh_anon, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256", Kx::psk, Bulk::aes_128_gcm, Mac::none},
    {0x00A9, "TLS_PSK_WITH_AES_256_GCM_SHA384", Kx::psk, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00AA, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256", Kx::dhe_psk, Bulk::aes_128_gcm, Mac::none},
    {0x00AB, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384", Kx::dhe_psk, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00AC, "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256", Kx::rsa_psk, Bulk::aes_128_gcm, Mac::none},
    {0x00AD, "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384", Kx::rsa_psk, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0x00AE, "TLS_PSK_WITH_AES_128_CBC_SHA256", Kx::psk, Bulk::aes_128_cbc, Mac::sha256},
    {0x00AF, "TLS_PSK_WITH_AES_256_CBC_SHA384", Kx::psk, Bulk::aes_256_cbc, Mac::sha384, Prf::sha384},
    {0x00B0, "TLS_PSK_WITH_NULL_SHA256", Kx::psk, Bulk::null, Mac::sha256},
    {0x00B1, "TLS_PSK_WITH_NULL_SHA384", Kx::psk, Bulk::null, Mac::sha384, Prf::sha384},
    {0x00B2, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256", Kx::dhe_psk, Bulk::aes_128_cbc, Mac::sha256},
    {0x00B3, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384", Kx::dhe_psk, Bulk::aes_256_cbc, Mac::sha384, Prf::sha384},
    {0x00B4, "TLS_DHE_PSK_WITH_NULL_SHA256", Kx::dhe_psk, Bulk::null, Mac::sha256},
    {0x00B5, "TLS_DHE_PSK_WITH_NULL_SHA384", Kx::dhe_psk, Bulk::null, Mac::sha384, Prf::sha384},
    {0x00B6, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256", Kx::rsa_psk, Bulk::aes_128_cbc, Mac::sha256},
    {0x00B7, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384", Kx::rsa_psk, Bulk::aes_256_cbc, Mac::sha384, Prf::sha384},
    {0x00B8, "TLS_RSA_PSK_WITH_NULL_SHA256", Kx::rsa_psk, Bulk::null, Mac::sha256},
    {0x00B9, "TLS_RSA_PSK_WITH_NULL_SHA384", Kx::rsa_psk, Bulk::null, Mac::sha384, Prf::sha384},
    {0x00BA, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::rsa, Bulk::camellia_128_cbc, Mac::sha256},
    {0x00BB, "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA256", Kx::dh, Bulk::camellia_128_cbc, Mac::sha256},
    {0x00BC, "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::dh, Bulk::camellia_128_cbc, Mac::sha256},
    {0x00BD, "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA256", Kx::dhe, Bulk::camellia_128_cbc, Mac::sha256},
    {0x00BE, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::dhe, Bulk::camellia_128_cbc, Mac::sha256},
    {0x00BF, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256", Kx::dh_anon, Bulk::camellia_128_cbc, Mac::sha256},
    {0x00C0, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256", Kx::rsa, Bulk::camellia_256_cbc, Mac::sha256},
    {0x00C1, "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA256", Kx::dh, Bulk::camellia_256_cbc, Mac::sha256},
    {0x00C2, "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA256", Kx::dh, Bulk::camellia_256_cbc, Mac::sha256},
    {0x00C3, "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA256", Kx::dhe, Bulk::camellia_256_cbc, Mac::sha256},
    {0x00C4, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256", Kx::dhe, Bulk::camellia_256_cbc, Mac::sha256},
    {0x00C5, "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256", Kx::dh_anon, Bulk::camellia_256_cbc, Mac::sha256},
    {0x00C6, "TLS_SM4_GCM_SM3", Kx::tls13, Bulk::sm4_gcm, Mac::none, Prf::sm3, true},
    {0x00C7, "TLS_SM4_CCM_SM3", Kx::tls13, Bulk::sm4_ccm, Mac::none, Prf::sm3, true},
    {0x1301, "TLS_AES_128_GCM_SHA256", Kx::tls13, Bulk::aes_128_gcm, Mac::none, Prf::sha256, true},
    {0x1302, "TLS_AES_256_GCM_SHA384", Kx::tls13, Bulk::aes_256_gcm, Mac::none, Prf::sha384, true},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256", Kx::tls13, Bulk::chacha20_poly1305, Mac::none, Prf::sha256,
     true},
    {0x1304, "TLS_AES_128_CCM_SHA256", Kx::tls13, Bulk::aes_128_ccm, Mac::none, Prf::sha256, true},
    {0x1305, "TLS_AES_128_CCM_8_SHA256", Kx::tls13, Bulk::aes_128_ccm_8, Mac::none, Prf::sha256, true},
    {0x1306, "TLS_AEGIS_256_SHA512", Kx::tls13, Bulk::unknown, Mac::none, Prf::sha512, true},
    {0x1307, "TLS_AEGIS_128L_SHA256", Kx::tls13, Bulk::unknown, Mac::none, Prf::sha256, true},
    {0xC001, "TLS_ECDH_ECDSA_WITH_NULL_SHA", Kx::ecdh, Bulk::null, Mac::sha1},
    {0xC002, "TLS_ECDH_ECDSA_WITH_RC4_128_SHA", Kx::ecdh, Bulk::rc4_128, Mac::sha1},
    {0xC003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA", Kx::ecdh, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", Kx::ecdh, Bulk::aes_128_cbc, Mac::sha1},
    {0xC005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA", Kx::ecdh, Bulk::aes_256_cbc, Mac::sha1},
    {0xC006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", Kx::ecdhe, Bulk::null, Mac::sha1},
    {0xC007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", Kx::ecdhe, Bulk::rc4_128, Mac::sha1},
    {0xC008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", Kx::ecdhe, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", Kx::ecdhe, Bulk::aes_128_cbc, Mac::sha1},
    {0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", Kx::ecdhe, Bulk::aes_256_cbc, Mac::sha1},
    {0xC00B, "TLS_ECDH_RSA_WITH_NULL_SHA", Kx::ecdh, Bulk::null, Mac::sha1},
    {0xC00C, "TLS_ECDH_RSA_WITH_RC4_128_SHA", Kx::ecdh, Bulk::rc4_128, Mac::sha1},
    {0xC00D, "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA", Kx::ecdh, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC00E, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", Kx::ecdh, Bulk::aes_128_cbc, Mac::sha1},
    {0xC00F, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA", Kx::ecdh, Bulk::aes_256_cbc, Mac::sha1},
    {0xC010, "TLS_ECDHE_RSA_WITH_NULL_SHA", Kx::ecdhe, Bulk::null, Mac::sha1},
    {0xC011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", Kx::ecdhe, Bulk::rc4_128, Mac::sha1},
    {0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", Kx::ecdhe, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", Kx::ecdhe, Bulk::aes_128_cbc, Mac::sha1},
    {0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", Kx::ecdhe, Bulk::aes_256_cbc, Mac::sha1},
    {0xC015, "TLS_ECDH_anon_WITH_NULL_SHA", Kx::ecdh_anon, Bulk::null, Mac::sha1},
    {0xC016, "TLS_ECDH_anon_WITH_RC4_128_SHA", Kx::ecdh_anon, Bulk::rc4_128, Mac::sha1},
    {0xC017, "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA", Kx::ecdh_anon, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", Kx::ecdh_anon, Bulk::aes_128_cbc, Mac::sha1},
    {0xC019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", Kx::ecdh_anon, Bulk::aes_256_cbc, Mac::sha1},
    {0xC01A, "TLS_SRP_SHA_WITH_3DES_EDE_CBC_SHA", Kx::srp, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC01B, "TLS_SRP_SHA_RSA_WITH_3DES_EDE_CBC_SHA", Kx::srp, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC01C, "TLS_SRP_SHA_DSS_WITH_3DES_EDE_CBC_SHA", Kx::srp, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC01D, "TLS_SRP_SHA_WITH_AES_128_CBC_SHA", Kx::srp, Bulk::aes_128_cbc, Mac::sha1},
    {0xC01E, "TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA", Kx::srp, Bulk::aes_128_cbc, Mac::sha1},
    {0xC01F, "TLS_SRP_SHA_DSS_WITH_AES_128_CBC_SHA", Kx::srp, Bulk::aes_128_cbc, Mac::sha1},
    {0xC020, "TLS_SRP_SHA_WITH_AES_256_CBC_SHA", Kx::srp, Bulk::aes_256_cbc, Mac::sha1},
    {0xC021, "TLS_SRP_SHA_RSA_WITH_AES_256_CBC_SHA", Kx::srp, Bulk::aes_256_cbc, Mac::sha1},
    {0xC022, "TLS_SRP_SHA_DSS_WITH_AES_256_CBC_SHA", Kx::srp, Bulk::aes_256_cbc, Mac::sha1},
    {0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", Kx::ecdhe, Bulk::aes_128_cbc, Mac::sha256},
    {0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", Kx::ecdhe, Bulk::aes_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC025, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256", Kx::ecdh, Bulk::aes_128_cbc, Mac::sha256},
    {0xC026, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384", Kx::ecdh, Bulk::aes_256_cbc, Mac::sha384, Prf::sha384},
    {0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", Kx::ecdhe, Bulk::aes_128_cbc, Mac::sha256},
    {0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", Kx::ecdhe, Bulk::aes_256_cbc, Mac::sha384, Prf::sha384},
    {0xC029, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256", Kx::ecdh, Bulk::aes_128_cbc, Mac::sha256},
    {0xC02A, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384", Kx::ecdh, Bulk::aes_256_cbc, Mac::sha384, Prf::sha384},
    {0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", Kx::ecdhe, Bulk::aes_128_gcm, Mac::none},
    {0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", Kx::ecdhe, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0xC02D, "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", Kx::ecdh, Bulk::aes_128_gcm, Mac::none},
    {0xC02E, "TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384", Kx::ecdh, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Kx::ecdhe, Bulk::aes_128_gcm, Mac::none},
    {0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", Kx::ecdhe, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0xC031, "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", Kx::ecdh, Bulk::aes_128_gcm, Mac::none},
    {0xC032, "TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384", Kx::ecdh, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0xC033, "TLS_ECDHE_PSK_WITH_RC4_128_SHA", Kx::ecdhe_psk, Bulk::rc4_128, Mac::sha1},
    {0xC034, "TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA", Kx::ecdhe_psk, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xC035, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", Kx::ecdhe_psk, Bulk::aes_128_cbc, Mac::sha1},
    {0xC036, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA", Kx::ecdhe_psk, Bulk::aes_256_cbc, Mac::sha1},
    {0xC037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", Kx::ecdhe_psk, Bulk::aes_128_cbc, Mac::sha256},
    {0xC038, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384", Kx::ecdhe_psk, Bulk::aes_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC039, "TLS_ECDHE_PSK_WITH_NULL_SHA", Kx::ecdhe_psk, Bulk::null, Mac::sha1},
    {0xC03A, "TLS_ECDHE_PSK_WITH_NULL_SHA256", Kx::ecdhe_psk, Bulk::null, Mac::sha256},
    {0xC03B, "TLS_ECDHE_PSK_WITH_NULL_SHA384", Kx::ecdhe_psk, Bulk::null, Mac::sha384, Prf::sha384},
    {0xC03C, "TLS_RSA_WITH_ARIA_128_CBC_SHA256", Kx::rsa, Bulk::aria_128_cbc, Mac::sha256},
    {0xC03D, "TLS_RSA_WITH_ARIA_256_CBC_SHA384", Kx::rsa, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC03E, "TLS_DH_DSS_WITH_ARIA_128_CBC_SHA256", Kx::dh, Bulk::aria_128_cbc, Mac::sha256},
    {0xC03F, "TLS_DH_DSS_WITH_ARIA_256_CBC_SHA384", Kx::dh, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC040, "TLS_DH_RSA_WITH_ARIA_128_CBC_SHA256", Kx::dh, Bulk::aria_128_cbc, Mac::sha256},
    {0xC041, "TLS_DH_RSA_WITH_ARIA_256_CBC_SHA384", Kx::dh, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC042, "TLS_DHE_DSS_WITH_ARIA_128_CBC_SHA256", Kx::dhe, Bulk::aria_128_cbc, Mac::sha256},
    {0xC043, "TLS_DHE_DSS_WITH_ARIA_256_CBC_SHA384", Kx::dhe, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC044, "TLS_DHE_RSA_WITH_ARIA_128_CBC_SHA256", Kx::dhe, Bulk::aria_128_cbc, Mac::sha256},
    {0xC045, "TLS_DHE_RSA_WITH_ARIA_256_CBC_SHA384", Kx::dhe, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC046, "TLS_DH_anon_WITH_ARIA_128_CBC_SHA256", Kx::dh_anon, Bulk::aria_128_cbc, Mac::sha256},
    {0xC047, "TLS_DH_anon_WITH_ARIA_256_CBC_SHA384", Kx::dh_anon, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC048, "TLS_ECDHE_ECDSA_WITH_ARIA_128_CBC_SHA256", Kx::ecdhe, Bulk::aria_128_cbc, Mac::sha256},
    {0xC049, "TLS_ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384", Kx::ecdhe, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC04A, "TLS_ECDH_ECDSA_WITH_ARIA_128_CBC_SHA256", Kx::ecdh, Bulk::aria_128_cbc, Mac::sha256},
    {0xC04B, "TLS_ECDH_ECDSA_WITH_ARIA_256_CBC_SHA384", Kx::ecdh, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC04C, "TLS_ECDHE_RSA_WITH_ARIA_128_CBC_SHA256", Kx::ecdhe, Bulk::aria_128_cbc, Mac::sha256},
    {0xC04D, "TLS_ECDHE_RSA_WITH_ARIA_256_CBC_SHA384", Kx::ecdhe, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC04E, "TLS_ECDH_RSA_WITH_ARIA_128_CBC_SHA256", Kx::ecdh, Bulk::aria_128_cbc, Mac::sha256},
    {0xC04F, "TLS_ECDH_RSA_WITH_ARIA_256_CBC_SHA384", Kx::ecdh, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC050, "TLS_RSA_WITH_ARIA_128_GCM_SHA256", Kx::rsa, Bulk::aria_128_gcm, Mac::none},
    {0xC051, "TLS_RSA_WITH_ARIA_256_GCM_SHA384", Kx::rsa, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC052, "TLS_DHE_RSA_WITH_ARIA_128_GCM_SHA256", Kx::dhe, Bulk::aria_128_gcm, Mac::none},
    {0xC053, "TLS_DHE_RSA_WITH_ARIA_256_GCM_SHA384", Kx::dhe, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC054, "TLS_DH_RSA_WITH_ARIA_128_GCM_SHA256", Kx::dh, Bulk::aria_128_gcm, Mac::none},
    {0xC055, "TLS_DH_RSA_WITH_ARIA_256_GCM_SHA384", Kx::dh, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC056, "TLS_DHE_DSS_WITH_ARIA_128_GCM_SHA256", Kx::dhe, Bulk::aria_128_gcm, Mac::none},
    {0xC057, "TLS_DHE_DSS_WITH_ARIA_256_GCM_SHA384", Kx::dhe, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC058, "TLS_DH_DSS_WITH_ARIA_128_GCM_SHA256", Kx::dh, Bulk::aria_128_gcm, Mac::none},
    {0xC059, "TLS_DH_DSS_WITH_ARIA_256_GCM_SHA384", Kx::dh, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC05A, "TLS_DH_anon_WITH_ARIA_128_GCM_SHA256", Kx::dh_anon, Bulk::aria_128_gcm, Mac::none},
    {0xC05B, "TLS_DH_anon_WITH_ARIA_256_GCM_SHA384", Kx::dh_anon, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC05C, "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256", Kx::ecdhe, Bulk::aria_128_gcm, Mac::none},
    {0xC05D, "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384", Kx::ecdhe, Bulk::aria_256_gcm, Mac::none,
     Prf::sha384},
    {0xC05E, "TLS_ECDH_ECDSA_WITH_ARIA_128_GCM_SHA256", Kx::ecdh, Bulk::aria_128_gcm, Mac::none},
    {0xC05F, "TLS_ECDH_ECDSA_WITH_ARIA_256_GCM_SHA384", Kx::ecdh, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC060, "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256", Kx::ecdhe, Bulk::aria_128_gcm, Mac::none},
    {0xC061, "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", Kx::ecdhe, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC062, "TLS_ECDH_RSA_WITH_ARIA_128_GCM_SHA256", Kx::ecdh, Bulk::aria_128_gcm, Mac::none},
    {0xC063, "TLS_ECDH_RSA_WITH_ARIA_256_GCM_SHA384", Kx::ecdh, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC064, "TLS_PSK_WITH_ARIA_128_CBC_SHA256", Kx::psk, Bulk::aria_128_cbc, Mac::sha256},
    {0xC065, "TLS_PSK_WITH_ARIA_256_CBC_SHA384", Kx::psk, Bulk::aria_256_cbc, Mac::sha384, Prf::sha384},
    {0xC066, "TLS_DHE_PSK_WITH_ARIA_128_CBC_SHA256", Kx::dhe_psk, Bulk::aria_128_cbc, Mac::sha256},
    {0xC067, "TLS_DHE_PSK_WITH_ARIA_256_CBC_SHA384", Kx::dhe_psk, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC068, "TLS_RSA_PSK_WITH_ARIA_128_CBC_SHA256", Kx::rsa_psk, Bulk::aria_128_cbc, Mac::sha256},
    {0xC069, "TLS_RSA_PSK_WITH_ARIA_256_CBC_SHA384", Kx::rsa_psk, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC06A, "TLS_PSK_WITH_ARIA_128_GCM_SHA256", Kx::psk, Bulk::aria_128_gcm, Mac::none},
    {0xC06B, "TLS_PSK_WITH_ARIA_256_GCM_SHA384", Kx::psk, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC06C, "TLS_DHE_PSK_WITH_ARIA_128_GCM_SHA256", Kx::dhe_psk, Bulk::aria_128_gcm, Mac::none},
    {0xC06D, "TLS_DHE_PSK_WITH_ARIA_256_GCM_SHA384", Kx::dhe_psk, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC06E, "TLS_RSA_PSK_WITH_ARIA_128_GCM_SHA256", Kx::rsa_psk, Bulk::aria_128_gcm, Mac::none},
    {0xC06F, "TLS_RSA_PSK_WITH_ARIA_256_GCM_SHA384", Kx::rsa_psk, Bulk::aria_256_gcm, Mac::none, Prf::sha384},
    {0xC070, "TLS_ECDHE_PSK_WITH_ARIA_128_CBC_SHA256", Kx::ecdhe_psk, Bulk::aria_128_cbc, Mac::sha256},
    {0xC071, "TLS_ECDHE_PSK_WITH_ARIA_256_CBC_SHA384", Kx::ecdhe_psk, Bulk::aria_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC072, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::ecdhe, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC073, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384", Kx::ecdhe, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC074, "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::ecdh, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC075, "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_CBC_SHA384", Kx::ecdh, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC076, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::ecdhe, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC077, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384", Kx::ecdhe, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC078, "TLS_ECDH_RSA_WITH_CAMELLIA_128_CBC_SHA256", Kx::ecdh, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC079, "TLS_ECDH_RSA_WITH_CAMELLIA_256_CBC_SHA384", Kx::ecdh, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC07A, "TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::rsa, Bulk::camellia_128_gcm, Mac::none},
    {0xC07B, "TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::rsa, Bulk::camellia_256_gcm, Mac::none, Prf::sha384},
    {0xC07C, "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::dhe, Bulk::camellia_128_gcm, Mac::none},
    {0xC07D, "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::dhe, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC07E, "TLS_DH_RSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::dh, Bulk::camellia_128_gcm, Mac::none},
    {0xC07F, "TLS_DH_RSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::dh, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC080, "TLS_DHE_DSS_WITH_CAMELLIA_128_GCM_SHA256", Kx::dhe, Bulk::camellia_128_gcm, Mac::none},
    {0xC081, "TLS_DHE_DSS_WITH_CAMELLIA_256_GCM_SHA384", Kx::dhe, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC082, "TLS_DH_DSS_WITH_CAMELLIA_128_GCM_SHA256", Kx::dh, Bulk::camellia_128_gcm, Mac::none},
    {0xC083, "TLS_DH_DSS_WITH_CAMELLIA_256_GCM_SHA384", Kx::dh, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC084, "TLS_DH_anon_WITH_CAMELLIA_128_GCM_SHA256", Kx::dh_anon, Bulk::camellia_128_gcm, Mac::none},
    {0xC085, "TLS_DH_anon_WITH_CAMELLIA_256_GCM_SHA384", Kx::dh_anon, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC086, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::ecdhe, Bulk::camellia_128_gcm, Mac::none},
    {0xC087, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::ecdhe, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC088, "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::ecdh, Bulk::camellia_128_gcm, Mac::none},
    {0xC089, "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::ecdh, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC08A, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::ecdhe, Bulk::camellia_128_gcm, Mac::none},
    {0xC08B, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::ecdhe, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC08C, "TLS_ECDH_RSA_WITH_CAMELLIA_128_GCM_SHA256", Kx::ecdh, Bulk::camellia_128_gcm, Mac::none},
    {0xC08D, "TLS_ECDH_RSA_WITH_CAMELLIA_256_GCM_SHA384", Kx::ecdh, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC08E, "TLS_PSK_WITH_CAMELLIA_128_GCM_SHA256", Kx::psk, Bulk::camellia_128_gcm, Mac::none},
    {0xC08F, "TLS_PSK_WITH_CAMELLIA_256_GCM_SHA384", Kx::psk, Bulk::camellia_256_gcm, Mac::none, Prf::sha384},
    {0xC090, "TLS_DHE_PSK_WITH_CAMELLIA_128_GCM_SHA256", Kx::dhe_psk, Bulk::camellia_128_gcm, Mac::none},
    {0xC091, "TLS_DHE_PSK_WITH_CAMELLIA_256_GCM_SHA384", Kx::dhe_psk, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC092, "TLS_RSA_PSK_WITH_CAMELLIA_128_GCM_SHA256", Kx::rsa_psk, Bulk::camellia_128_gcm, Mac::none},
    {0xC093, "TLS_RSA_PSK_WITH_CAMELLIA_256_GCM_SHA384", Kx::rsa_psk, Bulk::camellia_256_gcm, Mac::none,
     Prf::sha384},
    {0xC094, "TLS_PSK_WITH_CAMELLIA_128_CBC_SHA256", Kx::psk, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC095, "TLS_PSK_WITH_CAMELLIA_256_CBC_SHA384", Kx::psk, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC096, "TLS_DHE_PSK_WITH_CAMELLIA_128_CBC_SHA256", Kx::dhe_psk, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC097, "TLS_DHE_PSK_WITH_CAMELLIA_256_CBC_SHA384", Kx::dhe_psk, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC098, "TLS_RSA_PSK_WITH_CAMELLIA_128_CBC_SHA256", Kx::rsa_psk, Bulk::camellia_128_cbc, Mac::sha256},
    {0xC099, "TLS_RSA_PSK_WITH_CAMELLIA_256_CBC_SHA384", Kx::rsa_psk, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC09A, "TLS_ECDHE_PSK_WITH_CAMELLIA_128_CBC_SHA256", Kx::ecdhe_psk, Bulk::camellia_128_cbc,
     Mac::sha256},
    {0xC09B, "TLS_ECDHE_PSK_WITH_CAMELLIA_256_CBC_SHA384", Kx::ecdhe_psk, Bulk::camellia_256_cbc, Mac::sha384,
     Prf::sha384},
    {0xC09C, "TLS_RSA_WITH_AES_128_CCM", Kx::rsa, Bulk::aes_128_ccm, Mac::none},
    {0xC09D, "TLS_RSA_WITH_AES_256_CCM", Kx::rsa, Bulk::aes_256_ccm, Mac::none},
    {0xC09E, "TLS_DHE_RSA_WITH_AES_128_CCM", Kx::dhe, Bulk::aes_128_ccm, Mac::none},
    {0xC09F, "TLS_DHE_RSA_WITH_AES_256_CCM", Kx::dhe, Bulk::aes_256_ccm, Mac::none},
    {0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8", Kx::rsa, Bulk::aes_128_ccm_8, Mac::none},
    {0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8", Kx::rsa, Bulk::aes_256_ccm_8, Mac::none},
    {0xC0A2, "TLS_DHE_RSA_WITH_AES_128_CCM_8", Kx::dhe, Bulk::aes_128_ccm_8, Mac::none},
    {0xC0A3, "TLS_DHE_RSA_WITH_AES_256_CCM_8", Kx::dhe, Bulk::aes_256_ccm_8, Mac::none},
    {0xC0A4, "TLS_PSK_WITH_AES_128_CCM", Kx::psk, Bulk::aes_128_ccm, Mac::none},
    {0xC0A5, "TLS_PSK_WITH_AES_256_CCM", Kx::psk, Bulk::aes_256_ccm, Mac::none},
    {0xC0A6, "TLS_DHE_PSK_WITH_AES_128_CCM", Kx::dhe_psk, Bulk::aes_128_ccm, Mac::none},
    {0xC0A7, "TLS_DHE_PSK_WITH_AES_256_CCM", Kx::dhe_psk, Bulk::aes_256_ccm, Mac::none},
    {0xC0A8, "TLS_PSK_WITH_AES_128_CCM_8", Kx::psk, Bulk::aes_128_ccm_8, Mac::none},
    {0xC0A9, "TLS_PSK_WITH_AES_256_CCM_8", Kx::psk, Bulk::aes_256_ccm_8, Mac::none},
    {0xC0AA, "TLS_PSK_DHE_WITH_AES_128_CCM_8", Kx::dhe_psk, Bulk::aes_128_ccm_8, Mac::none},
    {0xC0AB, "TLS_PSK_DHE_WITH_AES_256_CCM_8", Kx::dhe_psk, Bulk::aes_256_ccm_8, Mac::none},
    {0xC0AC, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", Kx::ecdhe, Bulk::aes_128_ccm, Mac::none},
    {0xC0AD, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", Kx::ecdhe, Bulk::aes_256_ccm, Mac::none},
    {0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", Kx::ecdhe, Bulk::aes_128_ccm_8, Mac::none},
    {0xC0AF, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8", Kx::ecdhe, Bulk::aes_256_ccm_8, Mac::none},
    {0xC0B0, "TLS_ECCPWD_WITH_AES_128_GCM_SHA256", Kx::eccpwd, Bulk::aes_128_gcm, Mac::none},
    {0xC0B1, "TLS_ECCPWD_WITH_AES_256_GCM_SHA384", Kx::eccpwd, Bulk::aes_256_gcm, Mac::none, Prf::sha384},
    {0xC0B2, "TLS_ECCPWD_WITH_AES_128_CCM_SHA256", Kx::eccpwd, Bulk::aes_128_ccm, Mac::none},
    {0xC0B3, "TLS_ECCPWD_WITH_AES_256_CCM_SHA384", Kx::eccpwd, Bulk::aes_256_ccm, Mac::none, Prf::sha384},
    {0xC0B4, "TLS_SHA256_SHA256", Kx::tls13, Bulk::null, Mac::sha256, Prf::sha256, true},
    {0xC0B5, "TLS_SHA384_SHA384", Kx::tls13, Bulk::null, Mac::sha384, Prf::sha384, true},
    {0xC0FF, "TLS_ECJPAKE_WITH_AES_128_CCM_8", Kx::unknown, Bulk::aes_128_ccm_8, Mac::none},
    {0xC100, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC", Kx::gost, Bulk::kuznyechik_ctr, Mac::none,
     Prf::streebog},
    {0xC101, "TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC", Kx::gost, Bulk::magma_ctr, Mac::none, Prf::streebog},
    {0xC102, "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT", Kx::gost, Bulk::gost_28147_cnt, Mac::none,
     Prf::streebog},
    {0xC103, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L", Kx::tls13, Bulk::kuznyechik_mgm, Mac::none,
     Prf::streebog, true},
    {0xC104, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_L", Kx::tls13, Bulk::magma_mgm, Mac::none, Prf::streebog,
     true},
    {0xC105, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_S", Kx::tls13, Bulk::kuznyechik_mgm, Mac::none,
     Prf::streebog, true},
    {0xC106, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_S", Kx::tls13, Bulk::magma_mgm, Mac::none, Prf::streebog,
     true},
    {0xCC13, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Kx::ecdhe, Bulk::chacha20_poly1305_draft,
     Mac::none},
    {0xCC14, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", Kx::ecdhe, Bulk::chacha20_poly1305_draft,
     Mac::none},
    {0xCC15, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Kx::dhe, Bulk::chacha20_poly1305_draft, Mac::none},
    {0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Kx::ecdhe, Bulk::chacha20_poly1305, Mac::none},
    {0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", Kx::ecdhe, Bulk::chacha20_poly1305, Mac::none},
    {0xCCAA, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Kx::dhe, Bulk::chacha20_poly1305, Mac::none},
    {0xCCAB, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256", Kx::psk, Bulk::chacha20_poly1305, Mac::none},
    {0xCCAC, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", Kx::ecdhe_psk, Bulk::chacha20_poly1305,
     Mac::none},
    {0xCCAD, "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256", Kx::dhe_psk, Bulk::chacha20_poly1305, Mac::none},
    {0xCCAE, "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256", Kx::rsa_psk, Bulk::chacha20_poly1305, Mac::none},
    {0xD001, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256", Kx::ecdhe_psk, Bulk::aes_128_gcm, Mac::none},
    {0xD002, "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384", Kx::ecdhe_psk, Bulk::aes_256_gcm, Mac::none,
     Prf::sha384},
    {0xD003, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256", Kx::ecdhe_psk, Bulk::aes_128_ccm_8, Mac::none},
    {0xD005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256", Kx::ecdhe_psk, Bulk::aes_128_ccm, Mac::none},
    {0xE001, "ECDHE_SM1_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE003, "ECC_SM1_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE005, "IBSDH_SM1_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE007, "IBC_SM1_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE009, "RSA_SM1_SM3", Kx::rsa, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE00A, "RSA_SM1_SHA1", Kx::rsa, Bulk::unknown, Mac::sha1},
    {0xE011, "ECDHE_SM4_CBC_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE013, "ECC_SM4_CBC_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE015, "IBSDH_SM4_CBC_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE017, "IBC_SM4_CBC_SM3", Kx::unknown, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE019, "RSA_SM4_CBC_SM3", Kx::rsa, Bulk::unknown, Mac::none, Prf::sm3},
    {0xE01A, "RSA_SM4_CBC_SHA1", Kx::rsa, Bulk::unknown, Mac::sha1},
    {0xE01C, "RSA_SM4_CBC_SHA256", Kx::rsa, Bulk::unknown, Mac::sha256},
    {0xE051, "ECDHE_SM4_GCM_SM3", Kx::unknown, Bulk::sm4_gcm, Mac::none, Prf::sm3},
    {0xE053, "ECC_SM4_GCM_SM3", Kx::unknown, Bulk::sm4_gcm, Mac::none, Prf::sm3},
    {0xE055, "IBSDH_SM4_GCM_SM3", Kx::unknown, Bulk::sm4_gcm, Mac::none, Prf::sm3},
    {0xE057, "IBC_SM4_GCM_SM3", Kx::unknown, Bulk::sm4_gcm, Mac::none, Prf::sm3},
    {0xE059, "RSA_SM4_GCM_SM3", Kx::rsa, Bulk::sm4_gcm, Mac::none, Prf::sm3},
    {0xE05A, "RSA_SM4_GCM_SHA256", Kx::rsa, Bulk::sm4_gcm, Mac::none},
    {0xE410, "TLS_RSA_WITH_ESTREAM_SALSA20_SHA1", Kx::rsa, Bulk::unknown, Mac::sha1},
    {0xE411, "TLS_RSA_WITH_SALSA20_SHA1", Kx::rsa, Bulk::unknown, Mac::sha1},
    {0xE412, "TLS_ECDHE_RSA_WITH_ESTREAM_SALSA20_SHA1", Kx::ecdhe, Bulk::unknown, Mac::sha1},
    {0xE413, "TLS_ECDHE_RSA_WITH_SALSA20_SHA1", Kx::ecdhe, Bulk::unknown, Mac::sha1},
    {0xE414, "TLS_ECDHE_ECDSA_WITH_ESTREAM_SALSA20_SHA1", Kx::ecdhe, Bulk::unknown, Mac::sha1},
    {0xE415, "TLS_ECDHE_ECDSA_WITH_SALSA20_SHA1", Kx::ecdhe, Bulk::unknown, Mac::sha1},
    {0xE416, "TLS_PSK_WITH_ESTREAM_SALSA20_SHA1", Kx::psk, Bulk::unknown, Mac::sha1},
    {0xE417, "TLS_PSK_WITH_SALSA20_SHA1", Kx::psk, Bulk::unknown, Mac::sha1},
    {0xE418, "TLS_ECDHE_PSK_WITH_ESTREAM_SALSA20_SHA1", Kx::ecdhe_psk, Bulk::unknown, Mac::sha1},
    {0xE419, "TLS_ECDHE_PSK_WITH_SALSA20_SHA1", Kx::ecdhe_psk, Bulk::unknown, Mac::sha1},
    {0xE41A, "TLS_RSA_PSK_WITH_ESTREAM_SALSA20_SHA1", Kx::rsa_psk, Bulk::unknown, Mac::sha1},
    {0xE41B, "TLS_RSA_PSK_WITH_SALSA20_SHA1", Kx::rsa_psk, Bulk::unknown, Mac::sha1},
    {0xE41C, "TLS_DHE_PSK_WITH_ESTREAM_SALSA20_SHA1", Kx::dhe_psk, Bulk::unknown, Mac::sha1},
    {0xE41D, "TLS_DHE_PSK_WITH_SALSA20_SHA1", Kx::dhe_psk, Bulk::unknown, Mac::sha1},
    {0xE41E, "TLS_DHE_RSA_WITH_ESTREAM_SALSA20_SHA1", Kx::dhe, Bulk::unknown, Mac::sha1},
    {0xE41F, "TLS_DHE_RSA_WITH_SALSA20_SHA1", Kx::dhe, Bulk::unknown, Mac::sha1},
    {0xFEFE, "SSL_RSA_FIPS_WITH_DES_CBC_SHA", Kx::rsa, Bulk::des_cbc, Mac::sha1},
    {0xFEFF, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA", Kx::rsa, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xFF85, "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT", Kx::gost, Bulk::gost_28147_cnt, Mac::none,
     Prf::streebog},
    {0xFF87, "TLS_GOSTR341112_256_WITH_NULL_GOSTR3411", Kx::gost, Bulk::unknown, Mac::none, Prf::streebog},
    {0xFFE0, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA", Kx::rsa, Bulk::tdes_ede_cbc, Mac::sha1},
    {0xFFE1, "SSL_RSA_FIPS_WITH_DES_CBC_SHA", Kx::rsa, Bulk::des_cbc, Mac::sha1},
}};

// What stands in lists of suites and is none: RFC 5746 section 3.3, RFC 7507. SSL 2.0: RFC 6101 appendix E.
constexpr auto kOtherNames = std::to_array<CodePointRow>({
    {0x00FF, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"},
    {0x5600, "TLS_FALLBACK_SCSV"},
    {0x010080, "SSL2_RC4_128_WITH_MD5"},
    {0x020080, "SSL2_RC4_128_EXPORT40_WITH_MD5"},
    {0x030080, "SSL2_RC2_128_CBC_WITH_MD5"},
    {0x040080, "SSL2_RC2_128_CBC_EXPORT40_WITH_MD5"},
    {0x050080, "SSL2_IDEA_128_CBC_WITH_MD5"},
    {0x060040, "SSL2_DES_64_CBC_WITH_MD5"},
    {0x0700C0, "SSL2_DES_192_EDE3_CBC_WITH_MD5"},
    {0x080080, "SSL2_RC4_64_WITH_MD5"},
});
static_assert(registry::sorted_and_unique(kOtherNames));

constexpr bool suites_sorted_and_unique() {
  return std::adjacent_find(kCipherSuites.begin(), kCipherSuites.end(),
                            [](const CipherSuite& a, const CipherSuite& b) { return a.id >= b.id; }) ==
         kCipherSuites.end();
}
static_assert(suites_sorted_and_unique());

}  // namespace

const CipherSuite* find_cipher_suite(std::uint16_t id) {
  const auto* found =
      std::lower_bound(kCipherSuites.begin(), kCipherSuites.end(), id,
                       [](const CipherSuite& suite, std::uint16_t wanted) { return suite.id < wanted; });
  return found != kCipherSuites.end() && found->id == id ? found : nullptr;
}

event::CodePoint cipher_suite_name(std::uint32_t value) {
  if (value <= 0xffff) {
    if (const CipherSuite* suite = find_cipher_suite(static_cast<std::uint16_t>(value))) {
      return {value, suite->name};
    }
    if (registry::is_grease(value)) return {value, registry::kGrease};
  }
  return registry::lookup(kOtherNames, value);
}

std::span<const CipherSuite> cipher_suites() {
  return kCipherSuites;
}

bool is_ephemeral(KeyExchange key_exchange) {
  switch (key_exchange) {
    case Kx::dhe:
    case Kx::dh_anon:
    case Kx::ecdhe:
    case Kx::ecdh_anon:
    case Kx::dhe_psk:
    case Kx::ecdhe_psk:
      return true;
    default:
      return false;
  }
}

std::string_view key_exchange_name(KeyExchange key_exchange) {
  switch (key_exchange) {
    case Kx::unknown:
      return "";
    case Kx::null:
      return "NULL";
    case Kx::rsa:
      return "RSA";
    case Kx::rsa_export:
      return "RSA_EXPORT";
    case Kx::dh:
      return "DH";
    case Kx::dhe:
      return "DHE";
    case Kx::dh_anon:
      return "DH_anon";
    case Kx::ecdh:
      return "ECDH";
    case Kx::ecdhe:
      return "ECDHE";
    case Kx::ecdh_anon:
      return "ECDH_anon";
    case Kx::psk:
      return "PSK";
    case Kx::rsa_psk:
      return "RSA_PSK";
    case Kx::dhe_psk:
      return "DHE_PSK";
    case Kx::ecdhe_psk:
      return "ECDHE_PSK";
    case Kx::srp:
      return "SRP";
    case Kx::krb5:
      return "KRB5";
    case Kx::gost:
      return "GOST";
    case Kx::eccpwd:
      return "ECCPWD";
    case Kx::fortezza:
      return "FORTEZZA_KEA";
    case Kx::tls13:
      return "TLS13";
  }
  return "";
}

}  // namespace tlspeel::tls
