#include "tlspeel/crypto/certificate.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <utility>

#include <openssl/core_names.h>

#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/crypto/error.hpp"

#include "crypto/distinguished_name.hpp"
#include "crypto/key_description.hpp"
#include "crypto/lenient_der.hpp"
#include "crypto/library.hpp"
#include "crypto/openssl_ptr.hpp"
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

X509Ptr parse(ByteView der);
X509PubkeyPtr parse_public_key(ByteView der);
void fill(const X509* certificate, CertificateFields& fields);
void fill_public_key(const X509_PUBKEY* spki, CertificateFields& fields);

}  // namespace

CertificateFields describe_certificate(ByteView der) {
  CertificateFields fields;
  try {
    const ErrorQueueScope errors;
    fields.sha256_hex = to_hex(hash(HashId::sha256, {der}));
    if (der.size() > kMaxCertificateSize) {
      fields.problem = "certificate larger than 256 KiB";
      return fields;
    }
    const X509Ptr certificate = parse(der);
    const X509PubkeyPtr raw_key = certificate ? nullptr : parse_public_key(der);
    fields.raw_public_key = raw_key != nullptr;
    fields.parsed = certificate || raw_key;
    if (certificate) {
      fill(certificate.get(), fields);
    } else if (raw_key) {
      fill_public_key(raw_key.get(), fields);
    } else {
      fields.problem = "not a DER certificate";
    }
  } catch (const CryptoError& error) {
    fields.problem = error.what();
  }
  return fields;
}

Bytes certificate_spki_sha256(ByteView der) {
  try {
    const ErrorQueueScope errors;
    if (der.size() > kMaxCertificateSize) return {};
    const X509Ptr certificate = parse(der);
    const X509PubkeyPtr raw_key = certificate ? nullptr : parse_public_key(der);
    const EVP_PKEY* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
    if (raw_key) key = X509_PUBKEY_get0(raw_key.get());
    return key != nullptr ? spki_sha256_of(key) : Bytes();
  } catch (const CryptoError&) {
    return {};
  }
}

namespace {

std::string serial_number(const ASN1_INTEGER* serial);
std::string iso_time(const ASN1_TIME* time);
std::string object_name(const ASN1_OBJECT* object);
std::vector<std::string> alternative_names(const X509* certificate);

ByteView view_of(const ASN1_STRING* string) {
  const int size = ASN1_STRING_length(string);
  if (size <= 0) return {};
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(size)};
}

X509Ptr parse_strictly(ByteView der) {
  X509* certificate = X509_new_ex(library::context(), nullptr);
  const unsigned char* p = der.data();
  // On failure d2i frees the object and sets the pointer to null.
  (void)d2i_X509(&certificate, &p, static_cast<long>(der.size()));
  return X509Ptr(certificate);
}

X509Ptr parse(ByteView der) {
  X509Ptr certificate = parse_strictly(der);
  return certificate ? std::move(certificate) : parse_strictly(relabel_broken_strings(der));
}

X509PubkeyPtr parse_public_key(ByteView der) {
  X509_PUBKEY* key = X509_PUBKEY_new_ex(library::context(), nullptr);
  const unsigned char* p = der.data();
  // On failure d2i frees the object and sets the pointer to null.
  (void)d2i_X509_PUBKEY(&key, &p, static_cast<long>(der.size()));
  X509PubkeyPtr owned(key);
  return owned && p == der.data() + der.size() ? std::move(owned) : nullptr;
}

void fill(const X509* certificate, CertificateFields& fields) {
  fields.subject = print_name(X509_get_subject_name(certificate));
  fields.issuer = print_name(X509_get_issuer_name(certificate));
  fields.serial_hex = serial_number(X509_get0_serialNumber(certificate));
  fields.subject_alt_names = alternative_names(certificate);
  fields.not_before = iso_time(X509_get0_notBefore(certificate));
  fields.not_after = iso_time(X509_get0_notAfter(certificate));
  fill_public_key(X509_get_X509_PUBKEY(certificate), fields);

  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(nullptr, &algorithm, certificate);
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  fields.signature_algorithm = object_name(object);
}

