#include <utility>

#include <fmt/format.h>

#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {
namespace {

event::HandshakeBody parse_body(const event::CodePoint& type, ByteView body, const MessageContext& context);

}  // namespace

event::Handshake parse_handshake(std::uint8_t type, ByteView body, const MessageContext& context) {
  event::Handshake handshake;
  handshake.type = registry::handshake_type(type);
  handshake.length = static_cast<std::uint32_t>(body.size());
  handshake.body = parse_body(handshake.type, body, context);
  return handshake;
}

namespace {

// RFC 8446 section 4 and the documents that each parser names.
enum HandshakeType : std::uint32_t {
  kHelloRequest = 0,
  kClientHello = 1,
  kServerHello = 2,
  kNewSessionTicket = 4,
  kEndOfEarlyData = 5,
  kHelloRetryRequest = 6,
  kEncryptedExtensions = 8,
  kCertificate = 11,
  kServerKeyExchange = 12,
  kCertificateRequest = 13,
  kServerHelloDone = 14,
  kCertificateVerify = 15,
  kClientKeyExchange = 16,
  kFinished = 20,
  kCertificateUrl = 21,
  kCertificateStatus = 22,
  kSupplementalData = 23,
  kKeyUpdate = 24,
  kCompressedCertificate = 25,
  kNextProtocol = 67,
};

event::HandshakeBody parse_body(const event::CodePoint& type, ByteView body, const MessageContext& context) {
  const auto kept = [&](auto result) -> event::HandshakeBody {
    if (result) return std::move(*result);
    return event::OtherHandshake{to_bytes(body), fmt::format("{}: {} at offset {}", type.name,
                                                             result.error().what, result.error().offset)};
  };
  const KeyExchange key_exchange =
      context.suite == nullptr ? KeyExchange::unknown : context.suite->key_exchange;
  switch (type.value) {
    case kHelloRequest:
      return kept(parse_hello_request(body));
    case kClientHello:
      return kept(parse_client_hello(body));
    case kServerHello:
      return kept(parse_server_hello(body));
    case kNewSessionTicket:
      return kept(parse_new_session_ticket(body, context.tls13));
    case kEndOfEarlyData:
      return kept(parse_end_of_early_data(body));
    case kHelloRetryRequest:
      return kept(parse_draft_hello_retry_request(body));
    case kEncryptedExtensions:
      return kept(parse_encrypted_extensions(body));
    case kCertificate:
      return kept(parse_certificate(body, context.tls13, context.certificates));
    case kServerKeyExchange:
      return kept(parse_server_key_exchange(body, key_exchange, context.version));
    case kCertificateRequest:
      return kept(parse_certificate_request(body, context.version, context.tls13));
    case kServerHelloDone:
      return kept(parse_server_hello_done(body));
    case kCertificateVerify:
      return kept(parse_certificate_verify(body, context.version));
    case kClientKeyExchange:
      return kept(parse_client_key_exchange(body, key_exchange, context.version));
    case kFinished:
      return kept(parse_finished(body, context.version, context.tls13));
    case kCertificateUrl:
      return kept(parse_certificate_url(body));
    case kCertificateStatus:
      return kept(parse_certificate_status(body));
    case kSupplementalData:
      return kept(parse_supplemental_data(body));
    case kKeyUpdate:
      return kept(parse_key_update(body));
    case kCompressedCertificate:
      return kept(parse_compressed_certificate(body, context.certificates));
    case kNextProtocol:
      return kept(parse_next_protocol(body));
    default:
      return event::OtherHandshake{to_bytes(body), {}};
  }
}

}  // namespace
}  // namespace tlspeel::tls
