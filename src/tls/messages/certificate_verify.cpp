#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {
namespace {

ParseResult<event::CertificateVerify> parse(ByteView body, bool with_algorithm) {
  Reader r(body);
  event::CertificateVerify verify;
  if (with_algorithm) verify.algorithm = registry::signature_scheme(r.u16());
  verify.signature = to_bytes(r.vector16());
  return r.finish(std::move(verify));
}

}  // namespace

// RFC 8446 section 4.4.3, RFC 5246 section 7.4.8; before TLS 1.2 the algorithm is that of the key: RFC 4346
// section 7.4.8.
ParseResult<event::CertificateVerify> parse_certificate_verify(ByteView body, std::uint16_t version) {
  constexpr std::uint16_t kTls12 = 0x0303;
  if (version != 0) return parse(body, version >= kTls12);
  auto verify = parse(body, true);
  return verify ? verify : parse(body, false);
}

}  // namespace tlspeel::tls