void fill_public_key(const X509_PUBKEY* spki, CertificateFields& fields) {
  ASN1_OBJECT* algorithm = nullptr;
  const unsigned char* bits = nullptr;
  int size = 0;
  if (X509_PUBKEY_get0_param(&algorithm, &bits, &size, nullptr, spki) != 1) return;
  if (size > 0) fields.public_key_hex = to_hex(ByteView(bits, static_cast<std::size_t>(size)));

  const EVP_PKEY* key = X509_PUBKEY_get0(spki);
  if (key == nullptr) {
    fields.public_key = object_name(algorithm) + " (not readable)";
    return;
  }
  fields.public_key = describe_key(key);
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA_PSS) return;

  BIGNUM* modulus = nullptr;
  BIGNUM* exponent = nullptr;
  (void)EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus);
  (void)EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent);
  const BignumPtr owned_modulus(modulus);
  const BignumPtr owned_exponent(exponent);
  if (modulus != nullptr) {
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(modulus)));
    BN_bn2bin(modulus, bytes.data());
    fields.public_key_hex = to_hex(bytes);
  }
  if (exponent != nullptr && BN_num_bits(exponent) <= 32) {
    fields.rsa_public_exponent = static_cast<std::uint32_t>(BN_get_word(exponent));
  }
}

// RFC 5280 section 4.1.2.2 wants positive numbers; others occur.
std::string serial_number(const ASN1_INTEGER* serial) {
  const bool negative = (ASN1_STRING_type(serial) & V_ASN1_NEG) != 0;
  const std::string hex = to_hex(view_of(serial));
  return (negative ? "-" : "") + (hex.empty() ? "00" : hex);
}

std::string iso_time(const ASN1_TIME* time) {
  std::tm tm{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &tm) != 1) return {};
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
                      tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  return text.data();
}

// Its long name ("sha256WithRSAEncryption"), or its numbers.
std::string object_name(const ASN1_OBJECT* object) {
  if (object == nullptr) return {};
  if (const int nid = OBJ_obj2nid(object); nid != NID_undef) return OBJ_nid2ln(nid);
  std::array<char, 256> text{};
  (void)OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return text.data();
}

std::string ip_address(ByteView bytes) {
  if (bytes.size() == 4) return IpAddress::from_v4(bytes).to_string();
  if (bytes.size() == 16) return IpAddress::from_v6(bytes).to_string();
  return to_hex(bytes);
}

std::string text_of(const ASN1_STRING* string) {
  return std::string(as_text(view_of(string)));
}

// RFC 5280 section 4.2.1.6, with the prefixes that openssl x509 prints.
std::string general_name(const GENERAL_NAME* name) {
  int type = 0;
  void* const value = GENERAL_NAME_get0_value(name, &type);
  if (value == nullptr) return "unreadable";
  switch (type) {
    case GEN_DNS:
      return "DNS:" + text_of(static_cast<const ASN1_STRING*>(value));
    case GEN_EMAIL:
      return "email:" + text_of(static_cast<const ASN1_STRING*>(value));
    case GEN_URI:
      return "URI:" + text_of(static_cast<const ASN1_STRING*>(value));
    case GEN_IPADD:
      return "IP:" + ip_address(view_of(static_cast<const ASN1_STRING*>(value)));
    case GEN_DIRNAME:
      return "DirName:" + print_name(static_cast<const X509_NAME*>(value));
    case GEN_RID:
      return "RID:" + object_name(static_cast<const ASN1_OBJECT*>(value));
    case GEN_OTHERNAME:
      return "otherName:" + object_name(static_cast<const OTHERNAME*>(value)->type_id);
    case GEN_X400:
      return "X400Name";
    case GEN_EDIPARTY:
      return "EdiPartyName";
    default:
      return "unknown";
  }
}

std::vector<std::string> alternative_names(const X509* certificate) {
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> out;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    out.push_back(general_name(sk_GENERAL_NAME_value(names.get(), i)));
  }
  return out;
}

}  // namespace
}  // namespace tlspeel::crypto
