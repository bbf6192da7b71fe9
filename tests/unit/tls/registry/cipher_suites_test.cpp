// The facts in the table against the names, which say the same again, and against what this machine's OpenSSL
// says.
#include "tlspeel/tls/cipher_suites.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tlspeel::tls {
namespace {

using crypto::BulkId;
using crypto::HashId;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
bool starts(std::string_view text, std::string_view part) {
  return text.substr(0, part.size()) == part;
}
bool ends(std::string_view text, std::string_view part) {
  return text.size() >= part.size() && text.substr(text.size() - part.size()) == part;
}

struct RsaSuite {
  std::uint16_t id;
  std::string_view name;
  BulkId bulk;
  HashId mac;
  PrfHash prf;
};

// Written down from RFC 2246, 2712, 3268, 4162, 4132, 5246, 5288, 5932, 6209, 6367 and 6655, not from the
// table.
constexpr RsaSuite kRsaSuites[] = {
    {0x0001, "TLS_RSA_WITH_NULL_MD5", BulkId::null, HashId::md5, PrfHash::sha256},
    {0x0002, "TLS_RSA_WITH_NULL_SHA", BulkId::null, HashId::sha1, PrfHash::sha256},
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5", BulkId::rc4_128, HashId::md5, PrfHash::sha256},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA", BulkId::rc4_128, HashId::sha1, PrfHash::sha256},
    {0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA", BulkId::idea_cbc, HashId::sha1, PrfHash::sha256},
    {0x0009, "TLS_RSA_WITH_DES_CBC_SHA", BulkId::des_cbc, HashId::sha1, PrfHash::sha256},
    {0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", BulkId::tdes_ede_cbc, HashId::sha1, PrfHash::sha256},
    {0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", BulkId::aes_128_cbc, HashId::sha1, PrfHash::sha256},
    {0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", BulkId::aes_256_cbc, HashId::sha1, PrfHash::sha256},
    {0x003B, "TLS_RSA_WITH_NULL_SHA256", BulkId::null, HashId::sha256, PrfHash::sha256},
    {0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", BulkId::aes_128_cbc, HashId::sha256, PrfHash::sha256},
    {0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", BulkId::aes_256_cbc, HashId::sha256, PrfHash::sha256},
    {0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", BulkId::camellia_128_cbc, HashId::sha1, PrfHash::sha256},
    {0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", BulkId::camellia_256_cbc, HashId::sha1, PrfHash::sha256},
    {0x0096, "TLS_RSA_WITH_SEED_CBC_SHA", BulkId::seed_cbc, HashId::sha1, PrfHash::sha256},
    {0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", BulkId::aes_128_gcm, HashId::none, PrfHash::sha256},
    {0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384", BulkId::aes_256_gcm, HashId::none, PrfHash::sha384},
    {0x00BA, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256", BulkId::camellia_128_cbc, HashId::sha256,
     PrfHash::sha256},
    {0x00C0, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256", BulkId::camellia_256_cbc, HashId::sha256,
     PrfHash::sha256},
    {0xC03C, "TLS_RSA_WITH_ARIA_128_CBC_SHA256", BulkId::aria_128_cbc, HashId::sha256, PrfHash::sha256},
    {0xC03D, "TLS_RSA_WITH_ARIA_256_CBC_SHA384", BulkId::aria_256_cbc, HashId::sha384, PrfHash::sha384},
    {0xC050, "TLS_RSA_WITH_ARIA_128_GCM_SHA256", BulkId::aria_128_gcm, HashId::none, PrfHash::sha256},
    {0xC051, "TLS_RSA_WITH_ARIA_256_GCM_SHA384", BulkId::aria_256_gcm, HashId::none, PrfHash::sha384},
    {0xC07A, "TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256", BulkId::camellia_128_gcm, HashId::none, PrfHash::sha256},
    {0xC07B, "TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384", BulkId::camellia_256_gcm, HashId::none, PrfHash::sha384},
    {0xC09C, "TLS_RSA_WITH_AES_128_CCM", BulkId::aes_128_ccm, HashId::none, PrfHash::sha256},
    {0xC09D, "TLS_RSA_WITH_AES_256_CCM", BulkId::aes_256_ccm, HashId::none, PrfHash::sha256},
    {0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8", BulkId::aes_128_ccm_8, HashId::none, PrfHash::sha256},
    {0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8", BulkId::aes_256_ccm_8, HashId::none, PrfHash::sha256},
};

constexpr RsaSuite kRsaExportSuites[] = {
    {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", BulkId::rc4_40, HashId::md5, PrfHash::sha256},
    {0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", BulkId::rc2_40_cbc, HashId::md5, PrfHash::sha256},
    {0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", BulkId::des40_cbc, HashId::sha1, PrfHash::sha256},
};

void expect_row(const RsaSuite& expected, KeyExchange key_exchange) {
  const CipherSuite* suite = find_cipher_suite(expected.id);
  ASSERT_NE(suite, nullptr) << expected.name;
  EXPECT_EQ(suite->id, expected.id);
  EXPECT_EQ(suite->name, expected.name);
  EXPECT_EQ(suite->key_exchange, key_exchange) << expected.name;
  EXPECT_EQ(suite->bulk, expected.bulk) << expected.name;
  EXPECT_EQ(suite->mac, expected.mac) << expected.name;
  EXPECT_EQ(suite->prf, expected.prf) << expected.name;
  EXPECT_FALSE(suite->tls13) << expected.name;
}

TEST(CipherSuites, EveryRsaKeyExchangeSuiteIsRight) {
  for (const RsaSuite& expected : kRsaSuites) expect_row(expected, KeyExchange::rsa);
  for (const RsaSuite& expected : kRsaExportSuites) expect_row(expected, KeyExchange::rsa_export);
}

TEST(CipherSuites, NoOtherRegisteredSuiteHasRsaKeyExchange) {
  std::size_t count = 0;
  for (const CipherSuite& suite : cipher_suites()) {
    if (starts(suite.name, "TLS_RSA_WITH_") && !contains(suite.name, "SALSA20")) ++count;
  }
  EXPECT_EQ(count, std::size(kRsaSuites));
}

TEST(CipherSuites, KeyExchangeIsWhatTheNameSays) {
  for (const CipherSuite& suite : cipher_suites()) {
    const std::string_view name = suite.name;
    const std::string_view kx = key_exchange_name(suite.key_exchange);
    const bool named = starts(name, "TLS_");
    if (!named || suite.tls13 || kx.empty() || kx == "GOST") continue;
    std::string prefix = "TLS_" + std::string(kx) + "_";
    if (starts(name, "TLS_RSA_EXPORT1024_WITH_") && kx == "RSA_EXPORT") prefix = "TLS_RSA_EXPORT1024_WITH_";
    if (starts(name, "TLS_PSK_DHE_WITH_")) prefix = "TLS_PSK_DHE_WITH_";
    if (starts(name, "TLS_DHE_PSK_") || starts(name, "TLS_ECDHE_PSK_") || starts(name, "TLS_RSA_PSK_")) {
      EXPECT_TRUE(ends(kx, "_PSK")) << name;
    }
    EXPECT_TRUE(starts(name, prefix)) << name;
  }
}

TEST(CipherSuites, MacAndPrfAreWhatTheNameSays) {
  for (const CipherSuite& suite : cipher_suites()) {
    const std::string_view name = suite.name;
    if (ends(name, "_SHA384")) {
      EXPECT_EQ(suite.prf, PrfHash::sha384) << name;
    }
    if (ends(name, "_SHA256")) {
      EXPECT_EQ(suite.prf, PrfHash::sha256) << name;
    }
    const bool aead = contains(name, "_GCM") || contains(name, "_CCM") || contains(name, "POLY1305") ||
                      contains(name, "_MGM_") || contains(name, "AEGIS");
    if (aead) {
      EXPECT_EQ(suite.mac, HashId::none) << name;
    } else if (ends(name, "_MD5")) {
      EXPECT_EQ(suite.mac, HashId::md5) << name;
    } else if (ends(name, "_SHA") || ends(name, "_SHA1")) {
      EXPECT_EQ(suite.mac, HashId::sha1) << name;
    } else if (ends(name, "_SHA256")) {
      EXPECT_EQ(suite.mac, HashId::sha256) << name;
    } else if (ends(name, "_SHA384")) {
      EXPECT_EQ(suite.mac, HashId::sha384) << name;
    }
  }
}

TEST(CipherSuites, BulkCipherIsWhatTheNameSays) {
  for (const CipherSuite& suite : cipher_suites()) {
    if (suite.bulk == BulkId::unknown || suite.key_exchange == KeyExchange::gost) continue;
    if (suite.name == "TLS_SHA256_SHA256" || suite.name == "TLS_SHA384_SHA384") continue;  // RFC 9150: NULL
    std::string bulk(crypto::bulk_info(suite.bulk).name);
    // RFC 2712 turned the words around.
    if (starts(suite.name, "TLS_KRB5_EXPORT") && suite.bulk == BulkId::des40_cbc) bulk = "DES_CBC_40";
    // The draft's suites have the names of their successors.
    if (suite.bulk == BulkId::chacha20_poly1305_draft) bulk = "CHACHA20_POLY1305";
    EXPECT_TRUE(contains(suite.name, "_" + bulk)) << suite.name << " " << bulk;
    // CCM is a prefix of CCM_8.
    if (contains(suite.name, "CCM_8")) {
      EXPECT_TRUE(ends(bulk, "CCM_8")) << suite.name;
    }
  }
}

TEST(CipherSuites, WithoutAMacOfItsOwnNoSuiteIsTakenForPlaintext) {
  for (const CipherSuite& suite : cipher_suites()) {
    if (suite.bulk == BulkId::null && suite.id != 0) {
      EXPECT_NE(suite.mac, HashId::none) << suite.name;
    }
  }
}

TEST(CipherSuites, Tls13SuitesAreMarked) {
  for (const CipherSuite& suite : cipher_suites()) {
    EXPECT_EQ(suite.tls13, suite.key_exchange == KeyExchange::tls13) << suite.name;
  }
  EXPECT_TRUE(find_cipher_suite(0x1301)->tls13);
  EXPECT_EQ(find_cipher_suite(0x1302)->prf, PrfHash::sha384);
}

struct OpenSslRow {
  std::uint16_t id = 0;
  std::string name, key_exchange, encryption, mac;
};

std::vector<OpenSslRow> openssl_rows() {
  std::vector<OpenSslRow> rows;
  std::ifstream file(TLSPEEL_TESTDATA "/vectors/cipher_suites/openssl.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    OpenSslRow row;
    words >> std::hex >> row.id >> row.name >> row.key_exchange >> row.encryption >> row.mac;
    rows.push_back(row);
  }
  return rows;
}

std::string openssl_key_exchange(KeyExchange key_exchange) {
  switch (key_exchange) {
    case KeyExchange::rsa:
      return "RSA";
    case KeyExchange::dhe:
    case KeyExchange::dh_anon:
      return "DH";
    case KeyExchange::ecdhe:
    case KeyExchange::ecdh_anon:
      return "ECDH";
    case KeyExchange::psk:
      return "PSK";
    case KeyExchange::rsa_psk:
      return "RSAPSK";
    case KeyExchange::dhe_psk:
      return "DHEPSK";
    case KeyExchange::ecdhe_psk:
      return "ECDHEPSK";
    case KeyExchange::srp:
      return "SRP";
    case KeyExchange::tls13:
      return "any";
    default:
      return "another";
  }
}

std::string openssl_encryption(BulkId bulk) {
  switch (bulk) {
    case BulkId::null:
      return "None";
    case BulkId::aes_128_cbc:
      return "AES(128)";
    case BulkId::aes_256_cbc:
      return "AES(256)";
    case BulkId::aes_128_gcm:
      return "AESGCM(128)";
    case BulkId::aes_256_gcm:
      return "AESGCM(256)";
    case BulkId::aes_128_ccm:
      return "AESCCM(128)";
    case BulkId::aes_256_ccm:
      return "AESCCM(256)";
    case BulkId::aes_128_ccm_8:
      return "AESCCM8(128)";
    case BulkId::aes_256_ccm_8:
      return "AESCCM8(256)";
    case BulkId::camellia_128_cbc:
      return "Camellia(128)";
    case BulkId::camellia_256_cbc:
      return "Camellia(256)";
    case BulkId::aria_128_gcm:
      return "ARIAGCM(128)";
    case BulkId::aria_256_gcm:
      return "ARIAGCM(256)";
    case BulkId::chacha20_poly1305:
      return "CHACHA20/POLY1305(256)";
    default:
      return "another";
  }
}

std::string openssl_mac(HashId mac) {
  switch (mac) {
    case HashId::none:
      return "AEAD";
    case HashId::md5:
      return "MD5";
    case HashId::sha1:
      return "SHA1";
    case HashId::sha256:
      return "SHA256";
    case HashId::sha384:
      return "SHA384";
    default:
      return "another";
  }
}

TEST(CipherSuites, AgreesWithOpenSsl) {
  const std::vector<OpenSslRow> rows = openssl_rows();
  ASSERT_EQ(rows.size(), 158U);
  for (const OpenSslRow& row : rows) {
    const CipherSuite* suite = find_cipher_suite(row.id);
    ASSERT_NE(suite, nullptr) << row.name;
    EXPECT_EQ(suite->name, row.name);
    EXPECT_EQ(openssl_key_exchange(suite->key_exchange), row.key_exchange) << row.name;
    EXPECT_EQ(openssl_encryption(suite->bulk), row.encryption) << row.name;
    EXPECT_EQ(openssl_mac(suite->mac), row.mac) << row.name;
  }
}

TEST(CipherSuites, NamesOfWhatElseStandsInLists) {
  EXPECT_EQ(cipher_suite_name(0x00FF).name, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
  EXPECT_EQ(cipher_suite_name(0x5600).name, "TLS_FALLBACK_SCSV");
  EXPECT_EQ(cipher_suite_name(0x5a5a).name, "GREASE");
  EXPECT_EQ(cipher_suite_name(0x010080).name, "SSL2_RC4_128_WITH_MD5");
  EXPECT_EQ(cipher_suite_name(0x00002f).name, "TLS_RSA_WITH_AES_128_CBC_SHA");
  EXPECT_TRUE(cipher_suite_name(0xfefd).name.empty());
  EXPECT_EQ(cipher_suite_name(0x123456).value, 0x123456U);
  EXPECT_EQ(find_cipher_suite(0x00FF), nullptr);
  EXPECT_EQ(find_cipher_suite(0x0a0a), nullptr);
}

}  // namespace
}  // namespace tlspeel::tls
