// modules: tls
// The hellos of all versions with every extension body, and their fingerprints. First byte: which hello.
#include <cstddef>
#include <cstdint>

#include "tlspeel/tls/fingerprints.hpp"
#include "tlspeel/tls/messages/messages.hpp"

namespace {

template <class Hello>
void take(const tlspeel::ParseResult<Hello>& hello) {
  if (hello) (void)tlspeel::tls::fingerprints_of(*hello);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const tlspeel::ByteView body(data + 1, size - 1);
  switch (data[0] & 3) {
    case 0:
      take(tlspeel::tls::parse_client_hello(body));
      break;
    case 1:
      take(tlspeel::tls::parse_server_hello(body));
      break;
    case 2:
      take(tlspeel::tls::parse_sslv2_client_hello(body));
      break;
    default:
      take(tlspeel::tls::parse_draft_hello_retry_request(body));
      break;
  }
  return 0;
}
