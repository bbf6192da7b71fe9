// X.509 (RFC 5280) for display and for finding the private key that goes with a certificate. Input is
// hostile: nothing throws, a field that cannot be read stays empty, and text keeps its odd bytes (embedded
// NUL, invalid UTF-8). Thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::crypto {

// Larger certificates are not parsed: the largest real ones, with hundreds of names, are about a tenth of
// this.
inline constexpr std::size_t kMaxCertificateSize = std::size_t{256} * 1024;

// Field for field the same as event::CertificateInfo, which says what each one holds.
struct CertificateFields {
  bool parsed = false;
  bool raw_public_key = false;
  std::string problem;
  std::string subject;
  std::string issuer;
  std::string serial_hex;
  std::vector<std::string> subject_alt_names;
  std::string not_before;
  std::string not_after;
  std::string public_key;
  std::string public_key_hex;
  std::uint32_t rsa_public_exponent = 0;
  std::string signature_algorithm;
  std::string sha256_hex;
};

// Of a certificate, or of the SubjectPublicKeyInfo that stands in the place of one (RFC 7250): their DER
// tells them apart. sha256_hex is filled even when the DER cannot be parsed.
CertificateFields describe_certificate(ByteView der);

// SHA-256 of the SubjectPublicKeyInfo of a certificate, or of what is one; empty if there is none to be read.
Bytes certificate_spki_sha256(ByteView der);

// A DER Name in RFC 4514 order and escaping, UTF-8; what cannot be read is "#" and its hex.
std::string describe_distinguished_name(ByteView der);

}  // namespace tlspeel::crypto
