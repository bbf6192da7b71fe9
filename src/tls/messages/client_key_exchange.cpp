#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"

namespace tlspeel::tls {
namespace {

using event::ClientKeyExchange;

void read_fields(Reader& r, KeyExchange key_exchange, std::uint16_t version, ClientKeyExchange& out);

}  // namespace

ParseResult<ClientKeyExchange> parse_client_key_exchange(ByteView body, KeyExchange key_exchange,
                                                         std::uint16_t version) {
  Reader r(body);
  ClientKeyExchange out;
  out.key_exchange = key_exchange_name(key_exchange);
  out.raw = to_bytes(body);
  read_fields(r, key_exchange, version, out);
  return r.finish(std::move(out));
}

namespace {

ByteView read_encrypted_premaster_secret(Reader& r, std::uint16_t version);

// dh_Yc<1..2^16-1>, point<1..2^8-1>
Bytes read_public_key(Reader& r, ByteView key) {
  if (key.empty()) r.fail("empty public key");
  return to_bytes(key);
}

void read_fields(Reader& r, KeyExchange key_exchange, std::uint16_t version, ClientKeyExchange& out) {
  switch (key_exchange) {
    case KeyExchange::rsa:
    case KeyExchange::rsa_export:
      out.encrypted_premaster_secret = to_bytes(read_encrypted_premaster_secret(r, version));
      return;
    case KeyExchange::dh:  // RFC 5246 section 7.4.7.2: empty where the client's certificate has the key
      if (r.empty()) return;
      [[fallthrough]];
    case KeyExchange::dhe:
    case KeyExchange::dh_anon:
      out.public_key = read_public_key(r, r.vector16());
      return;
    case KeyExchange::ecdh:  // RFC 8422 section 5.7: likewise
      if (r.empty()) return;
      [[fallthrough]];
    case KeyExchange::ecdhe:
    case KeyExchange::ecdh_anon:
      out.public_key = read_public_key(r, r.vector8());
      return;
    case KeyExchange::psk:  // RFC 4279 sections 2 to 4
      out.psk_identity = to_bytes(r.vector16());
      return;
    case KeyExchange::rsa_psk:
      out.psk_identity = to_bytes(r.vector16());
      out.encrypted_premaster_secret = to_bytes(r.vector16());
      return;
    case KeyExchange::dhe_psk:
      out.psk_identity = to_bytes(r.vector16());
      out.public_key = read_public_key(r, r.vector16());
      return;
    case KeyExchange::ecdhe_psk:  // RFC 5489 section 2
      out.psk_identity = to_bytes(r.vector16());
      out.public_key = read_public_key(r, r.vector8());
      return;
    case KeyExchange::srp:  // RFC 5054 section 2.8.3
      out.public_key = read_public_key(r, r.vector16());
      return;
    case KeyExchange::eccpwd:  // RFC 8492 section 5.2: element, scalar
      out.public_key = read_public_key(r, r.vector8());
      r.skip(r.u8());
      return;
    // RFC 2712 leaves the encoding of its fields open; GOST's is ASN.1; the others have no structure here.
    case KeyExchange::krb5:
    case KeyExchange::gost:
    case KeyExchange::fortezza:
    case KeyExchange::unknown:
    case KeyExchange::null:
    case KeyExchange::tls13:
      r.skip(r.remaining());
      return;
  }
}

// An RSA ciphertext has the size of the modulus, and moduli are whole multiples of 64 bits as good as always.
bool is_modulus_size(std::size_t size) {
  return size >= 64 && size <= 2048 && size % 8 == 0;
}

// RFC 5246 section 7.4.7.1, implementation note: SSL 3.0 (RFC 6101 section 5.6.7.1) has the bare ciphertext,
// TLS puts its length before it, and there are implementations of each that do it as in the other. Which one
// it is, is told by what fits the message exactly.
ByteView read_encrypted_premaster_secret(Reader& r, std::uint16_t version) {
  constexpr std::uint16_t kSsl30 = 0x0300;
  const std::size_t size = r.remaining();
  Reader ahead = r;
  const std::size_t stated = ahead.u16();
  const bool prefix_fits = stated + 2 == size;
  if (version == kSsl30) {
    // A ciphertext may begin with two bytes that look like its length; a modulus of an odd size may not.
    const bool bare = !prefix_fits || (is_modulus_size(size) && !is_modulus_size(size - 2));
    if (bare && size == 0) r.fail("no encrypted premaster secret");
    return bare ? r.rest() : r.vector16();
  }
  // Where the first two bytes are a likely length that says more than is there, the message is cut, not bare.
  const bool bare = !prefix_fits && is_modulus_size(size) && !(is_modulus_size(stated) && stated + 2 > size);
  return bare ? r.rest() : r.vector16();
}

}  // namespace
}  // namespace tlspeel::tls
