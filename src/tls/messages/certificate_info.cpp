#include "tlspeel/tls/messages/certificate_info.hpp"

namespace tlspeel::tls {

event::CertificateInfo certificate_info(ByteView der, crypto::CertificateCache& cache) {
  const crypto::CertificateFields& fields = cache.fields(der);
  event::CertificateInfo info;
  info.der = to_bytes(der);
  info.parsed = fields.parsed;
  info.raw_public_key = fields.raw_public_key;
  info.problem = fields.problem;
  info.subject = fields.subject;
  info.issuer = fields.issuer;
  info.serial_hex = fields.serial_hex;
  info.subject_alt_names = fields.subject_alt_names;
  info.not_before = fields.not_before;
  info.not_after = fields.not_after;
  info.public_key = fields.public_key;
  info.public_key_hex = fields.public_key_hex;
  info.rsa_public_exponent = fields.rsa_public_exponent;
  info.signature_algorithm = fields.signature_algorithm;
  info.sha256_hex = fields.sha256_hex;
  return info;
}

}  // namespace tlspeel::tls
