// PrivateKey::from_file_bytes: what the bytes of a key file are, and if they are no usable key, what they are
// instead.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <openssl/pem.h>
#include <openssl/pemerr.h>

#include "tlspeel/crypto/error.hpp"

#include "crypto/key_description.hpp"
#include "crypto/library.hpp"
#include "crypto/password_tries.hpp"
#include "crypto/pem_encryption.hpp"
#include "crypto/pkcs12.hpp"
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

// All keys that were found, and what else was.
struct Findings {
  std::vector<PkeyPtr> keys;
  bool encrypted = false;       // a key that no password opened
  bool password_tried = false;  // there was one, and it did not fit
  bool damaged_key = false;
  bool openssh = false;
  bool certificate = false;
  bool certificate_request = false;
  bool public_key = false;
  bool damaged_pem = false;
};

bool is_pem(ByteView file);
void read_pem(ByteView file, PasswordTries& passwords, Findings& findings);
void read_der(ByteView file, PasswordTries& passwords, Findings& findings);
std::string explain_no_key(const Findings& findings);
std::optional<std::string> refuse(const EVP_PKEY* key);

}  // namespace

Result<std::vector<PrivateKey>> PrivateKey::from_file_bytes(ByteView file, std::string_view label,
                                                            const PasswordSource& password) {
  const ErrorQueueScope errors;
  const std::string prefix = std::string(label) + ": ";
  if (file.empty()) return fail(prefix + "the file is empty");
  if (file.size() > kMaxKeyFileSize) return fail(prefix + "too large to be a key file");

  Findings findings;
  PasswordTries passwords(password, label);
  try {
    if (is_pem(file)) {
      read_pem(file, passwords, findings);
    } else {
      read_der(file, passwords, findings);
    }
  } catch (const CryptoError& error) {
    return fail(prefix + error.what());
  }

  findings.password_tried = passwords.tried();

  std::vector<PrivateKey> keys;
  std::optional<std::string> refusal;
  for (PkeyPtr& key : findings.keys) {
    if (std::optional<std::string> reason = refuse(key.get())) {
      if (!refusal) refusal = std::move(reason);
    } else {
      keys.push_back(PrivateKey(make_key_state(std::move(key))));
    }
  }
  if (!keys.empty()) return keys;
  return fail(prefix + (refusal ? *refusal : explain_no_key(findings)));
}

namespace {

// ---- PEM

struct PemBlock {
  std::string name;
  std::string header;
  SecretBytes data;
};
enum class PemOutcome { block, damaged, end };

PemOutcome next_block(BIO* bio, PemBlock& block);
void add_block(const PemBlock& block, PasswordTries& passwords, Findings& findings);

bool is_pem(ByteView file) {
  return as_text(file).find("-----BEGIN ") != std::string_view::npos;
}

void read_pem(ByteView file, PasswordTries& passwords, Findings& findings) {
  const BioPtr bio(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  if (!bio) throw CryptoError("no memory to read the key");
  PemBlock block;
  for (PemOutcome outcome = next_block(bio.get(), block); outcome != PemOutcome::end;
       outcome = next_block(bio.get(), block)) {
    if (outcome == PemOutcome::damaged) {
      findings.damaged_pem = true;
    } else {
      add_block(block, passwords, findings);
    }
  }
}

PemOutcome next_block(BIO* bio, PemBlock& block) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  const auto unread = BIO_pending(bio);
  // "Secure": what OpenSSL needs in between is cleansed.
  if (PEM_read_bio_ex(bio, &name, &header, &data, &size, PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) != 1) {
    const bool end =
        ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE || BIO_pending(bio) == unread;
    return end ? PemOutcome::end : PemOutcome::damaged;
  }
  block = {name, header, SecretBytes(ByteView(data, static_cast<std::size_t>(size)))};
  OPENSSL_secure_free(name);
  OPENSSL_secure_free(header);
  OPENSSL_secure_clear_free(data, static_cast<std::size_t>(size));
  return PemOutcome::block;
}

// RFC 5958 section 2: what says itself of what kind its key is, which spares OpenSSL looking among all kinds.
PkeyPtr decode_pkcs8(ByteView der) {
  const unsigned char* p = der.data();
  const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &p, static_cast<long>(der.size())));
  return PkeyPtr(info ? EVP_PKCS82PKEY_ex(info.get(), library::context(), nullptr) : nullptr);
}

PkeyPtr decode_private_key(ByteView der) {
  const ErrorQueueScope errors;
  if (PkeyPtr key = decode_pkcs8(der)) return key;
  const unsigned char* p = der.data();
  return PkeyPtr(
      d2i_AutoPrivateKey_ex(nullptr, &p, static_cast<long>(der.size()), library::context(), nullptr));
}

// RFC 5958 section 3: EncryptedPrivateKeyInfo.
PkeyPtr decrypt_pkcs8(ByteView der, PasswordTries& passwords) {
  const unsigned char* p = der.data();
  const X509SigPtr encrypted(d2i_X509_SIG(nullptr, &p, static_cast<long>(der.size())));
  PkeyPtr key;
  if (!encrypted) return key;
  passwords.any([&](const char* password) {
    const Pkcs8Ptr info(
        PKCS8_decrypt_ex(encrypted.get(), password, -1, library::context_with_legacy(), nullptr));
    if (info) key.reset(EVP_PKCS82PKEY_ex(info.get(), library::context(), nullptr));
    return key != nullptr;
  });
  return key;
}

