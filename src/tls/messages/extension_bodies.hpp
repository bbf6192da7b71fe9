// One decoder for each structure that extension_data can have. A decoder reads the body and leaves trailing
// bytes and failures in the reader, where decode_extension finds them. The table that gives each type its
// decoder is in extensions.cpp.
#pragma once

#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/tls_messages.hpp"
#include "tlspeel/tls/messages/extensions.hpp"

#include "tls/messages/read_lists.hpp"

namespace tlspeel::tls::bodies {

using event::ExtensionBody;

// General shapes.
ExtensionBody empty(Reader& r, ExtensionSite site);
ExtensionBody opaque(Reader& r, ExtensionSite site);
ExtensionBody byte_count(Reader& r, ExtensionSite site);
ExtensionBody opaque8(Reader& r, ExtensionSite site);
ExtensionBody opaque16(Reader& r, ExtensionSite site);
template <Namer name>
ExtensionBody list8_of_u8(Reader& r, ExtensionSite /*site*/) {
  return event::CodePointList{read_u8_list(r, r.sub8(), name)};
}
template <Namer name>
ExtensionBody list8_of_u16(Reader& r, ExtensionSite /*site*/) {
  return event::CodePointList{read_u16_list(r, r.sub8(), name)};
}
template <Namer name>
ExtensionBody list16_of_u16(Reader& r, ExtensionSite /*site*/) {
  return event::CodePointList{read_u16_list(r, r.sub16(), name)};
}
template <Namer name>
ExtensionBody single_u8(Reader& r, ExtensionSite /*site*/) {
  return event::CodePointList{{name(r.u8())}};
}
// The client offers a list, the server answers with one of it.
template <Namer name>
ExtensionBody offer_of_u8(Reader& r, ExtensionSite site) {
  return site == ExtensionSite::client_hello ? list8_of_u8<name>(r, site) : single_u8<name>(r, site);
}

// Bodies of one extension.
ExtensionBody server_name(Reader& r, ExtensionSite site);
ExtensionBody max_fragment_length(Reader& r, ExtensionSite site);
ExtensionBody record_size_limit(Reader& r, ExtensionSite site);
ExtensionBody status_request(Reader& r, ExtensionSite site);
ExtensionBody status_request_v2(Reader& r, ExtensionSite site);
ExtensionBody srp(Reader& r, ExtensionSite site);
ExtensionBody use_srtp(Reader& r, ExtensionSite site);
ExtensionBody alpn(Reader& r, ExtensionSite site);
ExtensionBody application_settings(Reader& r, ExtensionSite site);
ExtensionBody next_protocol_negotiation(Reader& r, ExtensionSite site);
ExtensionBody signed_certificate_timestamp(Reader& r, ExtensionSite site);
ExtensionBody padding(Reader& r, ExtensionSite site);
ExtensionBody delegated_credential(Reader& r, ExtensionSite site);

// Those of TLS 1.3.
ExtensionBody pre_shared_key(Reader& r, ExtensionSite site);
ExtensionBody early_data(Reader& r, ExtensionSite site);
ExtensionBody supported_versions(Reader& r, ExtensionSite site);
ExtensionBody certificate_authorities(Reader& r, ExtensionSite site);
ExtensionBody key_share(Reader& r, ExtensionSite site);
ExtensionBody encrypted_client_hello(Reader& r, ExtensionSite site);

}  // namespace tlspeel::tls::bodies
