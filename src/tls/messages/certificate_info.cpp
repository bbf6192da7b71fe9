#include "tlspeel/tls/messages/certificate_info.hpp"

#include <utility>

#include "tlspeel/crypto/certificate.hpp"

namespace tlspeel::tls {

event::CertificateInfo certificate_info(ByteView der) {
  crypto::CertificateFields fields = crypto::describe_certificate(der);
  event::CertificateInfo info;
  info.der = to_bytes(der);
  info.parsed = fields.parsed;
  info.problem = std::move(fields.problem);
  info.subject = std::move(fields.subject);
  info.issuer = std::move(fields.issuer);
  info.serial_hex = std::move(fields.serial_hex);
  info.subject_alt_names = std::move(fields.subject_alt_names);
  info.not_before = std::move(fields.not_before);
  info.not_after = std::move(fields.not_after);
  info.public_key = std::move(fields.public_key);
  info.public_key_hex = std::move(fields.public_key_hex);
  info.rsa_public_exponent = fields.rsa_public_exponent;
  info.signature_algorithm = std::move(fields.signature_algorithm);
  info.sha256_hex = std::move(fields.sha256_hex);
  return info;
}

}  // namespace tlspeel::tls
