#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/certificate_info.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"

#include "tls/messages/list_caps.hpp"

namespace tlspeel::tls {
namespace {

// RFC 7250 section 3: in the place of a list of certificates stands a SubjectPublicKeyInfo. That is agreed
// upon in hellos that may not have been captured; a list would have to be beyond 3 MB to begin like a
// SEQUENCE.
bool is_raw_public_key(ByteView list, crypto::CertificateCache& certificates) {
  constexpr std::uint8_t kSequence = 0x30;
  return Reader(list).u8() == kSequence && certificates.fields(list).raw_public_key;
}

}  // namespace

// RFC 5246 section 7.4.2; TLS 1.3: RFC 8446 section 4.4.2.
ParseResult<event::Certificate> parse_certificate(ByteView body, bool tls13,
                                                  crypto::CertificateCache* cache) {
  Reader r(body);
  crypto::CertificateCache own;
  crypto::CertificateCache& certificates = cache == nullptr ? own : *cache;
  event::Certificate certificate;
  if (tls13) certificate.request_context = to_bytes(r.vector8());
  Reader ahead = r;
  const ByteView whole = ahead.vector24();
  if (!tls13 && is_raw_public_key(whole, certificates)) {
    certificate.chain.push_back({certificate_info(whole, certificates), {}});
    return ahead.finish(std::move(certificate));
  }
  Reader list = r.sub24();
  while (!list.empty()) {
    const ByteView der = list.vector24();
    event::Extensions extensions;
    if (tls13) extensions = read_extensions(list, ExtensionSite::certificate);
    if (certificate.chain.size() == kMaxCertificates) list.fail("more than 100 certificates");
    if (list.ok()) certificate.chain.push_back({certificate_info(der, certificates), std::move(extensions)});
  }
  r.absorb(list);
  return r.finish(std::move(certificate));
}

}  // namespace tlspeel::tls
