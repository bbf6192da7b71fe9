#include "tlspeel/tls/messages/extensions.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/extension_bodies.hpp"
#include "tls/messages/list_caps.hpp"

namespace tlspeel::tls {
namespace {

using Decoder = event::ExtensionBody (*)(Reader&, ExtensionSite);

struct DecoderRow {
  std::uint16_t type;
  Decoder decode;
};

// By type; what is not here is opaque. Which site a type may stand at is not checked: it is shown wherever it
// was sent.
constexpr auto kDecoders = std::to_array<DecoderRow>({
    {0, bodies::server_name},
    {1, bodies::max_fragment_length},
    {2, bodies::empty},  // client_certificate_url
    {4, bodies::empty},  // truncated_hmac
    {5, bodies::status_request},
    {6, bodies::list8_of_u8<registry::user_mapping_type>},
    {7, bodies::list8_of_u8<registry::authorization_data_format>},
    {8, bodies::list8_of_u8<registry::authorization_data_format>},
    {9, bodies::offer_of_u8<registry::certificate_type>},
    {10, bodies::list16_of_u16<registry::supported_group>},
    {11, bodies::list8_of_u8<registry::ec_point_format>},
    {12, bodies::srp},
    {13, bodies::list16_of_u16<registry::signature_scheme>},
    {14, bodies::use_srtp},
    {15, bodies::single_u8<registry::heartbeat_mode>},
    {16, bodies::alpn},
    {17, bodies::status_request_v2},
    {18, bodies::signed_certificate_timestamp},
    {19, bodies::offer_of_u8<registry::certificate_type>},
    {20, bodies::offer_of_u8<registry::certificate_type>},
    {21, bodies::padding},
    {22, bodies::empty},  // encrypt_then_mac
    {23, bodies::empty},  // extended_master_secret
    {27, bodies::list8_of_u16<registry::certificate_compression_algorithm>},
    {28, bodies::record_size_limit},
    {34, bodies::delegated_credential},
    {35, bodies::byte_count},  // session_ticket
    {40, bodies::key_share},   // drafts of TLS 1.3 up to 22
    {41, bodies::pre_shared_key},
    {42, bodies::early_data},
    {43, bodies::supported_versions},
    {44, bodies::opaque16},  // cookie
    {45, bodies::list8_of_u8<registry::psk_key_exchange_mode>},
    {47, bodies::certificate_authorities},
    {49, bodies::empty},  // post_handshake_auth
    {50, bodies::list16_of_u16<registry::signature_scheme>},
    {51, bodies::key_share},
    {54, bodies::opaque8},  // connection_id
    {13172, bodies::next_protocol_negotiation},
    {17513, bodies::application_settings},
    {17613, bodies::application_settings},
    {65037, bodies::encrypted_client_hello},
    {65281, bodies::opaque8},  // renegotiation_info
});
static_assert(std::adjacent_find(kDecoders.begin(), kDecoders.end(),
                                 [](const DecoderRow& a, const DecoderRow& b) { return a.type >= b.type; }) ==
              kDecoders.end());

Decoder decoder_of(std::uint16_t type);

// Whole ones.
std::size_t count_of(Reader list) {
  std::size_t count = 0;
  for (; !list.empty() && list.ok(); count += list.ok() ? 1U : 0U) {
    list.skip(2);
    list.vector16();
  }
  return count;
}

}  // namespace

event::Extensions read_extensions(Reader& reader, ExtensionSite site) {
  const std::size_t most = site == ExtensionSite::certificate ? kMaxCertificateExtensions
                                                              : std::numeric_limits<std::size_t>::max();
  event::Extensions extensions;
  Reader list = reader.sub16();
  extensions.reserve(std::min(count_of(list), most));
  while (!list.empty()) {
    const std::uint16_t type = list.u16();
    const ByteView data = list.vector16();
    if (extensions.size() == most) list.fail("more extensions than a certificate can have");
    if (list.ok()) extensions.push_back(decode_extension(type, data, site));
  }
  reader.absorb(list);
  return extensions;
}

event::Extension decode_extension(std::uint16_t type, ByteView data, ExtensionSite site) {
  event::Extension extension;
  extension.type = registry::extension_type(type);
  extension.data = to_bytes(data);
  Reader r(data);
  event::ExtensionBody body = decoder_of(type)(r, site);
  r.expect_end();
  if (r.ok()) {
    extension.body = std::move(body);
  } else {
    extension.problem = r.error().what;
  }
  return extension;
}

namespace {

Decoder decoder_of(std::uint16_t type) {
  const auto* found =
      std::lower_bound(kDecoders.begin(), kDecoders.end(), type,
                       [](const DecoderRow& row, std::uint16_t wanted) { return row.type < wanted; });
  return found != kDecoders.end() && found->type == type ? found->decode : bodies::opaque;
}

}  // namespace
}  // namespace tlspeel::tls
