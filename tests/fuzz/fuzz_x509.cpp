// modules: crypto
// Certificates as a peer sends them, and the distinguished names of a CertificateRequest.
#include "tlspeel/crypto/certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tlspeel::ByteView der(data, size);
  const tlspeel::crypto::CertificateFields fields = tlspeel::crypto::describe_certificate(der);
  if (!fields.parsed && fields.problem.empty()) __builtin_trap();
  (void)tlspeel::crypto::certificate_spki_sha256(der);
  (void)tlspeel::crypto::describe_distinguished_name(der);
  return 0;
}
