#include "tlspeel/crypto/chain_check.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

constexpr std::int64_t kBegin = 1'700'000'000;
constexpr std::int64_t kDay = 86'400;

// A certificate and its key; made anew for each run, as certificates of an authority are signed in a row.
struct Holder {
  PkeyPtr key{EVP_EC_gen("P-256")};
  X509Ptr certificate{X509_new()};

  Bytes der() const {
    Bytes out(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
    unsigned char* to = out.data();
    i2d_X509(certificate.get(), &to);
    return out;
  }
  const X509_NAME* name() const { return X509_get_subject_name(certificate.get()); }
};

void extend(X509* certificate, int what, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Wanted {
  const char* name = "";
  const char* use = nullptr;  // null: an authority
  int days = 100;
};

// issuer: null signs itself.
Holder make(const Wanted& wanted, const Holder* issuer) {
  Holder out;
  X509* const certificate = out.certificate.get();
  static long serial = 0;
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(certificate), kBegin);
  ASN1_TIME_set(X509_getm_notAfter(certificate), kBegin + wanted.days * kDay);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wanted.name), -1, -1, 0);
  X509_set_issuer_name(certificate, issuer != nullptr ? issuer->name() : out.name());
  X509_set_pubkey(certificate, out.key.get());
  extend(certificate, NID_basic_constraints, wanted.use == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (wanted.use != nullptr) {
    extend(certificate, NID_ext_key_usage, wanted.use);
    extend(certificate, NID_subject_alt_name, ("DNS:" + std::string(wanted.name)).c_str());
  }
  X509_sign(certificate, (issuer != nullptr ? *issuer : out).key.get(), EVP_sha256());
  return out;
}

class ChainCheckTest : public testing::Test {
 protected:
  ChainCheckTest() {
    trusted_ = testing::TempDir() + "trusted_XXXXXX";
    const int descriptor = mkstemp(trusted_.data());
    FILE* const file = descriptor >= 0 ? fdopen(descriptor, "w") : nullptr;
    if (file == nullptr) throw std::runtime_error("no temporary file");
    PEM_write_X509(file, root_.certificate.get());
    (void)std::fclose(file);
    setenv("SSL_CERT_FILE", trusted_.c_str(), 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
  }
  ~ChainCheckTest() override {
    (void)std::remove(trusted_.c_str());
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
  }
  std::string ask(const std::vector<const Holder*>& chain, const std::string& host = {},
                  std::int64_t time = kBegin + kDay, bool of_client = false) const {
    const auto check = ChainCheck::of_system();
    if (!check) return check.error().message;
    std::vector<Bytes> ders;
    ChainQuestion question;
    for (const Holder* each : chain) ders.push_back(each->der());
    for (const Bytes& each : ders) question.chain.emplace_back(each);
    question.host = host;
    question.seconds_of_1970 = time;
    question.of_client = of_client;
    return check->verdict(question);
  }

  Holder root_ = make({"Root", nullptr, 1000}, nullptr);
  Holder middle_ = make({"Middle", nullptr, 500}, &root_);
  Holder server_ = make({"www.example.com", "serverAuth"}, &middle_);
  std::string trusted_;
};

TEST_F(ChainCheckTest, BelievesWhatLeadsToARoot) {
  EXPECT_EQ(ask({&server_, &middle_}), "verified");
  EXPECT_EQ(ask({&server_, &middle_, &root_}, "www.example.com"), "verified");
  EXPECT_EQ(ask({&server_, &root_, &middle_}, "WWW.example.com"), "verified");
}

TEST_F(ChainCheckTest, SaysWhatIsWrong) {
  EXPECT_EQ(ask({&server_}), "unable to get local issuer certificate");
  EXPECT_EQ(ask({&server_, &middle_}, "other.example.com"), "hostname mismatch");
  EXPECT_EQ(ask({&server_, &middle_}, {}, kBegin + kDay, true), "unsuitable certificate purpose");
  const Holder stranger = make({"www.example.com", "serverAuth"}, nullptr);
  EXPECT_EQ(ask({&stranger}), "self-signed certificate");
  const Holder forger = make({"Middle", nullptr}, nullptr);
  const Holder forged = make({"www.example.com", "serverAuth"}, &forger);
  EXPECT_EQ(ask({&forged, &middle_}), "certificate signature failure");
}

TEST_F(ChainCheckTest, TheTimeOfTheCaptureCounts) {
  EXPECT_EQ(ask({&server_, &middle_}, {}, kBegin - 1), "certificate is not yet valid");
  EXPECT_EQ(ask({&server_, &middle_}, {}, kBegin + 100 * kDay - 1), "verified");
  EXPECT_EQ(ask({&server_, &middle_}, {}, kBegin + 100 * kDay + 1), "certificate has expired");
}

TEST_F(ChainCheckTest, ClientsAreChecked) {
  const Holder client = make({"ada", "clientAuth"}, &middle_);
  EXPECT_EQ(ask({&client, &middle_}, "www.example.com", kBegin + kDay, true), "verified");
  EXPECT_EQ(ask({&server_, &middle_}, {}, kBegin + kDay, true), "unsuitable certificate purpose");
}

TEST_F(ChainCheckTest, TakesAnything) {
  const auto check = ChainCheck::of_system();
  ASSERT_TRUE(check);
  EXPECT_EQ(check->verdict({}), "not a certificate");
  const Bytes nonsense{1, 2, 3};
  EXPECT_EQ(check->verdict({{nonsense}, false, {}, 0}), "not a certificate");
  const Bytes server = server_.der();
  EXPECT_EQ(check->verdict({{server, nonsense, ByteView()}, false, {}, 0}),
            "unable to get local issuer certificate");
  const Bytes middle = middle_.der();
  ChainQuestion question{{server}, false, {}, kBegin + kDay};
  for (std::size_t i = 1; i < ChainCheck::kMostCertificates; ++i) question.chain.emplace_back(server);
  question.chain.emplace_back(middle);
  EXPECT_NE(check->verdict(question), "verified");  // beyond what is looked at
  question.chain[1] = middle;
  EXPECT_EQ(check->verdict(question), "verified");
}

}  // namespace
}  // namespace tlspeel::crypto
