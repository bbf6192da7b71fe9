// Keys behind URIs: files, and a token of SoftHSM2 that the test makes for itself in a folder of its own.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <unistd.h>

#include "tlspeel/crypto/private_key.hpp"

#include "raw_encryption.hpp"
#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kKeys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";

PasswordSource answering(const std::vector<std::string>& passwords) {
  return [passwords](std::string_view, unsigned attempt) -> std::optional<SecretBytes> {
    if (attempt >= passwords.size()) return std::nullopt;
    return SecretBytes(as_bytes(passwords[attempt]));
  };
}

std::string load(const std::string& uri, const PasswordSource& password) {
  const auto keys = PrivateKey::from_uri(uri, password);
  if (!keys) return keys.error().message;
  return std::to_string(keys->size()) + " " + keys->front().description();
}

TEST(KeyUri, IsASchemeOfMoreThanOneLetterAndAColon) {
  for (const char* uri : {"pkcs11:token=a", "file:///tmp/key", "a-b+c.1:x", "PKCS11:"}) {
    EXPECT_TRUE(PrivateKey::looks_like_uri(uri)) << uri;
  }
  for (const char* path : {"", ":", "C:\\key.pem", "server.key", "./pkcs11:a", "1a:b", "a/b:c", "/tmp/a:b"}) {
    EXPECT_FALSE(PrivateKey::looks_like_uri(path)) << path;
  }
}

TEST(KeyUri, OfFiles) {
  EXPECT_EQ(load("file:" + kKeys + "rsa2048_pkcs8.pem", {}), "1 RSA 2048");
  EXPECT_EQ(load("file:" + kKeys + "x25519.der", {}), "1 X25519");
  EXPECT_EQ(load("file:" + kKeys + "pbes2_aes-128-cbc.pem", answering({"wrong", "secret"})), "1 RSA 2048");
  EXPECT_THAT(load("file:" + kKeys + "pbes2_aes-128-cbc.pem", {}),
              HasSubstr("does it need a password or PIN?"));
  EXPECT_THAT(load("file:" + kKeys + "pbes2_aes-128-cbc.pem", answering({"wrong"})),
              EndsWith("no private key there that opens with the given password or PIN"));
  EXPECT_THAT(load("file:" + kKeys + "certificate.pem", {}), HasSubstr("no private key there"));
  EXPECT_THAT(load("file:/nonexistent/key", {}), StartsWith("file:/nonexistent/key: no private key there"));
}

TEST(KeyUri, APinInItIsNotShown) {
  const std::string refusal = load("nothing:token=a?pin-value=471100", {});
  EXPECT_THAT(refusal, StartsWith("nothing:token=a: "));
  EXPECT_THAT(refusal, testing::Not(HasSubstr("471100")));
  EXPECT_EQ(PrivateKey::shown_uri("pkcs11:token=a?pin-value=471100"), "pkcs11:token=a");
  EXPECT_EQ(PrivateKey::shown_uri("pkcs11:token=a;pin-value=471100;object=b"), "pkcs11:token=a;object=b");
  EXPECT_EQ(PrivateKey::shown_uri("pkcs11:pin-value=471100;object=b"), "pkcs11:object=b");
  EXPECT_EQ(PrivateKey::shown_uri("pkcs11:token=a"), "pkcs11:token=a");
}

// Commands of SoftHSM2; what they say is of no interest.
bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

class Token : public testing::Test {
 protected:
  void SetUp() override {
    if (!run("command -v softhsm2-util")) GTEST_SKIP() << "softhsm2-util (Debian: softhsm2) is not installed";
    folder_ = testing::TempDir() + "tlspeel_token_" + std::to_string(getpid());
    std::filesystem::create_directories(folder_ + "/tokens");
    std::ofstream(folder_ + "/softhsm2.conf")
        << "directories.tokendir = " << folder_ << "/tokens\nobjectstore.backend = file\nlog.level = ERROR\n";
    ::setenv("SOFTHSM2_CONF", (folder_ + "/softhsm2.conf").c_str(), 1);
    ASSERT_TRUE(run("softhsm2-util --init-token --free --label peel --so-pin 123456 --pin 4321"));
    // It takes PKCS#8 only, and no key of 512 bits.
    ASSERT_TRUE(run("softhsm2-util --import " + kKeys +
                    "rsa2048_pkcs8.pem --token peel --label server --id 01 "
                    "--pin 4321"));
    // Before anybody has logged in, as then every PIN would do.
    const std::string tried = load(kUri, answering({"1"}));
    if (tried.find("OpenSSL has no access to PKCS#11") != std::string::npos) {
      GTEST_SKIP() << "the engine of OpenSSL (Debian: libengine-pkcs11-openssl) is not installed";
    }
    ASSERT_THAT(tried, EndsWith(": no private key there that opens with the given password or PIN"));
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  const std::string kUri = "pkcs11:token=peel;object=server";
  std::string folder_;
};

// One test, as SoftHSM2 reads its configuration once in a process.
TEST_F(Token, OpensWhatItsKeyOpensAndSaysWhatItCannot) {
  const auto keys = PrivateKey::from_uri(kUri, answering({"wrong", "4321"}));
  ASSERT_TRUE(keys) << keys.error().message;
  const PrivateKey& key = keys->front();
  const auto file =
      PrivateKey::from_file_bytes(read_test_file("vectors/crypto/keys/rsa2048_pkcs8.pem"), "k", {});
  ASSERT_TRUE(file);
  EXPECT_TRUE(key.is_rsa());
  EXPECT_EQ(key.rsa_modulus_size(), 256U);
  EXPECT_EQ(key.spki_sha256(), file->front().spki_sha256());

  const RawEncryption encryption(read_test_file("vectors/crypto/keys/rsa2048_pkcs8.pem"));
  const Bytes encrypted = encryption.encrypt(padded_premaster(encryption.size(), test_premaster()));
  std::vector<std::thread> threads;
  std::atomic<int> recovered = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int n = 0; n < 5; ++n) {
        const auto secret = key.decrypt_premaster(encrypted);
        if (secret && std::ranges::equal(secret->view(), test_premaster())) ++recovered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(recovered, 20);
  EXPECT_FALSE(key.decrypt_premaster(Bytes(256, 1)));
  EXPECT_FALSE(key.decrypt_premaster(Bytes(255, 1)));

  EXPECT_EQ(load(kUri + "?pin-value=4321", {}), "1 RSA 2048 in a token");
  EXPECT_THAT(load("pkcs11:token=peel;object=other", answering({"4321"})),
              StartsWith("pkcs11:token=peel;object=other: no private key there"));
}

}  // namespace
}  // namespace tlspeel::crypto
