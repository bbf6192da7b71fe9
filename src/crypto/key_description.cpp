#include "crypto/key_description.hpp"

#include <array>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

namespace tlspeel::crypto {
namespace {

std::string describe_group(const EVP_PKEY* key) {
  std::array<char, 80> name{};
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1) return "with explicit parameters";
  // NIST's names are the known ones: P-256, not prime256v1.
  const char* nist = EC_curve_nid2nist(OBJ_txt2nid(name.data()));
  return nist != nullptr ? nist : name.data();
}

std::string with_bits(const char* name, const EVP_PKEY* key) {
  return std::string(name) + " " + std::to_string(EVP_PKEY_get_bits(key));
}

}  // namespace

std::string describe_key(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return with_bits("RSA", key);
    case EVP_PKEY_RSA_PSS:
      return with_bits("RSA-PSS", key);
    case EVP_PKEY_DSA:
      return with_bits("DSA", key);
    case EVP_PKEY_DH:
    case EVP_PKEY_DHX:
      return with_bits("DH", key);
    case EVP_PKEY_EC:
      return "EC " + describe_group(key);
    case EVP_PKEY_ED25519:
      return "Ed25519";
    case EVP_PKEY_ED448:
      return "Ed448";
    case EVP_PKEY_X25519:
      return "X25519";
    case EVP_PKEY_X448:
      return "X448";
    default:
      break;
  }
  const char* name = EVP_PKEY_get0_type_name(key);
  return name != nullptr ? name : "unknown algorithm";
}

}  // namespace tlspeel::crypto
