#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {
namespace {

using event::ServerKeyExchange;

void read_parameters(Reader& r, KeyExchange key_exchange, ServerKeyExchange& out);
void read_signature(Reader& r, KeyExchange key_exchange, std::uint16_t version, ServerKeyExchange& out);

}  // namespace

ParseResult<ServerKeyExchange> parse_server_key_exchange(ByteView body, KeyExchange key_exchange,
                                                         std::uint16_t version) {
  Reader r(body);
  ServerKeyExchange out;
  out.key_exchange = key_exchange_name(key_exchange);
  out.raw = to_bytes(body);
  read_parameters(r, key_exchange, out);
  read_signature(r, key_exchange, version, out);
  return r.finish(std::move(out));
}

namespace {

void read_dh(Reader& r, ServerKeyExchange& out);
void read_ec(Reader& r, ServerKeyExchange& out);
void skip_explicit_curve(Reader& r, std::uint32_t curve_type);

void read_parameters(Reader& r, KeyExchange key_exchange, ServerKeyExchange& out) {
  switch (key_exchange) {
    case KeyExchange::rsa_export:  // RFC 2246 section 7.4.3: modulus, exponent
      out.public_key = to_bytes(r.vector16());
      r.skip(r.u16());
      return;
    case KeyExchange::dhe:
    case KeyExchange::dh_anon:
      read_dh(r, out);
      return;
    case KeyExchange::ecdhe:
    case KeyExchange::ecdh_anon:
      read_ec(r, out);
      return;
    case KeyExchange::psk:  // RFC 4279 sections 2 to 4
    case KeyExchange::rsa_psk:
      out.psk_identity_hint = to_bytes(r.vector16());
      return;
    case KeyExchange::dhe_psk:
      out.psk_identity_hint = to_bytes(r.vector16());
      read_dh(r, out);
      return;
    case KeyExchange::ecdhe_psk:  // RFC 5489 section 2
      out.psk_identity_hint = to_bytes(r.vector16());
      read_ec(r, out);
      return;
    case KeyExchange::srp:  // RFC 5054 section 2.8.2: N, g, salt, B
      out.dh_prime = to_bytes(r.vector16());
      out.dh_generator = to_bytes(r.vector16());
      r.skip(r.u8());
      out.public_key = to_bytes(r.vector16());
      return;
    case KeyExchange::eccpwd:  // RFC 8492 section 5.2: salt, curve and element, scalar
      r.skip(r.u8());
      read_ec(r, out);
      r.skip(r.u8());
      return;
    // These have no ServerKeyExchange, or one whose structure is not that of TLS.
    case KeyExchange::unknown:
    case KeyExchange::null:
    case KeyExchange::rsa:
    case KeyExchange::dh:
    case KeyExchange::ecdh:
    case KeyExchange::krb5:
    case KeyExchange::gost:
    case KeyExchange::fortezza:
    case KeyExchange::tls13:
      r.skip(r.remaining());
      return;
  }
}

// RFC 5246 section 7.4.3: ServerDHParams.
void read_dh(Reader& r, ServerKeyExchange& out) {
  out.dh_prime = to_bytes(r.vector16());
  out.dh_generator = to_bytes(r.vector16());
  out.public_key = to_bytes(r.vector16());
}

// RFC 8422 section 5.4: ServerECDHParams; explicit curves: RFC 4492 section 5.4.
void read_ec(Reader& r, ServerKeyExchange& out) {
  constexpr std::uint32_t kNamedCurve = 3;
  constexpr std::uint32_t kArbitraryExplicitCurves = 0xff00;  // + 1: prime, + 2: characteristic 2
  const std::uint8_t curve_type = r.u8();
  if (curve_type == kNamedCurve) {
    out.named_group = registry::supported_group(r.u16());
  } else {
    skip_explicit_curve(r, curve_type);
    out.named_group = registry::supported_group(kArbitraryExplicitCurves + curve_type);
  }
  out.public_key = to_bytes(r.vector8());
}

void skip_explicit_curve(Reader& r, std::uint32_t curve_type) {
  constexpr std::uint32_t kExplicitPrime = 1;
  constexpr std::uint32_t kExplicitChar2 = 2;
  constexpr std::uint8_t kTrinomial = 1;
  constexpr std::uint8_t kPentanomial = 2;
  if (curve_type == kExplicitPrime) {
    r.skip(r.u8());  // prime
  } else if (curve_type == kExplicitChar2) {
    r.skip(2);  // m
    const std::uint8_t basis = r.u8();
    if (basis != kTrinomial && basis != kPentanomial) r.fail("unknown basis of an explicit curve");
    const int coefficients = basis == kPentanomial ? 3 : 1;
    for (int i = 0; i < coefficients; ++i) r.skip(r.u8());
  } else {
    r.fail("unknown curve type");
  }
  // a and b of the curve, base point, order, cofactor
  for (int i = 0; i < 5; ++i) r.skip(r.u8());
}

bool is_signed(KeyExchange key_exchange) {
  return key_exchange == KeyExchange::rsa_export || key_exchange == KeyExchange::dhe ||
         key_exchange == KeyExchange::ecdhe || key_exchange == KeyExchange::srp;
}

// RFC 5246 section 4.7: the algorithm stands before the signature from TLS 1.2 on.
void read_signature(Reader& r, KeyExchange key_exchange, std::uint16_t version, ServerKeyExchange& out) {
  constexpr std::uint16_t kTls12 = 0x0303;
  if (!is_signed(key_exchange)) return;
  // RFC 5054 section 2.8.2: TLS_SRP_SHA suites, unlike those with a certificate, have no signature.
  if (key_exchange == KeyExchange::srp && r.empty()) return;
  bool with_algorithm = version >= kTls12;
  if (version == 0) {
    Reader ahead = r;
    ahead.skip(ahead.u16());
    with_algorithm = !(ahead.ok() && ahead.empty());
  }
  if (with_algorithm) out.signature_algorithm = registry::signature_scheme(r.u16());
  out.signature = to_bytes(r.vector16());
}

}  // namespace
}  // namespace tlspeel::tls
