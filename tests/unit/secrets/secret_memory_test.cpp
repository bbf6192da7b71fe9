// What loads secrets leaves no copy of them in memory that it gave back.
#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include "tlspeel/secrets/passwords.hpp"
#include "tlspeel/secrets/store.hpp"

#include "freed_memory.hpp"
#include "test_folder.hpp"

namespace tlspeel::secrets {
namespace {

// 48 bytes as hex, and what stands in the middle of them.
constexpr std::string_view kHex =
    "4d2f9b6e01c7a8533e9d70b46a1f8c25d7e3094bf6125c8a7b90e1d2c3f4a5968778695a4b3c2d1e0f1122334455667f";
constexpr std::string_view kRaw = "\x3e\x9d\x70\xb4\x6a\x1f\x8c\x25";
constexpr std::string_view kHexPart = "3e9d70b46a1f8c25";
constexpr std::string_view kPassword = "correct horse battery staple";

// A matcher would itself keep a copy of what it looks for.
bool holds_secret(std::string_view text) {
  return text.find(kHexPart) != std::string_view::npos;
}

class FreedMemory : public TestFolder {
 protected:
  void TearDown() override { freed_memory::stop(); }
  // Without a buffer that would itself leave a copy.
  std::string written(std::string_view name, std::initializer_list<std::string_view> parts) const {
    const std::string to = path(name);
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (const std::string_view part : parts) {
      EXPECT_EQ(::write(file, part.data(), part.size()), static_cast<ssize_t>(part.size()));
    }
    ::close(file);
    return to;
  }
  static void expect_clean_load(const Config& config) {
    {
      auto store = Store::load(config);
      ASSERT_TRUE(store) << store.error().message;
      for (const Store::Described& secret : store->secrets()) {
        EXPECT_FALSE(holds_secret(secret.label) || holds_secret(secret.description));
      }
      for (const std::string& warning : store->warnings()) {
        EXPECT_FALSE(holds_secret(warning));
      }
      const Store moved = std::move(*store);
    }
    EXPECT_EQ(freed_memory::found(), 0U);
  }
};

TEST_F(FreedMemory, TheWatchSeesText) {
  freed_memory::watch({kRaw, kHexPart});
  { const std::string copy(kHex); }
  EXPECT_EQ(freed_memory::found(), 1U);
  if (!freed_memory::sees_openssl()) return;
  OPENSSL_free(OPENSSL_strdup(kHex.data()));
  EXPECT_EQ(freed_memory::found(), 2U);
}

TEST_F(FreedMemory, AfterAKeyLog) {
  constexpr std::string_view kId = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  const std::string log = written("keys.log", {"CLIENT_RANDOM ",
                                               kId,
                                               " ",
                                               kHex,
                                               "\nCLIENT_RANDOM ",
                                               kId,
                                               " ",
                                               kHex,
                                               "\nRSA 0011223344556677 ",
                                               kHex,
                                               "\nRSA 0011223344556677 00",
                                               kHex.substr(2),
                                               "\nCLIENT_RANDOM ",
                                               kHex,
                                               "\n",
                                               kHex,
                                               "\n",
                                               "PMS_CLIENT_RANDOM ",
                                               kId,
                                               " ",
                                               kHex,
                                               kHex,
                                               "0\n",
                                               kHex,
                                               " ",
                                               kHex,
                                               " ",
                                               kHex});
  const Config config{{}, {log}, {}, {}, {}, {}};
  freed_memory::watch({kRaw, kHexPart});
  expect_clean_load(config);
}

TEST_F(FreedMemory, AfterASecretWasLookedUp) {
  constexpr std::string_view kId = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  const Config config{{}, {written("keys.log", {"CLIENT_RANDOM ", kId, " ", kHex})}, {}, {}, {}, {}};
  const Bytes id = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa,
                    0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
                    0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  freed_memory::watch({kRaw, kHexPart});
  {
    const auto store = Store::load(config);
    ASSERT_TRUE(store);
    const auto logged = store->logged(KeyLogLabel::client_random, id, 1);
    ASSERT_TRUE(logged);
    EXPECT_EQ(as_text(logged->secret.view()).substr(8, 8), kRaw);
  }
  EXPECT_EQ(freed_memory::found(), 0U);
}

TEST_F(FreedMemory, AfterAKeyLogOutOfACapture) {
  constexpr std::string_view kId = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  static std::array<char, 512> block{};
  const auto size = static_cast<std::size_t>(std::snprintf(
      block.data(), block.size(), "CLIENT_RANDOM %s %s\n%s\n", kId.data(), kHex.data(), kHex.data()));
  freed_memory::watch({kRaw, kHexPart});
  {
    Store store;
    store.add_capture_secrets(0, "a.pcapng", as_bytes(std::string_view(block.data(), size)));
    EXPECT_EQ(store.secrets().size(), 1U);
  }
  EXPECT_EQ(freed_memory::found(), 0U);
}

TEST_F(FreedMemory, AfterAFileOfPreSharedKeys) {
  const Config config{
      {}, {}, {}, {written("psk.txt", {"# keys\nalice:", kHex, "\n", kHex, "\nbob:", kHex, "\n"})}, {}, {}};
  freed_memory::watch({kRaw, kHexPart});
  expect_clean_load(config);
}

TEST_F(FreedMemory, AfterAFileOfPreSharedKeysWithAMistake) {
  const Config config{{}, {}, {}, {written("psk.txt", {"alice:", kHex, "\nbob:", kHex, "0\n"})}, {}, {}};
  freed_memory::watch({kRaw, kHexPart});
  {
    const auto store = Store::load(config);
    ASSERT_FALSE(store);
    EXPECT_FALSE(holds_secret(store.error().message));
  }
  EXPECT_EQ(freed_memory::found(), 0U);
}

TEST_F(FreedMemory, AfterTicketKeys) {
  constexpr std::string_view kName = "0123456789abcdef";
  const std::string small = written("small", {kName, kRaw, kRaw, "12345678", kRaw});
  const std::string large =
      written("large", {kName, kRaw, "12345678", kRaw, "12345678", kRaw, "12345678", kRaw, kRaw});
  const Config config{{}, {}, {}, {}, {small, large}, {}};
  freed_memory::watch({kRaw});
  expect_clean_load(config);
}

TEST_F(FreedMemory, AfterPasswordsThatOpenedAKey) {
  const PasswordConfig where{written("passwords", {"other\n", kPassword, "\n"}), "", false};
  static std::array<char, 64> variable{};
  std::snprintf(variable.data(), variable.size(), "TLSPEEL_TEST_PASSWORD=%s", kPassword.data());
  ::putenv(variable.data());
  const PasswordConfig also{"", "TLSPEEL_TEST_PASSWORD", false};
  const std::string keys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";
  freed_memory::watch({kPassword});
  for (const PasswordConfig& config : {where, also}) {
    auto source = make_password_source(config);
    ASSERT_TRUE(source);
    for (const char* name :
         {"pbes2_aes-128-cbc.pem", "traditional_aes128.pem", "password.p12", "scrypt.pem"}) {
      // None of them fits; all are tried.
      EXPECT_FALSE(Store::load({{keys + name}, {}, {}, {}, {}, *source})) << name;
    }
  }
  EXPECT_EQ(freed_memory::found(), 0U);
  ::unsetenv("TLSPEEL_TEST_PASSWORD");
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A line of base64 in the second half of an RSA key, where nothing is public any more, and the end of another
// one's last number. OpenSSL's own decoders do leave copies behind (seen with 3.0: 17 for one key in DER).
TEST_F(FreedMemory, AfterPrivateKeys) {
  const std::string keys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";
  const std::string pem = content_of(keys + "rsa1024_pkcs1.pem");
  const std::string der = content_of(keys + "rsa2048_pkcs1.der");
  static std::array<char, 24> base64{};
  static std::array<char, 24> number{};
  std::copy_n(pem.begin() + static_cast<std::ptrdiff_t>(pem.size() * 3 / 4), base64.size(), base64.begin());
  std::copy_n(der.end() - std::ptrdiff_t{24}, number.size(), number.begin());
  const Config config{{keys + "rsa1024_pkcs1.pem", keys + "rsa2048_pkcs1.der"}, {}, {}, {}, {}, {}};
  freed_memory::watch({{base64.data(), base64.size()}, {number.data(), number.size()}});
  freed_memory::pass_over_openssl();
  { ASSERT_TRUE(Store::load(config)); }
  EXPECT_EQ(freed_memory::found(), 0U);
}

}  // namespace
}  // namespace tlspeel::secrets
