// The parsers of TLS messages, SSL 3.0 to TLS 1.3: complete message body in (without the four-byte handshake
// header), plain value out. A parser reads all fields as its RFC lists them; short, badly sized and trailing
// bytes are a ParseError whose offset counts from the first byte of the body. Unknown code points are values
// without a name, not errors. Versions are wire values (0x0303). A handshake body is at most 2^24-1 bytes, so
// lists are bounded; list_caps.hpp (private) says which are cut below that, and why. Borrows nothing: the
// values own their bytes. Pure functions.
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/crypto/certificate_cache.hpp"
#include "tlspeel/event/tls_messages.hpp"
#include "tlspeel/tls/cipher_suites.hpp"

namespace tlspeel::tls {

// What earlier messages of the handshake said.
struct MessageContext {
  Direction direction = Direction::client;           // who sent the message
  std::uint16_t version = 0;                         // negotiated; 0: not yet known
  const CipherSuite* suite = nullptr;                // negotiated; null: not yet known or not in the table
  bool tls13 = false;                                // TLS 1.3 or a draft of it was negotiated
  crypto::CertificateCache* certificates = nullptr;  // spares reading the same certificate again; may be null
};

// Any handshake message by its type. Never fails: what is malformed becomes OtherHandshake with the bytes and
// the problem
// ("server_hello: field runs past the end at offset 34"); a type without a known structure becomes
// OtherHandshake without one.
event::Handshake parse_handshake(std::uint8_t type, ByteView body, const MessageContext& context);

ParseResult<event::HelloRequest> parse_hello_request(ByteView body);
ParseResult<event::ClientHello> parse_client_hello(ByteView body);
// RFC 5246 appendix E.2: message begins with msg_type, after the two-byte record length.
ParseResult<event::ClientHello> parse_sslv2_client_hello(ByteView message);
ParseResult<event::ServerHello> parse_server_hello(ByteView body);
// HelloRetryRequest of the drafts of TLS 1.3 up to 21 (handshake type 6): hello_retry_request is set, random
// and session_id are empty.
ParseResult<event::ServerHello> parse_draft_hello_retry_request(ByteView body);
ParseResult<event::NewSessionTicket> parse_new_session_ticket(ByteView body, bool tls13);
ParseResult<event::EndOfEarlyData> parse_end_of_early_data(ByteView body);
ParseResult<event::EncryptedExtensions> parse_encrypted_extensions(ByteView body);
ParseResult<event::Certificate> parse_certificate(ByteView body, bool tls13,
                                                  crypto::CertificateCache* cache = nullptr);
// KeyExchange::unknown: only raw is filled. version 0: the signature is not told apart, only raw is filled.
ParseResult<event::ServerKeyExchange> parse_server_key_exchange(ByteView body, KeyExchange key_exchange,
                                                                std::uint16_t version);
ParseResult<event::CertificateRequest> parse_certificate_request(ByteView body, std::uint16_t version,
                                                                 bool tls13);
ParseResult<event::ServerHelloDone> parse_server_hello_done(ByteView body);
// version 0: TLS 1.2's structure if it fits exactly, otherwise the older one.
ParseResult<event::CertificateVerify> parse_certificate_verify(ByteView body, std::uint16_t version);
ParseResult<event::ClientKeyExchange> parse_client_key_exchange(ByteView body, KeyExchange key_exchange,
                                                                std::uint16_t version);
// tls13: 32 or 48 bytes; SSL 3.0: 36; otherwise 12. version 0: any of these.
ParseResult<event::Finished> parse_finished(ByteView body, std::uint16_t version, bool tls13);
ParseResult<event::CertificateUrl> parse_certificate_url(ByteView body);
ParseResult<event::CertificateStatus> parse_certificate_status(ByteView body);
ParseResult<event::SupplementalData> parse_supplemental_data(ByteView body);
ParseResult<event::KeyUpdate> parse_key_update(ByteView body);
// Content that does not decompress, or is no Certificate, is not an error: the value's problem says so.
ParseResult<event::CompressedCertificate> parse_compressed_certificate(
    ByteView body, crypto::CertificateCache* cache = nullptr);
ParseResult<event::NextProtocol> parse_next_protocol(ByteView body);

// Bodies of other content types. A heartbeat whose payload_length claims more than is there is a valid value
// (RFC 6520 section 4 has the receiver discard it; somebody who looks for Heartbleed wants to see it).
ParseResult<event::Alert> parse_alert(ByteView body);
ParseResult<event::Heartbeat> parse_heartbeat(ByteView body);

}  // namespace tlspeel::tls
