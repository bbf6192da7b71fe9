// modules: tls
// Every handshake type through the dispatcher, alerts and heartbeats. Bytes: type, version and whether it is
// TLS 1.3, suite.
#include <cstddef>
#include <cstdint>

#include "tlspeel/tls/messages/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const tlspeel::ByteView body(data + 4, size - 4);
  tlspeel::tls::MessageContext context;
  context.version = static_cast<std::uint16_t>(0x0300 + (data[1] & 3));
  context.tls13 = (data[1] & 0x80) != 0;
  context.suite = tlspeel::tls::find_cipher_suite(static_cast<std::uint16_t>(data[2] << 8 | data[3]));
  (void)tlspeel::tls::parse_handshake(data[0], body, context);
  (void)tlspeel::tls::parse_alert(body);
  (void)tlspeel::tls::parse_heartbeat(body);
  return 0;
}
