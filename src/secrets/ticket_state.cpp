// OpenSSL's SSL_SESSION in ASN.1 (ssl/ssl_asn1.c of OpenSSL 1.0 to 3.x), as far as it opens anything:
//   SEQUENCE { INTEGER 1, INTEGER protocol version, OCTET STRING cipher suite, OCTET STRING session id,
//              OCTET STRING master secret or PSK, ... [6] OCTET STRING server name ... [13] INTEGER flags ...
//              }
#include <limits>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/secrets/ticket_keys.hpp"

namespace tlspeel::secrets {
namespace {

enum Tag : std::uint8_t {
  kInteger = 0x02,
  kOctetString = 0x04,
  kSequence = 0x30,
  kServerName = 0xa6,  // [6] EXPLICIT
  kFlags = 0xad,       // [13] EXPLICIT
};

struct Element {
  std::uint8_t tag = 0;
  ByteView content;
};

// DER (X.690 section 10.1): definite lengths, here of up to four bytes.
Element read_element(Reader& r) {
  Element element;
  element.tag = r.u8();
  std::size_t length = r.u8();
  if ((length & 0x80) != 0) {
    const std::size_t size = length & 0x7f;
    if (size == 0 || size > 4) r.fail("a length of an unusual form");
    length = 0;
    for (std::size_t i = 0; i < size && r.ok(); ++i) length = length << 8 | r.u8();
  }
  element.content = r.bytes(length);
  return element;
}

ByteView read_content(Reader& r, std::uint8_t tag) {
  const Element element = read_element(r);
  if (r.ok() && element.tag != tag) r.fail("not the element that was due");
  return element.content;
}

// What has more than eight bytes is none of the numbers here.
std::uint64_t number(ByteView content) {
  if (content.size() > 8) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const std::uint8_t byte : content) value = value << 8 | byte;
  return value;
}

bool fits(const TicketSession& session) {
  const std::size_t size = session.secret.size();
  if (session.version == 0x0304) return size == 32 || size == 48;
  return session.version >= 0x0300 && session.version < 0x0304 && size == 48;
}

void read_options(Reader& r, TicketSession& session) {
  constexpr std::uint64_t kExtendedMasterSecret = 1;  // SSL_SESS_FLAG_EXTMS
  while (!r.empty()) {
    const Element option = read_element(r);
    if (!r.ok()) return;
    Reader inner(option.content);
    if (option.tag == kServerName) {
      const ByteView name = read_content(inner, kOctetString);
      if (inner.ok()) session.server_name = std::string(as_text(name));
    } else if (option.tag == kFlags) {
      const ByteView flags = read_content(inner, kInteger);
      session.extended_master_secret =
          inner.ok() && flags.size() <= 8 && (number(flags) & kExtendedMasterSecret) != 0;
    }
  }
}

}  // namespace

std::optional<TicketSession> parse_ticket_state(ByteView der) {
  Reader outer(der);
  Reader r(read_content(outer, kSequence));
  if (!outer.ok() || !outer.empty()) return std::nullopt;
  TicketSession session;
  const bool known_form = number(read_content(r, kInteger)) == 1;
  const std::uint64_t version = number(read_content(r, kInteger));
  const std::uint64_t cipher_suite = number(read_content(r, kOctetString));
  (void)read_content(r, kOctetString);  // session id
  session.secret = SecretBytes(read_content(r, kOctetString));
  if (!r.ok() || !known_form || version > 0xffff || cipher_suite > 0xffff) return std::nullopt;
  session.version = static_cast<std::uint16_t>(version);
  session.cipher_suite = static_cast<std::uint16_t>(cipher_suite);
  if (!fits(session)) return std::nullopt;
  read_options(r, session);
  if (!r.ok()) return std::nullopt;
  return session;
}

}  // namespace tlspeel::secrets
