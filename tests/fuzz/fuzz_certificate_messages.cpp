// modules: tls
// The messages around certificates. First byte: which message; its highest bits: TLS 1.3, TLS 1.2 or older.
#include <cstddef>
#include <cstdint>

#include "tlspeel/tls/messages/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const tlspeel::ByteView body(data + 1, size - 1);
  constexpr std::uint8_t kTypes[] = {11, 13, 15, 21, 22, 25};
  tlspeel::tls::MessageContext context;
  context.tls13 = (data[0] & 0x80) != 0;
  context.version = static_cast<std::uint16_t>((data[0] & 0x40) != 0 ? 0x0303 : 0x0301);
  if ((data[0] & 0x20) != 0) context.version = 0;
  (void)tlspeel::tls::parse_handshake(kTypes[(data[0] & 0x1f) % 6], body, context);
  return 0;
}