PkeyPtr decrypt_traditional(const PemBlock& block, PasswordTries& passwords) {
  PkeyPtr key;
  passwords.any([&](const char* password) {
    const auto der = decrypt_pem(block.header, block.data.view(), password);
    if (der) key = decode_private_key(der->view());
    return key != nullptr;
  });
  return key;
}

// RFC 7468 and, for what is older than it, the names that OpenSSL and OpenSSH write.
void add_block(const PemBlock& block, PasswordTries& passwords, Findings& findings) {
  const std::string& name = block.name;
  const bool pkcs8 = name == "ENCRYPTED PRIVATE KEY";
  if (pkcs8 || block.header.find("ENCRYPTED") != std::string::npos) {
    PkeyPtr key = pkcs8 ? decrypt_pkcs8(block.data.view(), passwords) : decrypt_traditional(block, passwords);
    if (key) {
      findings.keys.push_back(std::move(key));
    } else {
      findings.encrypted = true;
    }
  } else if (name == "OPENSSH PRIVATE KEY") {
    findings.openssh = true;
  } else if (name.ends_with("PRIVATE KEY")) {
    PkeyPtr key = decode_private_key(block.data.view());
    if (key) {
      findings.keys.push_back(std::move(key));
    } else {
      findings.damaged_key = true;
    }
  } else if (name.ends_with("PUBLIC KEY")) {
    findings.public_key = true;
  } else if (name.ends_with("CERTIFICATE REQUEST")) {
    findings.certificate_request = true;
  } else if (name.ends_with("CERTIFICATE")) {
    findings.certificate = true;
  }
}

// ---- DER

template <auto kDecode, auto kFree>
bool decodes(ByteView der) {
  const unsigned char* p = der.data();
  auto* object = kDecode(nullptr, &p, static_cast<long>(der.size()));
  kFree(object);
  return object != nullptr;
}

void read_pkcs12(PKCS12* container, PasswordTries& passwords, Findings& findings);

void read_der(ByteView file, PasswordTries& passwords, Findings& findings) {
  if (PkeyPtr key = decode_private_key(file)) {
    findings.keys.push_back(std::move(key));
    return;
  }
  if (const Pkcs12Ptr container = decode_pkcs12(file)) {
    read_pkcs12(container.get(), passwords, findings);
    return;
  }
  if (PkeyPtr key = decrypt_pkcs8(file, passwords)) {
    findings.keys.push_back(std::move(key));
    return;
  }
  findings.encrypted = decodes<d2i_X509_SIG, X509_SIG_free>(file);
  findings.certificate = decodes<d2i_X509, X509_free>(file);
  findings.certificate_request = decodes<d2i_X509_REQ, X509_REQ_free>(file);
  findings.public_key = decodes<d2i_PUBKEY, EVP_PKEY_free>(file);
}

void read_pkcs12(PKCS12* container, PasswordTries& passwords, Findings& findings) {
  Pkcs12Contents contents;
  // "No password" is written in two ways: as an empty string and as none at all (RFC 7292 appendix B.1).
  const bool open =
      open_pkcs12(container, "", contents) || open_pkcs12(container, nullptr, contents) ||
      passwords.any([&](const char* password) { return open_pkcs12(container, password, contents); });
  findings.encrypted = !open;
  findings.certificate = contents.certificate;
  findings.keys = std::move(contents.keys);
}

// ---- verdicts

std::string explain_no_key(const Findings& findings) {
  if (findings.encrypted && findings.password_tried) {
    return "the key is encrypted, and no password that was given opens it";
  }
  if (findings.encrypted) return "the key is encrypted; give its password (--password-file, --password-env)";
  if (findings.damaged_key) return "the private key in it is damaged";
  if (findings.damaged_pem) return "its PEM text is damaged";
  if (findings.openssh) {
    return "an OpenSSH key, neither PEM nor DER; convert it first, e.g. with `ssh-keygen -p -m PEM`";
  }
  if (findings.certificate) return "holds a certificate, not a private key";
  if (findings.certificate_request) return "holds a certificate request, not a private key";
  if (findings.public_key) return "holds only a public key, not the private key";
  return "not a private key (neither PEM nor DER)";
}

std::optional<std::string> refuse(const EVP_PKEY* key) {
  const std::string what = describe_key(key) + " key: ";
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return std::nullopt;
  const auto bits = static_cast<std::size_t>(std::max(EVP_PKEY_get_bits(key), 0));
  if (bits < kMinRsaBits || bits > kMaxRsaBits) {
    return what + "only " + std::to_string(kMinRsaBits) + " to " + std::to_string(kMaxRsaBits) +
           " bits are supported";
  }
  return std::nullopt;
}

}  // namespace
}  // namespace tlspeel::crypto
