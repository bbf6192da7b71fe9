#include "tlspeel/secrets/store.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kKeys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";

std::string problem(const std::vector<std::string>& paths) {
  const auto store = Store::load({paths});
  return store ? "loaded" : store.error().message;
}

std::vector<std::string> labels(const Store& store) {
  std::vector<std::string> out;
  for (const Store::Described& key : store.secrets()) out.push_back(key.label + " " + key.description);
  return out;
}

class StoreFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "tlspeel_store_" + std::to_string(getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void copy(const std::string& key, const std::string& to) const {
    std::filesystem::copy_file(kKeys + key, folder_ + "/" + to);
  }

  std::string folder_;
};

TEST(Store, EmptyWithoutKeys) {
  EXPECT_TRUE(Store().empty());
  const auto store = Store::load({});
  ASSERT_TRUE(store);
  EXPECT_TRUE(store->empty());
  EXPECT_TRUE(store->candidates({}, 256).empty());
}

TEST(Store, CandidatesByCertificateOrBySize) {
  const auto store =
      Store::load({{kKeys + "rsa2048_pkcs8.pem", kKeys + "rsa512_pkcs8.pem", kKeys + "rsa1024_pkcs1.pem"}});
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_THAT(labels(*store), ElementsAre("rsa2048_pkcs8.pem RSA 2048", "rsa512_pkcs8.pem RSA 512",
                                          "rsa1024_pkcs1.pem RSA 1024"));
  const auto by_size = store->candidates({}, 128);
  ASSERT_EQ(by_size.size(), 1U);
  EXPECT_EQ(by_size[0].label, "rsa1024_pkcs1.pem");
  EXPECT_EQ(by_size[0].index, 2U);
  const auto by_certificate = store->candidates(by_size[0].key->spki_sha256(), 128);
  ASSERT_EQ(by_certificate.size(), 1U);
  EXPECT_EQ(by_certificate[0].key, by_size[0].key);
  EXPECT_TRUE(store->candidates(Bytes(32, 1), 128).empty());
  EXPECT_TRUE(store->candidates({}, 127).empty());
}

TEST(Store, TheSameKeyInSeveralFormsIsOneKey) {
  const auto store =
      Store::load({{kKeys + "rsa2048_pkcs8.pem", kKeys + "rsa2048_pkcs1.der", kKeys + "rsa2048_pkcs8.der"}});
  ASSERT_TRUE(store);
  EXPECT_THAT(labels(*store), ElementsAre("rsa2048_pkcs8.pem RSA 2048"));
}

TEST(Store, ErrorsNameFileAndCause) {
  EXPECT_EQ(problem({"/nonexistent/server.key"}), "/nonexistent/server.key: No such file or directory");
  EXPECT_THAT(problem({kKeys + "certificate.pem"}),
              EndsWith("certificate.pem: holds a certificate, not a private key"));
  // A good key does not hide a bad one.
  EXPECT_THAT(problem({kKeys + "rsa512_pkcs8.pem", kKeys + "public.pem"}),
              EndsWith("public.pem: holds only a public key, not the private key"));
  EXPECT_EQ(problem({""}), "the name of a key file is empty");
}

TEST_F(StoreFolder, AllKeysInNameOrderOthersSkipped) {
  copy("rsa1024_pkcs1.pem", "b.key");
  copy("rsa512_pkcs8.pem", "a.key");
  copy("certificate.pem", "a.crt");
  copy("garbage.txt", "README");
  std::filesystem::create_directory(folder_ + "/sub");
  const auto store = Store::load({{folder_}});
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_THAT(labels(*store), ElementsAre("a.key RSA 512", "b.key RSA 1024"));
}

TEST_F(StoreFolder, FilesOfOneNameAreToldApartByPath) {
  std::filesystem::create_directory(folder_ + "/sub");
  copy("rsa1024_pkcs1.pem", "server.key");
  copy("rsa512_pkcs8.pem", "sub/server.key");
  const auto store = Store::load({{folder_ + "/server.key", folder_ + "/sub/server.key"}});
  ASSERT_TRUE(store);
  EXPECT_THAT(labels(*store),
              ElementsAre(folder_ + "/server.key RSA 1024", folder_ + "/sub/server.key RSA 512"));
}

TEST_F(StoreFolder, WithoutAnyKeyIsAnError) {
  EXPECT_EQ(problem({folder_}), folder_ + ": the folder holds no files");
  copy("certificate.pem", "a.crt");
  EXPECT_THAT(problem({folder_}),
              StartsWith(folder_ + ": none of the files in this folder is a usable private key"));
}

TEST_F(StoreFolder, AFileThatMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  copy("rsa512_pkcs8.pem", "secret.key");
  std::filesystem::permissions(folder_ + "/secret.key", std::filesystem::perms::none);
  EXPECT_EQ(problem({folder_ + "/secret.key"}), folder_ + "/secret.key: Permission denied");
}

TEST_F(StoreFolder, ALargeFileIsNotReadToItsEnd) {
  const std::string path = folder_ + "/large";
  { std::ofstream(path) << "x"; }
  std::filesystem::resize_file(path, std::uintmax_t{1} << 32);
  EXPECT_EQ(problem({path}), path + ": too large to be a key file");
}

}  // namespace
}  // namespace tlspeel::secrets
