#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/hello_parts.hpp"
#include "tls/messages/read_lists.hpp"

namespace tlspeel::tls {

// RFC 5246 appendix E.2, RFC 6101 appendix E.1.
ParseResult<event::ClientHello> parse_sslv2_client_hello(ByteView message) {
  constexpr std::uint8_t kClientHelloType = 1;
  Reader r(message);
  event::ClientHello hello;
  hello.sslv2 = true;
  if (r.u8() != kClientHelloType) r.fail("not an SSL 2.0 CLIENT-HELLO");
  hello.version = registry::protocol_version(r.u16());
  const std::size_t cipher_specs_size = r.u16();
  const std::size_t session_id_size = r.u16();
  const std::size_t challenge_size = r.u16();
  if (session_id_size > 32) r.fail("session id of more than 32 bytes");
  // Padded to ClientHello.random below, so it cannot be longer.
  if (challenge_size > kRandomSize) r.fail("challenge of more than 32 bytes");
  hello.cipher_suites = read_u24_list(r, r.sub(cipher_specs_size), cipher_suite_name);
  hello.session_id = to_bytes(r.bytes(session_id_size));
  const ByteView challenge = r.bytes(challenge_size);
  hello.random.assign(kRandomSize - challenge.size(), 0);
  append(hello.random, challenge);
  hello.highest_version = hello.version;
  return r.finish(std::move(hello));
}

}  // namespace tlspeel::tls
