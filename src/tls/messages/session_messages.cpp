#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/list_caps.hpp"

namespace tlspeel::tls {

// RFC 5077 section 3.3; TLS 1.3: RFC 8446 section 4.6.1.
ParseResult<event::NewSessionTicket> parse_new_session_ticket(ByteView body, bool tls13) {
  Reader r(body);
  event::NewSessionTicket ticket;
  ticket.lifetime_seconds = r.u32();
  if (tls13) {
    ticket.age_add = r.u32();
    ticket.nonce = to_bytes(r.vector8());
  }
  ticket.ticket = to_bytes(r.vector16());
  if (tls13) ticket.extensions = read_extensions(r, ExtensionSite::new_session_ticket);
  return r.finish(std::move(ticket));
}

// RFC 8446 section 4.3.1.
ParseResult<event::EncryptedExtensions> parse_encrypted_extensions(ByteView body) {
  Reader r(body);
  event::EncryptedExtensions message;
  message.extensions = read_extensions(r, ExtensionSite::encrypted_extensions);
  return r.finish(std::move(message));
}

ParseResult<event::Finished> parse_finished(ByteView body, std::uint16_t version, bool tls13) {
  constexpr std::uint16_t kSsl30 = 0x0300;
  Reader r(body);
  event::Finished finished;
  finished.verify_data = to_bytes(r.rest());
  const std::size_t size = body.size();
  const bool fits_tls13 = size == 32 || size == 48;  // RFC 8446 section 4.4.4: a SHA-256 or SHA-384
  const bool fits_ssl30 = size == 36;                // RFC 6101 section 5.6.9: an MD5 and a SHA-1
  const bool fits_tls = size == 12;                  // RFC 5246 section 7.4.9
  bool fits = version == kSsl30 ? fits_ssl30 : fits_tls;
  if (version == 0) fits = fits_ssl30 || fits_tls || fits_tls13;
  if (tls13) fits = fits_tls13;
  if (!fits) r.fail("verify_data has the wrong size");
  return r.finish(std::move(finished));
}

// RFC 8446 section 4.6.3.
ParseResult<event::KeyUpdate> parse_key_update(ByteView body) {
  Reader r(body);
  return r.finish(event::KeyUpdate{registry::key_update_request(r.u8())});
}

// RFC 4680 section 2.
ParseResult<event::SupplementalData> parse_supplemental_data(ByteView body) {
  Reader r(body);
  event::SupplementalData data;
  Reader list = r.sub24();
  while (!list.empty()) {
    const std::uint16_t type = list.u16();
    list.skip(list.u16());
    if (data.types.size() == kMaxSupplementalDataEntries)
      list.fail("more than 256 supplemental data entries");
    if (list.ok()) data.types.push_back(registry::supplemental_data_type(type));
  }
  r.absorb(list);
  return r.finish(std::move(data));
}

// draft-agl-tls-nextprotoneg-04 section 3: the protocol, then padding.
ParseResult<event::NextProtocol> parse_next_protocol(ByteView body) {
  Reader r(body);
  event::NextProtocol message;
  message.protocol = as_text(r.vector8());
  r.skip(r.u8());
  return r.finish(std::move(message));
}

// Messages without a body.
ParseResult<event::HelloRequest> parse_hello_request(ByteView body) {
  return Reader(body).finish(event::HelloRequest{});
}

ParseResult<event::ServerHelloDone> parse_server_hello_done(ByteView body) {
  return Reader(body).finish(event::ServerHelloDone{});
}

ParseResult<event::EndOfEarlyData> parse_end_of_early_data(ByteView body) {
  return Reader(body).finish(event::EndOfEarlyData{});
}

}  // namespace tlspeel::tls
