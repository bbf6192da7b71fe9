#include "tls/messages/extension_bodies.hpp"

#include <algorithm>

#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls::bodies {
namespace {

event::NumberValue bytes_value(std::size_t size) {
  return {size, "bytes"};
}

}  // namespace

ExtensionBody empty(Reader& /*r*/, ExtensionSite /*site*/) {
  return event::EmptyBody{};
}

ExtensionBody opaque(Reader& r, ExtensionSite /*site*/) {
  if (r.rest().empty()) return event::EmptyBody{};
  return event::OpaqueBody{};
}

ExtensionBody byte_count(Reader& r, ExtensionSite /*site*/) {
  const ByteView data = r.rest();
  if (data.empty()) return event::EmptyBody{};
  return bytes_value(data.size());
}

ExtensionBody opaque8(Reader& r, ExtensionSite /*site*/) {
  return bytes_value(r.vector8().size());
}

ExtensionBody opaque16(Reader& r, ExtensionSite /*site*/) {
  return bytes_value(r.vector16().size());
}

// RFC 6066 section 3: the server acknowledges with an empty body. Only host_name exists, and only its
// structure is known.
ExtensionBody server_name(Reader& r, ExtensionSite /*site*/) {
  constexpr std::uint8_t kHostName = 0;
  if (r.empty()) return event::EmptyBody{};
  event::TextList names;
  Reader list = r.sub16();
  while (!list.empty()) {
    if (list.u8() != kHostName) list.fail("server name of an unknown type");
    const ByteView name = list.vector16();
    if (list.ok()) names.values.emplace_back(as_text(name));
  }
  r.absorb(list);
  return names;
}

// RFC 6066 section 4.
ExtensionBody max_fragment_length(Reader& r, ExtensionSite /*site*/) {
  const std::uint8_t code = r.u8();
  if (r.ok() && (code < 1 || code > 4)) r.fail("unknown maximum fragment length");
  return bytes_value(r.ok() ? std::size_t{256} << code : 0);
}

// RFC 8449 section 4.
ExtensionBody record_size_limit(Reader& r, ExtensionSite /*site*/) {
  return bytes_value(r.u16());
}

// RFC 6066 section 8: the server of TLS 1.2 acknowledges with an empty body. RFC 8446 section 4.4.2.1: in
// TLS 1.3 the certificate's extension is a CertificateStatus.
ExtensionBody status_request(Reader& r, ExtensionSite site) {
  constexpr std::uint32_t kOcsp = 1;
  if (r.empty() && site != ExtensionSite::client_hello) return event::EmptyBody{};
  const event::CodePoint type = registry::certificate_status_type(r.u8());
  if (site == ExtensionSite::certificate) {
    r.skip(r.u24());
  } else if (type.value == kOcsp) {
    r.skip(r.u16());  // responder_id_list
    r.skip(r.u16());  // request_extensions
  } else {
    r.skip(r.remaining());
  }
  return event::CodePointList{{type}};
}

// RFC 6961 section 2.2.
ExtensionBody status_request_v2(Reader& r, ExtensionSite site) {
  if (r.empty() && site != ExtensionSite::client_hello) return event::EmptyBody{};
  event::CodePointList types;
  Reader list = r.sub16();
  while (!list.empty()) {
    const std::uint8_t type = list.u8();
    list.skip(list.u16());
    if (list.ok()) types.values.push_back(registry::certificate_status_type(type));
  }
  r.absorb(list);
  return types;
}

// RFC 5054 section 2.8.1.
ExtensionBody srp(Reader& r, ExtensionSite /*site*/) {
  return event::TextList{{std::string(as_text(r.vector8()))}};
}

// RFC 5764 section 4.1.1: the profiles, then the master key identifier.
ExtensionBody use_srtp(Reader& r, ExtensionSite /*site*/) {
  event::CodePointList profiles{read_u16_list(r, r.sub16(), registry::srtp_protection_profile)};
  r.skip(r.u8());
  return profiles;
}

// RFC 7301 section 3.1.
ExtensionBody alpn(Reader& r, ExtensionSite /*site*/) {
  return event::TextList{read_text8_list(r, r.sub16())};
}

// draft-vvv-tls-alps: the client lists protocols, the server's settings are the protocol's own.
ExtensionBody application_settings(Reader& r, ExtensionSite site) {
  return site == ExtensionSite::client_hello ? alpn(r, site) : opaque(r, site);
}

// draft-agl-tls-nextprotoneg: the server's list has no length of its own.
ExtensionBody next_protocol_negotiation(Reader& r, ExtensionSite /*site*/) {
  if (r.empty()) return event::EmptyBody{};
  return event::TextList{read_text8_list(r, r.sub(r.remaining()))};
}

// RFC 6962 section 3.3.1.
ExtensionBody signed_certificate_timestamp(Reader& r, ExtensionSite /*site*/) {
  if (r.empty()) return event::EmptyBody{};
  event::NumberValue count{0, "timestamps"};
  Reader list = r.sub16();
  while (!list.empty()) {
    list.skip(list.u16());
    if (list.ok()) ++count.value;
  }
  r.absorb(list);
  return count;
}

// RFC 7685 section 3.
ExtensionBody padding(Reader& r, ExtensionSite /*site*/) {
  const ByteView data = r.rest();
  if (!std::all_of(data.begin(), data.end(), [](std::uint8_t byte) { return byte == 0; })) {
    r.fail("padding is not zero");
  }
  return bytes_value(data.size());
}

// RFC 9345 section 4.1: signature schemes from the one who asks, the credential itself beside the
// certificate.
ExtensionBody delegated_credential(Reader& r, ExtensionSite site) {
  if (site == ExtensionSite::certificate) return opaque(r, site);
  return list16_of_u16<registry::signature_scheme>(r, site);
}

}  // namespace tlspeel::tls::bodies
