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
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

// All keys that were found, and what else was.
struct Findings {
  std::vector<PkeyPtr> keys;
  bool encrypted = false;
  bool encrypted_pkcs12 = false;
  bool damaged_key = false;
  bool openssh = false;
  bool certificate = false;
  bool certificate_request = false;
  bool public_key = false;
  bool damaged_pem = false;
};

bool is_pem(ByteView file);
void read_pem(ByteView file, Findings& findings);
void read_der(ByteView file, Findings& findings);
std::string explain_no_key(const Findings& findings);
std::optional<std::string> refuse(const EVP_PKEY* key);
std::unique_ptr<PrivateKey::State> make_state(PkeyPtr key);

}  // namespace

Result<std::vector<PrivateKey>> PrivateKey::from_file_bytes(ByteView file, std::string_view label,
                                                            const PasswordSource& /*password*/) {
  const ErrorQueueScope errors;
  const std::string prefix = std::string(label) + ": ";
  if (file.empty()) return fail(prefix + "the file is empty");
  if (file.size() > kMaxKeyFileSize) return fail(prefix + "too large to be a key file");

  Findings findings;
  try {
    if (is_pem(file)) {
      read_pem(file, findings);
    } else {
      read_der(file, findings);
    }
  } catch (const CryptoError& error) {
    return fail(prefix + error.what());
  }

  std::vector<PrivateKey> keys;
  std::optional<std::string> refusal;
  for (PkeyPtr& key : findings.keys) {
    if (std::optional<std::string> reason = refuse(key.get())) {
      if (!refusal) refusal = std::move(reason);
    } else {
      keys.push_back(PrivateKey(make_state(std::move(key))));
    }
  }
  if (!keys.empty()) return keys;
  return fail(prefix + (refusal ? *refusal : explain_no_key(findings)));
}

namespace {

// ---- PEM
// ----------------------------------------------------------------------------------------------------------------------------

struct PemBlock {
  std::string name;
  std::string header;
  SecretBytes data;
};
enum class PemOutcome { block, damaged, end };

PemOutcome next_block(BIO* bio, PemBlock& block);
void add_block(const PemBlock& block, Findings& findings);

bool is_pem(ByteView file) {
  return as_text(file).find("-----BEGIN ") != std::string_view::npos;
}

void read_pem(ByteView file, Findings& findings) {
  const BioPtr bio(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  if (!bio) throw CryptoError("no memory to read the key");
  PemBlock block;
  for (PemOutcome outcome = next_block(bio.get(), block); outcome != PemOutcome::end;
       outcome = next_block(bio.get(), block)) {
    if (outcome == PemOutcome::damaged) {
      findings.damaged_pem = true;
    } else {
      add_block(block, findings);
    }
  }
}

PemOutcome next_block(BIO* bio, PemBlock& block) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  const auto unread = BIO_pending(bio);
  if (PEM_read_bio(bio, &name, &header, &data, &size) != 1) {
    const bool end =
        ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE || BIO_pending(bio) == unread;
    return end ? PemOutcome::end : PemOutcome::damaged;
  }
  block = {name, header, SecretBytes(ByteView(data, static_cast<std::size_t>(size)))};
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  return PemOutcome::block;
}

PkeyPtr decode_private_key(ByteView der) {
  const unsigned char* p = der.data();
  return PkeyPtr(
      d2i_AutoPrivateKey_ex(nullptr, &p, static_cast<long>(der.size()), library::context(), nullptr));
}

// RFC 7468 and, for what is older than it, the names that OpenSSL and OpenSSH write.
void add_block(const PemBlock& block, Findings& findings) {
  const std::string& name = block.name;
  if (name == "ENCRYPTED PRIVATE KEY" || block.header.find("ENCRYPTED") != std::string::npos) {
    findings.encrypted = true;
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
// ----------------------------------------------------------------------------------------------------------------------------

template <auto kDecode, auto kFree>
bool decodes(ByteView der) {
  const unsigned char* p = der.data();
  auto* object = kDecode(nullptr, &p, static_cast<long>(der.size()));
  kFree(object);
  return object != nullptr;
}

void read_pkcs12(PKCS12* container, Findings& findings);

void read_der(ByteView file, Findings& findings) {
  if (PkeyPtr key = decode_private_key(file)) {
    findings.keys.push_back(std::move(key));
    return;
  }
  const unsigned char* p = file.data();
  if (const Pkcs12Ptr container{d2i_PKCS12(nullptr, &p, static_cast<long>(file.size()))}) {
    read_pkcs12(container.get(), findings);
    return;
  }
  findings.encrypted = decodes<d2i_X509_SIG, X509_SIG_free>(file);
  findings.certificate = decodes<d2i_X509, X509_free>(file);
  findings.certificate_request = decodes<d2i_X509_REQ, X509_REQ_free>(file);
  findings.public_key = decodes<d2i_PUBKEY, EVP_PKEY_free>(file);
}

void read_pkcs12(PKCS12* container, Findings& findings) {
  // "No password" is written in two ways: as an empty string and as none at all (RFC 7292 appendix B.1).
  for (const char* password : {"", static_cast<const char*>(nullptr)}) {
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    if (PKCS12_verify_mac(container, password, 0) != 1) continue;
    const int ok = PKCS12_parse(container, password, &key, &certificate, nullptr);
    PkeyPtr owned_key(key);
    const X509Ptr owned_certificate(certificate);
    if (ok != 1) continue;
    if (owned_key) findings.keys.push_back(std::move(owned_key));
    findings.certificate = owned_certificate != nullptr;
    return;
  }
  findings.encrypted_pkcs12 = true;
}

// ---- verdicts
// -----------------------------------------------------------------------------------------------------------------------

std::string explain_no_key(const Findings& findings) {
  if (findings.encrypted) return "the key is encrypted; decrypt it first, e.g. with `openssl pkey`";
  if (findings.encrypted_pkcs12) {
    return "a PKCS#12 file with a password; take the key out first, e.g. with `openssl pkcs12 -nodes "
           "-nocerts`";
  }
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
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return what + "only RSA keys can open RSA key exchange";
  const auto bits = static_cast<std::size_t>(std::max(EVP_PKEY_get_bits(key), 0));
  if (bits < kMinRsaBits || bits > kMaxRsaBits) {
    return what + "only " + std::to_string(kMinRsaBits) + " to " + std::to_string(kMaxRsaBits) +
           " bits are supported";
  }
  return std::nullopt;
}

std::unique_ptr<PrivateKey::State> make_state(PkeyPtr key) {
  auto state = std::make_unique<PrivateKey::State>();
  state->description = describe_key(key.get());
  state->kind = KeyKind::rsa;
  state->rsa_modulus_size = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  state->spki_sha256 = spki_sha256_of(key.get());
  state->key = std::move(key);
  return state;
}

}  // namespace
}  // namespace tlspeel::crypto
