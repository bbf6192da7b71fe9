// Key files that need a password, and keys of every kind. testdata/vectors/crypto/keys/make.sh made them.
#include <array>
#include <memory>
#include <optional>

#include "tlspeel/crypto/private_key.hpp"

#include "vectors.hpp"

namespace tlspeel::crypto {
namespace {

Bytes key_file(const std::string& name) {
  return read_test_file("vectors/crypto/keys/" + name);
}

SecretBytes password(std::string_view text) {
  return SecretBytes(as_bytes(text));
}

// Answers with one password after the other, and counts how often it was asked.
class Answers {
 public:
  explicit Answers(std::vector<std::string> passwords) : passwords_(std::move(passwords)) {}

  PasswordSource source() {
    return [this](std::string_view what, unsigned attempt) -> std::optional<SecretBytes> {
      asked_for_ = what;
      EXPECT_EQ(attempt, asked_ % (passwords_.size() + 1)) << "attempts are counted from 0";
      ++asked_;
      if (attempt >= passwords_.size()) return std::nullopt;
      return password(passwords_[attempt]);
    };
  }
  std::size_t asked() const { return asked_; }
  const std::string& asked_for() const { return asked_for_; }

 private:
  std::vector<std::string> passwords_;
  std::size_t asked_ = 0;
  std::string asked_for_;
};

std::string load(const Bytes& file, const PasswordSource& source) {
  const auto keys = PrivateKey::from_file_bytes(file, "k", source);
  if (!keys) return keys.error().message;
  std::string out;
  for (const PrivateKey& key : *keys) out += (out.empty() ? "" : ", ") + key.description();
  return out;
}

struct Kind {
  const char* file;
  const char* keys;
};

constexpr std::array kEncrypted = {
    Kind{"pbes2_aes-128-cbc.pem", "RSA 2048"},
    Kind{"pbes2_aes-256-cbc.pem", "RSA 2048"},
    Kind{"pbes2_des3.pem", "RSA 2048"},
    Kind{"pbes2_camellia-256-cbc.pem", "RSA 2048"},
    Kind{"pbes2_aria-256-cbc.pem", "RSA 2048"},
    Kind{"pbes2_sha512.pem", "RSA 2048"},
    Kind{"scrypt.pem", "RSA 2048"},
    Kind{"PBE-MD5-DES.pem", "RSA 2048"},
    Kind{"PBE-SHA1-DES.pem", "RSA 2048"},
    Kind{"PBE-SHA1-RC4-128.pem", "RSA 2048"},
    Kind{"PBE-SHA1-3DES.pem", "RSA 2048"},
    Kind{"PBE-SHA1-RC2-128.pem", "RSA 2048"},
    Kind{"PBE-SHA1-RC2-40.pem", "RSA 2048"},
    Kind{"traditional_des.pem", "RSA 2048"},
    Kind{"traditional_des3.pem", "RSA 2048"},
    Kind{"traditional_aes128.pem", "RSA 2048"},
    Kind{"traditional_aes256.pem", "RSA 2048"},
    Kind{"traditional_camellia128.pem", "RSA 2048"},
    Kind{"traditional_aria256.pem", "RSA 2048"},
    Kind{"traditional_seed.pem", "RSA 2048"},
    Kind{"ec_p384_sec1_encrypted.pem", "EC P-384"},
    Kind{"x25519_encrypted.pem", "X25519"},
    Kind{"encrypted_pkcs8.der", "RSA 1024"},
    Kind{"encrypted_pkcs8.pem", "RSA 1024"},
    Kind{"encrypted_pkcs1.pem", "RSA 1024"},
    Kind{"password.p12", "RSA 1024"},
    Kind{"legacy.p12", "RSA 1024"},
    Kind{"sha512_mac.p12", "RSA 1024"},
    Kind{"no_mac.p12", "RSA 1024"},
    Kind{"unencrypted.p12", "RSA 1024"},
    Kind{"ec_key_only.p12", "EC P-384"},
};

TEST(EncryptedKey, OpensWithItsPasswordWhateverEncryptedIt) {
  for (const Kind& kind : kEncrypted) {
    Answers answers({"wrong", "", "secret", "never needed"});
    EXPECT_EQ(load(key_file(kind.file), answers.source()), kind.keys) << kind.file;
    EXPECT_EQ(answers.asked(), 3U) << kind.file;
    EXPECT_EQ(answers.asked_for(), "k");
  }
}

TEST(EncryptedKey, WithoutAPasswordOrWithAWrongOneSaysSo) {
  for (const Kind& kind : kEncrypted) {
    const Bytes file = key_file(kind.file);
    EXPECT_EQ(load(file, {}), "k: the key is encrypted; give its password (--password-file, --password-env)")
        << kind.file;
    Answers nobody({});
    EXPECT_EQ(load(file, nobody.source()),
              "k: the key is encrypted; give its password (--password-file, --password-env)");
    EXPECT_EQ(nobody.asked(), 1U);
    Answers wrong({"wrong", "Secret", "secret "});
    EXPECT_EQ(load(file, wrong.source()), "k: the key is encrypted, and no password that was given opens it")
        << kind.file;
    EXPECT_EQ(wrong.asked(), 4U) << kind.file;
  }
}

TEST(EncryptedKey, PasswordsBeyondAscii) {
  for (const char* name : {"pbes2_utf8.pem", "utf8.p12"}) {
    Answers answers({"schl\xc3\xbcssel"});
    EXPECT_NE(load(key_file(name), answers.source()).find("RSA"), std::string::npos) << name;
  }
}

TEST(EncryptedKey, VeryLongPasswordsAreWrongOnesAndNothingElse) {
  for (const char* name : {"pbes2_aes-128-cbc.pem", "traditional_aes128.pem", "password.p12"}) {
    Answers answers({std::string(1000000, 'x'), std::string("secret\0x", 8)});
    const std::string got = load(key_file(name), answers.source());
    // Text with a NUL inside ends there for OpenSSL.
    EXPECT_TRUE(got.starts_with("RSA")) << name << got;
  }
}

TEST(EncryptedKey, SeveralInOneFileEachAskFromTheBeginning) {
  Bytes file = key_file("pbes2_utf8.pem");
  append(file, key_file("x25519.pem"));
  append(file, key_file("traditional_aes128.pem"));
  std::vector<unsigned> attempts;
  const PasswordSource source = [&](std::string_view, unsigned attempt) -> std::optional<SecretBytes> {
    attempts.push_back(attempt);
    if (attempt == 0) return password("secret");
    if (attempt == 1) return password("schl\xc3\xbcssel");
    return std::nullopt;
  };
  EXPECT_EQ(load(file, source), "RSA 2048, X25519, RSA 2048");
  EXPECT_EQ(attempts, (std::vector<unsigned>{0, 1, 0}));
}

constexpr std::array kOpen = {
    Kind{"rsa512_pkcs8.pem", "RSA 512"},
    Kind{"rsa2048_pkcs8.der", "RSA 2048"},
    Kind{"rsa2048_pkcs1.der", "RSA 2048"},
    Kind{"no_password.p12", "RSA 1024"},
    Kind{"unencrypted_no_mac.p12", "RSA 1024"},
    Kind{"ec_p384_pkcs8.pem", "EC P-384"},
    Kind{"ec_p384_sec1.pem", "EC P-384"},
    Kind{"ec_p384_sec1.der", "EC P-384"},
    Kind{"ec_with_parameters.pem", "EC P-384"},
    Kind{"dh.pem", "DH 2048"},
    Kind{"dh.der", "DH 2048"},
    Kind{"dhx.pem", "DH 2048"},
    Kind{"x25519.pem", "X25519"},
    Kind{"x25519.der", "X25519"},
    Kind{"x448.pem", "X448"},
    Kind{"x448.der", "X448"},
    Kind{"ed25519.pem", "Ed25519"},
    Kind{"ed448.pem", "Ed448"},
    Kind{"dsa.pem", "DSA 1024"},
    Kind{"rsa_pss.pem", "RSA-PSS 1024"},
};

const PasswordSource kMustNotAsk = [](std::string_view, unsigned) -> std::optional<SecretBytes> {
  ADD_FAILURE() << "asked for a password that is not needed";
  return std::nullopt;
};

TEST(OpenKey, OfEveryKindAndWithoutAQuestion) {
  for (const Kind& kind : kOpen) EXPECT_EQ(load(key_file(kind.file), kMustNotAsk), kind.keys) << kind.file;
}

TEST(OpenKey, WhatIsNoKeyAsksForNoPassword) {
  for (const char* name : {"certificate.pem", "certificate.der", "public.pem", "public.der", "request.pem",
                           "damaged.pem", "garbage.txt", "openssh.pem"}) {
    EXPECT_TRUE(load(key_file(name), kMustNotAsk).starts_with("k: ")) << name;
  }
}

TEST(OpenKey, CertificatesAloneInAPkcs12File) {
  Answers answers({"secret"});
  EXPECT_EQ(load(key_file("certificates_only.p12"), answers.source()),
            "k: holds a certificate, not a private key");
}

PrivateKey only_key(const std::string& name) {
  auto keys = PrivateKey::from_file_bytes(key_file(name), name, {});
  if (!keys) throw std::runtime_error(keys.error().message);
  return std::move(keys->front());
}

// Explicit parameters (RFC 3279 section 2.3.5) of a curve that has a name: the same key.
TEST(OpenKey, ExplicitParametersAreTheCurveThatTheySpellOut) {
  const PrivateKey spelled = only_key("ec_explicit.pem");
  const PrivateKey named = only_key("ec_p384_pkcs8.pem");
  EXPECT_EQ(spelled.kind(), KeyKind::ec);
  EXPECT_EQ(to_hex(spelled.public_key()), to_hex(named.public_key()));
  const auto secret = spelled.agree(named.public_key());
  ASSERT_TRUE(secret);
  EXPECT_EQ(to_hex(secret->view()), to_hex(named.agree(named.public_key())->view()));
}

TEST(OpenKey, AgreesWithItselfUnlessItOnlySigns) {
  for (const char* name : {"dh.pem", "dhx.pem", "x25519.pem", "x448.pem", "ec_p256.pem"}) {
    const PrivateKey key = only_key(name);
    const auto secret = key.agree(key.public_key());
    ASSERT_TRUE(secret) << name;
    EXPECT_FALSE(secret->empty());
  }
  for (const char* name : {"ed25519.pem", "ed448.pem", "dsa.pem"}) {
    EXPECT_EQ(only_key(name).kind(), KeyKind::signing) << name;
    EXPECT_FALSE(only_key(name).agree(Bytes(32, 9))) << name;
  }
  EXPECT_EQ(only_key("rsa_pss.pem").kind(), KeyKind::signing);
}

TEST(CutKeyFile, IsRefusedAtEveryLength) {
  for (const char* name : {"ec_p384_sec1.der", "x25519.der", "x448.der", "dh.der", "encrypted_pkcs8.der",
                           "x25519.pem", "ec_p384_sec1.pem", "x25519_encrypted.pem"}) {
    const Bytes whole = key_file(name);
    const std::size_t needed = whole.back() == '\n' ? whole.size() - 1 : whole.size();
    for (std::size_t size = 1; size < needed; ++size) {
      Answers answers({"secret"});
      const std::string got = load(to_bytes(ByteView(whole).first(size)), answers.source());
      ASSERT_TRUE(got.starts_with("k: ")) << name << ' ' << size << ' ' << got;
    }
  }
}

TEST(CutKeyFile, OfPkcs12TooAndWithEveryByteChanged) {
  for (const char* name : {"unencrypted_no_mac.p12", "no_mac.p12"}) {
    const Bytes whole = key_file(name);
    for (std::size_t size = 1; size < whole.size(); size += size + 40 < whole.size() ? 23U : 1U) {
      ASSERT_TRUE(load(to_bytes(ByteView(whole).first(size)), {}).starts_with("k: ")) << name << size;
    }
    // Nothing to compare with: it must not crash, and memory checkers look on.
    Bytes changed = whole;
    for (std::size_t i = 0; i < changed.size(); i += 17) {
      changed[i] ^= 0x21;
      Answers answers({"secret"});
      (void)load(changed, answers.source());
      changed[i] ^= 0x21;
    }
  }
}

}  // namespace
}  // namespace tlspeel::crypto
