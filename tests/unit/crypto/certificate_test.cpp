#include "tlspeel/crypto/certificate.hpp"

#include <gmock/gmock.h>

#include "tlspeel/crypto/digest.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

CertificateFields describe(const std::string& name) {
  return describe_certificate(read_test_file("corpus/x509/" + name));
}

TEST(Certificate, EveryFieldOfAnRsaCertificate) {
  const Bytes der = read_test_file("corpus/x509/rsa.der");
  const CertificateFields fields = describe_certificate(der);
  ASSERT_TRUE(fields.parsed) << fields.problem;
  EXPECT_EQ(fields.problem, "");
  // RFC 4514: last first, special characters escaped, UTF-8 as it is.
  EXPECT_EQ(fields.subject,
            "emailAddress=a@example.com,CN=www.example.com,O=Beispiel\\, Größe \\+ Söhne,C=DE");
  EXPECT_EQ(fields.issuer, fields.subject);
  EXPECT_EQ(fields.serial_hex, "0102030405060708090a");
  EXPECT_THAT(fields.subject_alt_names,
              ElementsAre("DNS:www.example.com", "DNS:*.example.com", "IP:192.0.2.7", "IP:2001:db8::1",
                          "email:a@example.com", "URI:https://example.com/", "RID:1.2.3.4",
                          "otherName:1.2.3.4", "DirName:CN=other"));
  EXPECT_THAT(fields.not_before, MatchesRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
  EXPECT_LT(fields.not_before, fields.not_after);
  EXPECT_EQ(fields.public_key, "RSA 1024");
  EXPECT_EQ(fields.public_key_hex.size(), 256U);
  EXPECT_EQ(fields.rsa_public_exponent, 65537U);
  EXPECT_EQ(fields.signature_algorithm, "sha256WithRSAEncryption");
  EXPECT_EQ(fields.sha256_hex, to_hex(hash(HashId::sha256, {der})));
}

TEST(Certificate, OtherKindsOfKeys) {
  EXPECT_EQ(describe("ec.der").public_key, "EC P-256");
  EXPECT_EQ(describe("ec.der").public_key_hex.substr(0, 2), "04");
  EXPECT_EQ(describe("ec.der").signature_algorithm, "ecdsa-with-SHA256");
  EXPECT_EQ(describe("ed.der").public_key, "Ed25519");
  EXPECT_EQ(describe("pss.der").public_key, "RSA-PSS 1024");
  EXPECT_EQ(describe("pss.der").signature_algorithm, "rsassaPss");
  EXPECT_EQ(describe("dsa.der").public_key, "DSA 1024");
  EXPECT_EQ(describe("rsa512.der").public_key, "RSA 512");
  EXPECT_EQ(describe("rsa512.der").signature_algorithm, "sha1WithRSAEncryption");
  EXPECT_TRUE(describe("ecx.der").parsed);
}

TEST(Certificate, EmbeddedNulAndBrokenTextSurvive) {
  const CertificateFields nul = describe("nul.der");
  ASSERT_TRUE(nul.parsed);
  EXPECT_THAT(nul.subject, HasSubstr("CN=www\\00example.com"));
  EXPECT_EQ(nul.subject_alt_names.at(0), std::string("DNS:www\0example.com", 19));
  // Text that claims to be UTF-8 and is not: read as Latin-1.
  const CertificateFields broken = describe("badutf8.der");
  ASSERT_TRUE(broken.parsed) << broken.problem;
  EXPECT_THAT(broken.subject, HasSubstr("O=Beispiel\\, Gr\xc3\xbf\xc3\xbe\xc3\xbf\xc3\xbe"));
  EXPECT_THAT(broken.subject, HasSubstr("CN=www.example.com"));
  EXPECT_TRUE(describe("bmp.der").parsed);
}

TEST(Certificate, CutAtEveryLengthAndWithEveryByteChanged) {
  const Bytes whole = read_test_file("corpus/x509/rsa.der");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const CertificateFields fields = describe_certificate(ByteView(whole).first(size));
    EXPECT_FALSE(fields.parsed) << size;
    EXPECT_FALSE(fields.problem.empty());
    EXPECT_EQ(fields.sha256_hex.size(), 64U);
    EXPECT_TRUE(certificate_spki_sha256(ByteView(whole).first(size)).empty());
  }
  Bytes changed = whole;
  for (std::uint8_t& byte : changed) {
    for (const int mask : {0x01, 0x20, 0x80, 0xff}) {
      byte = static_cast<std::uint8_t>(byte ^ mask);
      const CertificateFields fields = describe_certificate(changed);
      EXPECT_NE(fields.parsed, !fields.problem.empty());
      byte = static_cast<std::uint8_t>(byte ^ mask);
    }
  }
}

