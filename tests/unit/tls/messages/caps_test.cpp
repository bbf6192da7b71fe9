// Lists that a peer could blow up: what is cut, what is not, and that reading stays linear.
#include <gtest/gtest.h>

#include "tlspeel/tls/messages/messages.hpp"

#include "tls/messages/list_caps.hpp"

namespace tlspeel::tls {
namespace {

void append_number(Bytes& out, std::size_t value, unsigned size) {
  for (unsigned i = size; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Bytes chain_of(std::size_t certificates) {
  Bytes body;
  append_number(body, certificates * 5, 3);
  for (std::size_t i = 0; i < certificates; ++i) append(body, Bytes{0, 0, 2, 0x30, 0x00});
  return body;
}

Bytes tls13_certificate_with_extensions(std::size_t extensions) {
  Bytes body{0};  // certificate_request_context
  append_number(body, 3 + 2 + 2 + extensions * 4, 3);
  append(body, Bytes{0, 0, 2, 0x30, 0x00});
  append_number(body, extensions * 4, 2);
  for (std::size_t i = 0; i < extensions; ++i) append(body, Bytes{0x12, 0x34, 0, 0});
  return body;
}

Bytes supplemental_data_of(std::size_t entries) {
  Bytes body;
  append_number(body, entries * 4, 3);
  for (std::size_t i = 0; i < entries; ++i) append(body, Bytes{0x40, 0x02, 0, 0});
  return body;
}

TEST(ListCaps, CertificateChain) {
  EXPECT_EQ(parse_certificate(chain_of(kMaxCertificates), false)->chain.size(), kMaxCertificates);
  const auto too_many = parse_certificate(chain_of(kMaxCertificates + 1), false);
  ASSERT_FALSE(too_many.has_value());
  EXPECT_STREQ(too_many.error().what, "more than 100 certificates");
}

TEST(ListCaps, ExtensionsOfOneCertificate) {
  const auto most = parse_certificate(tls13_certificate_with_extensions(kMaxCertificateExtensions), true);
  ASSERT_TRUE(most.has_value());
  EXPECT_EQ(most->chain.at(0).extensions.size(), kMaxCertificateExtensions);
  EXPECT_FALSE(
      parse_certificate(tls13_certificate_with_extensions(kMaxCertificateExtensions + 1), true).has_value());
}

TEST(ListCaps, SupplementalData) {
  EXPECT_EQ(parse_supplemental_data(supplemental_data_of(kMaxSupplementalDataEntries))->types.size(),
            kMaxSupplementalDataEntries);
  EXPECT_FALSE(parse_supplemental_data(supplemental_data_of(kMaxSupplementalDataEntries + 1)).has_value());
}

TEST(ListCaps, TheLargestClientHelloIsReadWhole) {
  constexpr std::size_t kSuites = 32767;
  constexpr std::size_t kExtensions = 16383;
  Bytes body{3, 3};
  body.resize(34);
  body.push_back(0);
  append_number(body, kSuites * 2, 2);
  for (std::size_t i = 0; i < kSuites; ++i) append_number(body, i, 2);
  body.push_back(255);
  body.insert(body.end(), 255, 0);
  append_number(body, kExtensions * 4, 2);
  for (std::size_t i = 0; i < kExtensions; ++i) {
    append_number(body, i, 2);
    append_number(body, 0, 2);
  }
  const auto hello = parse_client_hello(body);
  ASSERT_TRUE(hello.has_value());
  EXPECT_EQ(hello->cipher_suites.size(), kSuites);
  EXPECT_EQ(hello->compression_methods.size(), 255U);
  EXPECT_EQ(hello->extensions.size(), kExtensions);
}

TEST(ListCaps, AMessageOfTheLargestSizeThatIsNoHelloIsRefused) {
  Bytes body(0xffffff, 0);
  EXPECT_FALSE(parse_client_hello(body).has_value());
  EXPECT_FALSE(parse_certificate(body, false).has_value());
}

}  // namespace
}  // namespace tlspeel::tls
