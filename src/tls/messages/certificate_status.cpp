#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {

// RFC 6066 section 8, RFC 6961 section 2.2: both known types hold one vector with a 24-bit length.
ParseResult<event::CertificateStatus> parse_certificate_status(ByteView body) {
  Reader r(body);
  event::CertificateStatus status;
  status.status_type = registry::certificate_status_type(r.u8());
  status.response = to_bytes(status.status_type.name.empty() ? r.rest() : r.vector24());
  return r.finish(std::move(status));
}

// RFC 6066 section 5.
ParseResult<event::CertificateUrl> parse_certificate_url(ByteView body) {
  constexpr std::size_t kSha1Size = 20;
  Reader r(body);
  event::CertificateUrl message;
  message.chain_type = registry::cert_chain_type(r.u8());
  Reader list = r.sub16();
  while (!list.empty()) {
    const ByteView url = list.vector16();
    // RFC 6066 section 5: always 1. RFC 3546 had a flag here, and no hash after a 0.
    const std::uint8_t hash_present = list.u8();
    if (hash_present == 1) {
      list.skip(kSha1Size);
    } else if (hash_present != 0) {
      list.fail("hash flag is neither 0 nor 1");
    }
    if (list.ok()) message.urls.emplace_back(as_text(url));
  }
  r.absorb(list);
  return r.finish(std::move(message));
}

}  // namespace tlspeel::tls
