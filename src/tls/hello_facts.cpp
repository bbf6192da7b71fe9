#include "hello_facts.hpp"

#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

// IANA "TLS ExtensionType Values".
enum ExtensionType : std::uint32_t {
  kServerName = 0,
  kTruncatedHmac = 4,
  kAlpn = 16,
  kEncryptThenMac = 22,
  kExtendedMasterSecret = 23,
  kSessionTicket = 35,
  kPreSharedKey = 41,
  kEarlyData = 42,
  kPostHandshakeAuth = 49,
  kKeyShare = 51,
  // Up to draft 22 of TLS 1.3; 51 and 40 differ only in the number.
  kDraftKeyShare = 40,
  kEncryptedClientHello = 0xfe0d,
};

bool has(const event::Extensions& extensions, std::uint32_t type) {
  return event::find_extension(extensions, type) != nullptr;
}

template <class Body>
const Body* body_of(const event::Extensions& extensions, std::uint32_t type) {
  const event::Extension* extension = event::find_extension(extensions, type);
  return extension == nullptr ? nullptr : std::get_if<Body>(&extension->body);
}

std::string first_text(const event::Extensions& extensions, std::uint32_t type) {
  const auto* list = body_of<event::TextList>(extensions, type);
  return list == nullptr || list->values.empty() ? std::string() : list->values.front();
}

// RFC 8446 section 4.2.1 and its drafts, which count 0x7f12 to 0x7f1c.
bool is_tls13(std::uint32_t version) {
  return version == kTls13 || version >> 8 == 0x7f;
}

}  // namespace

ClientHelloFacts client_hello_facts(const event::ClientHello& hello) {
  ClientHelloFacts facts;
  facts.version = static_cast<std::uint16_t>(hello.version.value);
  facts.random = hello.random;
  facts.session_id = hello.session_id;
  if (const auto* ticket = event::find_extension(hello.extensions, kSessionTicket)) {
    facts.ticket = ticket->data;
  }
  facts.extended_master_secret = has(hello.extensions, kExtendedMasterSecret);
  facts.truncated_hmac = has(hello.extensions, kTruncatedHmac);
  for (const event::CodePoint& suite : hello.cipher_suites) {
    const auto id = static_cast<std::uint16_t>(suite.value);
    if (!hello.sslv2 && find_cipher_suite(id) != nullptr) facts.suites.push_back(id);
  }
  if (const auto* shares = body_of<event::KeyShareList>(hello.extensions, kKeyShare)) {
    facts.key_shares = shares->values;
  } else if (const auto* old = body_of<event::KeyShareList>(hello.extensions, kDraftKeyShare)) {
    facts.key_shares = old->values;
  }
  if (const auto* offer = body_of<event::PskOffer>(hello.extensions, kPreSharedKey)) facts.psk = *offer;
  facts.post_handshake_auth = has(hello.extensions, kPostHandshakeAuth);
  facts.encrypted_client_hello = has(hello.extensions, kEncryptedClientHello);
  return facts;
}

ServerHelloFacts server_hello_facts(const event::ServerHello& hello) {
  ServerHelloFacts facts;
  facts.version_name = hello.selected_version;
  facts.version = static_cast<std::uint16_t>(hello.selected_version.value);
  facts.suite_name = hello.cipher_suite;
  facts.suite = find_cipher_suite(static_cast<std::uint16_t>(hello.cipher_suite.value));
  facts.random = hello.random;
  facts.session_id = hello.session_id;
  facts.compression = hello.compression_method.value;
  facts.extended_master_secret = has(hello.extensions, kExtendedMasterSecret);
  facts.encrypt_then_mac = has(hello.extensions, kEncryptThenMac);
  facts.truncated_hmac = has(hello.extensions, kTruncatedHmac);
  facts.ticket_follows = has(hello.extensions, kSessionTicket);
  facts.tls13 = is_tls13(hello.selected_version.value);
  for (const std::uint32_t type : {kKeyShare, kDraftKeyShare}) {
    const auto* share = body_of<event::KeyShareList>(hello.extensions, type);
    if (share != nullptr && !share->values.empty()) facts.key_share = share->values.front();
  }
  if (const auto* selected = body_of<event::NumberValue>(hello.extensions, kPreSharedKey)) {
    facts.selected_psk = static_cast<std::uint16_t>(selected->value);
  }
  return facts;
}

bool offers_early_data(const event::Extensions& extensions) {
  return has(extensions, kEarlyData);
}

std::string server_name_of(const event::Extensions& extensions) {
  return first_text(extensions, kServerName);
}

std::string alpn_of(const event::Extensions& extensions) {
  return first_text(extensions, kAlpn);
}

}  // namespace tlspeel::tls
