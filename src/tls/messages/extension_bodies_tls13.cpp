#include <utility>

#include <fmt/format.h>

#include "tlspeel/crypto/certificate.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/extension_bodies.hpp"
#include "tls/messages/list_caps.hpp"

namespace tlspeel::tls::bodies {
namespace {

event::KeyShare read_key_share(Reader& r) {
  event::KeyShare share;
  share.group = registry::supported_group(r.u16());
  share.key_exchange = to_bytes(r.vector16());
  return share;
}

std::string named(const event::CodePoint& point) {
  return point.name.empty() ? fmt::format("0x{:04x}", point.value) : std::string(point.name);
}

}  // namespace

// RFC 8446 section 4.2.11.
ExtensionBody pre_shared_key(Reader& r, ExtensionSite site) {
  if (site != ExtensionSite::client_hello) return event::NumberValue{r.u16(), ""};
  event::PskOffer offer;
  Reader identities = r.sub16();
  while (!identities.empty()) {
    event::PskIdentity identity;
    identity.identity = to_bytes(identities.vector16());
    identity.obfuscated_ticket_age = identities.u32();
    if (offer.identities.size() == kMaxPskOffers) identities.fail("more than 256 pre-shared keys");
    if (identities.ok()) offer.identities.push_back(std::move(identity));
  }
  r.absorb(identities);
  Reader binders = r.sub16();
  while (!binders.empty()) {
    const ByteView binder = binders.vector8();
    if (offer.binders.size() == kMaxPskOffers) binders.fail("more than 256 binders");
    if (binders.ok()) offer.binders.push_back(to_bytes(binder));
  }
  r.absorb(binders);
  return offer;
}

// RFC 8446 section 4.2.10.
ExtensionBody early_data(Reader& r, ExtensionSite site) {
  if (site != ExtensionSite::new_session_ticket) return event::EmptyBody{};
  return event::NumberValue{r.u32(), "bytes"};
}

// RFC 8446 section 4.2.1.
ExtensionBody supported_versions(Reader& r, ExtensionSite site) {
  if (site == ExtensionSite::client_hello) return list8_of_u16<registry::protocol_version>(r, site);
  return event::CodePointList{{registry::protocol_version(r.u16())}};
}

// RFC 8446 section 4.2.4.
ExtensionBody certificate_authorities(Reader& r, ExtensionSite /*site*/) {
  event::TextList names;
  Reader list = r.sub16();
  while (!list.empty()) {
    const ByteView name = list.vector16();
    if (list.ok()) names.values.push_back(crypto::describe_distinguished_name(name));
  }
  r.absorb(list);
  return names;
}

// RFC 8446 section 4.2.8.
ExtensionBody key_share(Reader& r, ExtensionSite site) {
  if (site == ExtensionSite::hello_retry_request) {
    return event::CodePointList{{registry::supported_group(r.u16())}};
  }
  event::KeyShareList shares;
  if (site == ExtensionSite::client_hello) {
    Reader list = r.sub16();
    while (!list.empty()) {
      event::KeyShare share = read_key_share(list);
      if (shares.values.size() == kMaxKeyShares) list.fail("more than 256 key shares");
      if (list.ok()) shares.values.push_back(std::move(share));
    }
    r.absorb(list);
  } else {
    shares.values.push_back(read_key_share(r));
  }
  return shares;
}

// RFC 9849 section 5. What the client sends in clear is the outer form; the inner one stands inside it,
// encrypted.
ExtensionBody encrypted_client_hello(Reader& r, ExtensionSite site) {
  constexpr std::uint8_t kOuter = 0;
  constexpr std::uint8_t kInner = 1;
  if (site != ExtensionSite::client_hello) return opaque(r, site);
  const std::uint8_t type = r.u8();
  if (type == kInner) return event::TextList{{"inner"}};
  if (type != kOuter) r.fail("unknown type of encrypted client hello");
  event::TextList outer{{"outer"}};
  outer.values.push_back(named(registry::hpke_kdf(r.u16())));
  outer.values.push_back(named(registry::hpke_aead(r.u16())));
  outer.values.push_back(fmt::format("config {}", r.u8()));
  outer.values.push_back(fmt::format("encapsulated key {} bytes", r.vector16().size()));
  outer.values.push_back(fmt::format("payload {} bytes", r.vector16().size()));
  return outer;
}

}  // namespace tlspeel::tls::bodies
