#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/certificate_info.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"

#include "tls/messages/list_caps.hpp"

namespace tlspeel::tls {

// RFC 5246 section 7.4.2; TLS 1.3: RFC 8446 section 4.4.2.
ParseResult<event::Certificate> parse_certificate(ByteView body, bool tls13,
                                                  crypto::CertificateCache* cache) {
  Reader r(body);
  crypto::CertificateCache own;
  crypto::CertificateCache& certificates = cache == nullptr ? own : *cache;
  event::Certificate certificate;
  if (tls13) certificate.request_context = to_bytes(r.vector8());
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
