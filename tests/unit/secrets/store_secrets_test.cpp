// The Store over everything but private keys: lookup order, labels, warnings, secrets of captures.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/secrets/store.hpp"

#include "test_folder.hpp"

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

std::string hex(std::size_t bytes, std::string_view pair) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += pair;
  return out;
}

std::string client_random(std::string_view id, std::string_view secret) {
  return "CLIENT_RANDOM " + hex(32, id) + " " + hex(48, secret) + "\n";
}

const Bytes kId(32, 0xa1);

std::string logged(const Store& store, std::uint64_t packet, ByteView id = kId) {
  const auto found = store.logged(KeyLogLabel::client_random, id, packet);
  return found ? to_hex(found->secret.view()).substr(0, 2) + " of " + found->label : "nothing";
}

class StoreSecrets : public TestFolder {
 protected:
  static Store load(const Config& config) {
    auto store = Store::load(config);
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : Store();
  }
  static std::string problem(const Config& config) {
    const auto store = Store::load(config);
    return store ? "loaded" : store.error().message;
  }
  static std::vector<std::string> described(const Store& store) {
    std::vector<std::string> out;
    for (const Store::Described& d : store.secrets()) {
      out.push_back(std::string(d.kind) + ": " + d.label + ", " + d.description);
    }
    return out;
  }
};

TEST_F(StoreSecrets, KeyLogsInTheOrderGivenAndBeforeTheCapture) {
  const std::string first = file("first.log", client_random("a1", "11"));
  const std::string second = file("second.log", client_random("a1", "22") + client_random("b2", "33"));
  Store store = load({{}, {first, second}, {}, {}, {}, {}});
  store.add_capture_secrets(0, "/captures/a.pcapng",
                            as_bytes(client_random("a1", "44") + client_random("c3", "55")));
  EXPECT_EQ(logged(store, 1), "11 of first.log");
  EXPECT_EQ(logged(store, 1, Bytes(32, 0xb2)), "33 of second.log");
  EXPECT_EQ(logged(store, 1, Bytes(32, 0xc3)), "55 of secrets in a.pcapng");
  EXPECT_EQ(logged(store, 1, Bytes(32, 0xd4)), "nothing");
  EXPECT_TRUE(store.logged_any(kId, 1));
  EXPECT_TRUE(store.logged_any(Bytes(32, 0xc3), 1));
  EXPECT_FALSE(store.logged_any(Bytes(32, 0xd4), 1));
  EXPECT_TRUE(store.has_key_log(0));
}

TEST_F(StoreSecrets, ThoseOfACaptureCountFromTheirPacketOn) {
  Store store;
  EXPECT_FALSE(store.has_key_log(100));
  store.add_capture_secrets(10, "a.pcapng", as_bytes(client_random("a1", "44")));
  EXPECT_EQ(logged(store, 9), "nothing");
  EXPECT_EQ(logged(store, 10), "nothing");
  EXPECT_EQ(logged(store, 11), "44 of secrets in a.pcapng");
  EXPECT_FALSE(store.logged_any(kId, 10));
  EXPECT_TRUE(store.logged_any(kId, 11));
  EXPECT_FALSE(store.has_key_log(10));
  EXPECT_TRUE(store.has_key_log(11));
  // The same again, later: still from the first one on. Something else: the first one counts.
  store.add_capture_secrets(20, "a.pcapng", as_bytes(client_random("a1", "44")));
  store.add_capture_secrets(30, "b.pcapng", as_bytes(client_random("a1", "66")));
  EXPECT_EQ(logged(store, 11), "44 of secrets in a.pcapng");
  EXPECT_EQ(logged(store, 31), "44 of secrets in a.pcapng");
  EXPECT_THAT(described(store), ElementsAre("secrets in the capture: secrets in a.pcapng, 1 secret",
                                            "secrets in the capture: secrets in b.pcapng, 0 secrets"));
}

TEST_F(StoreSecrets, EveryKindIsDescribedInItsOrder) {
  const std::string keys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";
  Store store = load({{keys + "x25519.pem"},
                      {file("keys.log", client_random("a1", "11") + client_random("b2", "22"))},
                      {"alice:00112233", "44"},
                      {file("psk.txt", "bob:5566\n")},
                      {file("ticket.key", std::string(48, 't')), file("ticket80.key", std::string(80, 't'))},
                      {}});
  EXPECT_FALSE(store.empty());
  store.add_capture_secrets(0, "a.pcapng", as_bytes(client_random("c3", "44")));
  EXPECT_THAT(described(store),
              ElementsAre("private key: x25519.pem, X25519", "key log: keys.log, 2 secrets",
                          "secrets in the capture: secrets in a.pcapng, 1 secret",
                          "pre-shared key: PSK alice, 4 bytes", "pre-shared key: PSK, 1 byte",
                          "pre-shared key: PSK bob, 2 bytes", "ticket key: ticket.key, AES-128",
                          "ticket key: ticket80.key, AES-256"));
  EXPECT_THAT(store.warnings(), IsEmpty());
}

TEST_F(StoreSecrets, FilesOfOneNameAreToldApartByPath) {
  std::filesystem::create_directory(path("sub"));
  const std::string first = file("keys.log", client_random("a1", "11"));
  const std::string second = file("sub/keys.log", client_random("b2", "22"));
  const std::string ticket = file("sub/t", std::string(48, 't'));
  const std::string other = file("t", std::string(48, 'u'));
  const Store store = load({{}, {first, second}, {}, {}, {ticket, other}, {}});
  EXPECT_EQ(logged(store, 1), "11 of keys.log");
  EXPECT_EQ(logged(store, 1, Bytes(32, 0xb2)), "22 of " + second);
  EXPECT_EQ(described(store).back(), "ticket key: " + other + ", AES-128");
}