// What gnutls-serv sent for an EC and an Ed25519 key (RFC 7250).
constexpr std::string_view kEcKey =
    "3059301306072a8648ce3d020106082a8648ce3d0301070342000457795fb08dca2389be240dbf030d2e1f7e588a1770da6eea"
    "59014e63d326eba4851d6b4fe8ec8005f7f9f441d8548b7082364afe41aecf0457e199311e574c09";
constexpr std::string_view kEd25519Key =
    "302a300506032b6570032100e8805e923e70f500c84827bee19b2751770168bf38e8bcb38ab84c1259ba0ad0";

TEST(RawPublicKey, IsToldFromACertificate) {
  for (const auto& [hex, name] : {std::pair(kEcKey, "EC P-256"), std::pair(kEd25519Key, "Ed25519")}) {
    const Bytes der = *from_hex(hex);
    const CertificateFields fields = describe_certificate(der);
    EXPECT_TRUE(fields.parsed) << fields.problem;
    EXPECT_TRUE(fields.raw_public_key);
    EXPECT_EQ(fields.public_key, name);
    EXPECT_TRUE(hex.ends_with(fields.public_key_hex));
    EXPECT_EQ(fields.subject + fields.issuer + fields.serial_hex + fields.not_before, "");
    EXPECT_EQ(fields.sha256_hex, to_hex(hash(HashId::sha256, {der})));
    EXPECT_EQ(to_hex(certificate_spki_sha256(der)), fields.sha256_hex);
  }
  EXPECT_FALSE(describe("rsa.der").raw_public_key);
}

TEST(RawPublicKey, CutOrLengthenedIsNone) {
  Bytes der = *from_hex(kEcKey);
  for (std::size_t size = 0; size < der.size(); ++size) {
    const CertificateFields fields = describe_certificate(ByteView(der).first(size));
    EXPECT_FALSE(fields.parsed || fields.raw_public_key) << size;
    EXPECT_TRUE(certificate_spki_sha256(ByteView(der).first(size)).empty());
  }
  der.push_back(0);
  EXPECT_FALSE(describe_certificate(der).parsed);
}

TEST(RawPublicKey, OfAnAlgorithmThatNobodyKnowsIsNamed) {
  // Algorithm 1.2.3.4, no parameters.
  const CertificateFields fields = describe_certificate(*from_hex("300c300506032a0304030300aabb"));
  EXPECT_TRUE(fields.raw_public_key);
  EXPECT_EQ(fields.public_key, "1.2.3.4 (not readable)");
  EXPECT_EQ(fields.public_key_hex, "aabb");
}

TEST(Certificate, TooLargeIsSaid) {
  const CertificateFields fields = describe_certificate(Bytes(kMaxCertificateSize + 1, 0x30));
  EXPECT_FALSE(fields.parsed);
  EXPECT_EQ(fields.problem, "certificate larger than 256 KiB");
  EXPECT_TRUE(certificate_spki_sha256(Bytes(kMaxCertificateSize + 1, 0x30)).empty());
}

TEST(DistinguishedName, OrderEscapingAndWhatIsNoName) {
  // CN=a, then O="b" (X.501 Name, DER).
  const auto der = from_hex("3018310a300806035504030c0161310a3008060355040a0c0162");
  ASSERT_TRUE(der);
  EXPECT_EQ(describe_distinguished_name(*der), "O=b,CN=a");
  Bytes broken = *der;
  broken[13] = 0xff;
  EXPECT_EQ(describe_distinguished_name(broken), "O=b,CN=\xc3\xbf");
  EXPECT_EQ(describe_distinguished_name(Bytes{0x30, 0x00}), "");
  EXPECT_EQ(describe_distinguished_name(Bytes{0x31, 0x05}), "#3105");
  Bytes trailing = *der;
  trailing.push_back(0);
  EXPECT_EQ(describe_distinguished_name(trailing), "#" + to_hex(trailing));
}

}  // namespace
}  // namespace tlspeel::crypto
