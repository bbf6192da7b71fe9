#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/certificate.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/read_lists.hpp"

namespace tlspeel::tls {
namespace {

ParseResult<event::CertificateRequest> parse_tls13(ByteView body);
// RFC 5246 section 7.4.4; before TLS 1.2 there are no signature algorithms: RFC 4346 section 7.4.4.
ParseResult<event::CertificateRequest> parse_classic(ByteView body, bool with_signature_algorithms);

}  // namespace

ParseResult<event::CertificateRequest> parse_certificate_request(ByteView body, std::uint16_t version,
                                                                 bool tls13) {
  constexpr std::uint16_t kTls12 = 0x0303;
  if (tls13) return parse_tls13(body);
  if (version != 0) return parse_classic(body, version >= kTls12);
  auto request = parse_classic(body, true);
  return request ? request : parse_classic(body, false);
}

namespace {

ParseResult<event::CertificateRequest> parse_classic(ByteView body, bool with_signature_algorithms) {
  Reader r(body);
  event::CertificateRequest request;
  request.certificate_types = read_u8_list(r, r.sub8(), registry::client_certificate_type);
  if (with_signature_algorithms) {
    request.signature_algorithms = read_u16_list(r, r.sub16(), registry::signature_scheme);
  }
  Reader authorities = r.sub16();
  while (!authorities.empty()) {
    const ByteView name = authorities.vector16();
    if (authorities.ok()) request.authorities.push_back(crypto::describe_distinguished_name(name));
  }
  r.absorb(authorities);
  return r.finish(std::move(request));
}

// RFC 8446 section 4.3.2. What TLS 1.2 has as fields are extensions here, and stand in both places of the
// value.
ParseResult<event::CertificateRequest> parse_tls13(ByteView body) {
  constexpr std::uint32_t kSignatureAlgorithms = 13;
  constexpr std::uint32_t kCertificateAuthorities = 47;
  Reader r(body);
  event::CertificateRequest request;
  request.request_context = to_bytes(r.vector8());
  request.extensions = read_extensions(r, ExtensionSite::certificate_request);
  if (const auto* extension = event::find_extension(request.extensions, kSignatureAlgorithms)) {
    if (const auto* list = std::get_if<event::CodePointList>(&extension->body)) {
      request.signature_algorithms = list->values;
    }
  }
  if (const auto* extension = event::find_extension(request.extensions, kCertificateAuthorities)) {
    if (const auto* list = std::get_if<event::TextList>(&extension->body)) request.authorities = list->values;
  }
  return r.finish(std::move(request));
}

}  // namespace
}  // namespace tlspeel::tls
