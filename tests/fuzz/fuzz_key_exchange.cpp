// modules: tls
// ServerKeyExchange and ClientKeyExchange. First byte: the key exchange and, in its highest bit, which
// message; second byte: version.
#include <cstddef>
#include <cstdint>

#include "tlspeel/tls/messages/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tlspeel::tls::KeyExchange;
  if (size < 2) return 0;
  const tlspeel::ByteView body(data + 2, size - 2);
  constexpr unsigned kKeyExchanges = static_cast<unsigned>(KeyExchange::tls13) + 1;
  const auto key_exchange = static_cast<KeyExchange>((data[0] & 0x7fU) % kKeyExchanges);
  const auto version = static_cast<std::uint16_t>((data[1] & 4) != 0 ? 0 : 0x0300 + (data[1] & 3));
  if ((data[0] & 0x80) != 0) {
    (void)tlspeel::tls::parse_server_key_exchange(body, key_exchange, version);
  } else {
    (void)tlspeel::tls::parse_client_key_exchange(body, key_exchange, version);
  }
  return 0;
}