TEST_F(StoreSecrets, WarningsNameFileLineAndWhatIsOdd) {
  const std::string odd =
      file("odd.log", client_random("a1", "11") + "rubbish\n" + client_random("a1", "12"));
  const std::string none = file("none.log", "# nothing\n");
  const Store store = load({{}, {odd, none}, {}, {}, {}, {}});
  EXPECT_THAT(
      store.warnings(),
      ElementsAre(odd + ": 1 malformed line and 1 contradiction (line 2: cut off: label, id and secret are "
                        "due; line 3: another CLIENT_RANDOM for the same connection; the first one counts)",
                  none + ": no secret in this key log"));
  const Store only_duplicates = load({{}, {odd, odd}, {}, {}, {}, {}});
  EXPECT_EQ(only_duplicates.warnings().size(), 2U);
}

TEST_F(StoreSecrets, ManyBlocksOfACaptureAreOneWarning) {
  Store store;
  for (std::uint64_t packet = 0; packet < 3000; ++packet) {
    store.add_capture_secrets(packet, "a.pcapng", as_bytes("x\n"));
    store.add_capture_secrets(packet, "a.pcapng", as_bytes("y\n"));
  }
  ASSERT_EQ(store.warnings().size(), 1U);
  EXPECT_THAT(store.warnings().front(), HasSubstr("secrets in a.pcapng: 6000 malformed lines (line 1: "));
  EXPECT_THAT(store.warnings().front(), EndsWith("; ...)"));
  EXPECT_LT(store.warnings().front().size(), 1000U);
}

TEST_F(StoreSecrets, ErrorsEndTheLoad) {
  EXPECT_EQ(problem({{}, {"/nonexistent/keys.log"}, {}, {}, {}, {}}),
            "/nonexistent/keys.log: No such file or directory");
  EXPECT_EQ(problem({{}, {path("")}, {}, {}, {}, {}}), path("") + ": Is a directory");
  EXPECT_THAT(problem({{}, {}, {"alice"}, {}, {}, {}}), HasSubstr("a pre-shared key is IDENTITY:HEX"));
  EXPECT_THAT(problem({{}, {}, {}, {file("psk", "x")}, {}, {}}),
              HasSubstr("psk: line 1 is no pre-shared key"));
  EXPECT_THAT(problem({{}, {}, {}, {}, {file("t", "x")}, {}}), HasSubstr("has 48 or 80 bytes"));
}

TEST_F(StoreSecrets, KeysAreFoundByTheirPublicHalfAndByCertificate) {
  const std::string keys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";
  const Store store = load(
      {{keys + "ec_p384_pkcs8.pem", keys + "x25519.pem", keys + "rsa1024_pkcs1.pem", keys + "ed25519.pem"},
       {},
       {},
       {},
       {},
       {}});
  const auto rsa = store.candidates({}, 128);
  ASSERT_EQ(rsa.size(), 1U);
  EXPECT_EQ(rsa[0].index, 2U);
  const auto by_certificate = store.key_of_certificate(rsa[0].key->spki_sha256());
  ASSERT_TRUE(by_certificate);
  EXPECT_EQ(by_certificate->label, "rsa1024_pkcs1.pem");
  EXPECT_FALSE(store.key_of_certificate({}));
  EXPECT_FALSE(store.key_of_certificate(Bytes(32, 1)));
  // Ed25519 and RSA keys have no public half of this kind: an empty value is nobody's.
  EXPECT_FALSE(store.key_of_public({}));
  EXPECT_FALSE(store.key_of_public(Bytes(32, 1)));
  const auto x25519 = crypto::PrivateKey::from_uri("file:" + keys + "x25519.pem", {});
  ASSERT_TRUE(x25519);
  const auto by_public = store.key_of_public(x25519->front().public_key());
  ASSERT_TRUE(by_public);
  EXPECT_EQ(by_public->label, "x25519.pem");
}

TEST_F(StoreSecrets, EncryptedKeysOfAFolderArePassedOverWithAWarning) {
  const std::string keys = TLSPEEL_TESTDATA "/vectors/crypto/keys/";
  std::filesystem::copy_file(keys + "encrypted_pkcs8.pem", path("a.key"));
  std::filesystem::copy_file(keys + "x25519.pem", path("b.key"));
  const Store store = load({{path("")}, {}, {}, {}, {}, {}});
  EXPECT_THAT(described(store), ElementsAre("private key: b.key, X25519"));
  EXPECT_THAT(store.warnings(), ElementsAre(HasSubstr("a.key: the key is encrypted; give its password")));
}

// The only writer beside many readers; the thread checker looks on.
TEST_F(StoreSecrets, CaptureSecretsComeWhileOthersLook) {
  Store store = load({{}, {file("keys.log", client_random("a1", "11"))}, {}, {}, {}, {}});
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        if (logged(store, 1) != "11 of keys.log") ++wrong;
        const std::string got = logged(store, 500, Bytes(32, 0x77));
        if (got != "nothing" && got != "88 of secrets in a.pcapng") ++wrong;
        (void)store.logged_any(Bytes(32, 0x77), 500);
        (void)store.has_key_log(500);
        (void)store.secrets();
        (void)store.warnings();
        (void)store.empty();
      }
    });
  }
  for (std::uint64_t packet = 0; packet < 200; ++packet) {
    const auto pair = to_hex(Bytes{static_cast<std::uint8_t>(packet)});
    store.add_capture_secrets(packet, "a.pcapng",
                              as_bytes(client_random(pair, packet == 0x77 ? "88" : "99") + "x\n"));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(logged(store, 500, Bytes(32, 0x77)), "88 of secrets in a.pcapng");
}

}  // namespace
}  // namespace tlspeel::secrets
