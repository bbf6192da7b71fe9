// Extension lists of hellos, certificates, requests and tickets (RFC 8446 section 4.2; registry:
// tls-extensiontype-values). A body that is malformed never spoils its message: it becomes OpaqueBody and
// Extension::problem says what was wrong. Borrows nothing: the values own their bytes. Pure functions.
#pragma once

#include <cstdint>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls {

// The message that an extension stands in: several bodies have another structure in each.
enum class ExtensionSite : std::uint8_t {
  client_hello,
  server_hello,
  hello_retry_request,
  encrypted_extensions,
  certificate,
  certificate_request,
  new_session_ticket,
};

// Reads `Extension extensions<0..2^16-1>` at the reader's place. A list whose framing is wrong fails the
// reader.
event::Extensions read_extensions(Reader& reader, ExtensionSite site);

// One extension_data. An unknown type gives OpaqueBody (EmptyBody where data is empty).
event::Extension decode_extension(std::uint16_t type, ByteView data, ExtensionSite site);

}  // namespace tlspeel::tls
