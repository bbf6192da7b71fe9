#include "output/message_detail.hpp"

#include "tlspeel/base/counts.hpp"
#include "tlspeel/output/safe_text.hpp"

#include "output/overloaded.hpp"

namespace tlspeel::output {

namespace {

using namespace event;  // NOLINT(google-build-using-namespace): every name in this file is one of event's

void code_field(Lines& lines, std::string_view name, const CodePoint& code, int digits) {
  lines.field(name, code_text(code, digits));
}

void code_list(Lines& lines, std::string_view name, const CodePoints& codes, int digits) {
  std::string count;
  append_count(count, codes.size());
  lines.field(name, count);
  for (const CodePoint& code : codes) lines.detail(code_text(code, digits));
}

void detail(Lines& lines, const ClientHello& m) {
  code_field(lines, "version", m.version, 4);
  code_field(lines, "highest version", m.highest_version, 4);
  if (m.sslv2) lines.field("form", "SSLv2-compatible");
  lines.hex_field(m.sslv2 ? "challenge" : "random", m.random);
  lines.hex_field("session id", m.session_id);
  // An SSL 2.0 suite has three bytes (RFC 5246 appendix E.2).
  code_list(lines, "cipher suites", m.cipher_suites, m.sslv2 ? 6 : 4);
  code_list(lines, "compression methods", m.compression_methods, 2);
  append_extensions(lines, m.extensions);
  if (m.fingerprints) {
    lines.field("JA3", m.fingerprints->ja3);
    lines.field("JA4", m.fingerprints->ja4);
  }
}

void detail(Lines& lines, const ServerHello& m) {
  code_field(lines, "version", m.version, 4);
  code_field(lines, "selected version", m.selected_version, 4);
  lines.hex_field("random", m.random);
  lines.hex_field("session id", m.session_id);
  code_field(lines, "cipher suite", m.cipher_suite, 4);
  code_field(lines, "compression method", m.compression_method, 2);
  append_extensions(lines, m.extensions);
  if (m.fingerprints) lines.field("JA3S", m.fingerprints->ja3s);
}

void detail(Lines& lines, const NewSessionTicket& m) {
  lines.field("lifetime", fmt::format("{} s", m.lifetime_seconds));
  if (m.age_add) lines.field("age_add", fmt::format("{}", *m.age_add));
  lines.hex_field("nonce", m.nonce);
  lines.hex_field("ticket", m.ticket);
  append_extensions(lines, m.extensions);
}

void detail(Lines& lines, const EncryptedExtensions& m) {
  append_extensions(lines, m.extensions);
}

void detail(Lines& lines, const Certificate& m) {
  lines.hex_field("request context", m.request_context);
  std::size_t number = 0;
  for (const CertificateEntry& entry : m.chain) {
    append_certificate(lines, entry.certificate, ++number);
    append_extensions(lines, entry.extensions);
  }
}

void detail(Lines& lines, const ServerKeyExchange& m) {
  if (m.named_group) code_field(lines, "named group", *m.named_group, 4);
  lines.hex_field("DH prime", m.dh_prime);
  lines.hex_field("DH generator", m.dh_generator);
  lines.hex_field("public key", m.public_key);
  lines.hex_field("PSK identity hint", m.psk_identity_hint);
  if (m.signature_algorithm) code_field(lines, "signature algorithm", *m.signature_algorithm, 4);
  lines.hex_field("signature", m.signature);
  if (m.key_exchange.empty()) lines.hex_field("body", m.raw);
}

void detail(Lines& lines, const CertificateRequest& m) {
  lines.hex_field("request context", m.request_context);
  if (!m.certificate_types.empty()) code_list(lines, "certificate types", m.certificate_types, 2);
  if (!m.signature_algorithms.empty()) code_list(lines, "signature algorithms", m.signature_algorithms, 4);
  for (const std::string& authority : m.authorities) lines.field("authority", safe_line(authority));
  append_extensions(lines, m.extensions);
}

void detail(Lines& lines, const CertificateVerify& m) {
  if (m.algorithm) code_field(lines, "signature algorithm", *m.algorithm, 4);
  lines.hex_field("signature", m.signature);
}

void detail(Lines& lines, const ClientKeyExchange& m) {
  if (!m.key_exchange.empty()) lines.field("key exchange", m.key_exchange);
  lines.hex_field("encrypted premaster", m.encrypted_premaster_secret);
  lines.hex_field("public key", m.public_key);
  lines.hex_field("PSK identity", m.psk_identity);
  // Otherwise it only repeats the parts above.
  if (m.key_exchange.empty()) lines.hex_field("body", m.raw);
}

void detail(Lines& lines, const Finished& m) {
  lines.hex_field("verify_data", m.verify_data);
}

void detail(Lines& lines, const CertificateUrl& m) {
  code_field(lines, "chain type", m.chain_type, 2);
  for (const std::string& url : m.urls) lines.field("URL", safe_line(url));
}

void detail(Lines& lines, const CertificateStatus& m) {
  code_field(lines, "status type", m.status_type, 2);
  lines.hex_field("response", m.response);
}

void detail(Lines& lines, const SupplementalData& m) {
  code_list(lines, "types", m.types, 4);
}
void detail(Lines& lines, const KeyUpdate& m) {
  code_field(lines, "request", m.request, 2);
}

void detail(Lines& lines, const CompressedCertificate& m) {
  code_field(lines, "algorithm", m.algorithm, 4);
  lines.field("uncompressed length", size_text(m.uncompressed_length));
  lines.hex_field("compressed", m.compressed);
  if (m.certificate) detail(lines, *m.certificate);
}

void detail(Lines& lines, const NextProtocol& m) {
  lines.field("protocol", safe_line(m.protocol));
}
void detail(Lines& lines, const OtherHandshake& m) {
  lines.hex_field("body", m.body);
}
void detail(Lines& /*lines*/, const HelloRequest& /*m*/) {}
void detail(Lines& /*lines*/, const ServerHelloDone& /*m*/) {}
void detail(Lines& /*lines*/, const EndOfEarlyData& /*m*/) {}
void detail(Lines& /*lines*/, const ChangeCipherSpec& /*m*/) {}

void detail(Lines& lines, const Handshake& m) {
  std::visit([&](const auto& body) { detail(lines, body); }, m.body);
}

void detail(Lines& lines, const Alert& m) {
  code_field(lines, "level", m.level, 2);
  code_field(lines, "description", m.description, 2);
}

void detail(Lines& lines, const Heartbeat& m) {
  code_field(lines, "type", m.type, 2);
  lines.field("payload length", fmt::format("{} claimed, {} there", grouped(m.payload_length),
                                            counted(m.actual_length, "byte")));
}

void detail(Lines& /*lines*/, const event::EarlyData& /*m*/) {}

void detail(Lines& lines, const EncryptedRecords& m) {
  code_field(lines, "content type", m.content_type, 2);
}

}  // namespace

void append_message_detail(Lines& lines, PacketRef at, const TlsMessage& message) {
  std::string where = fmt::format("packet {}", at.number);
  if (message.record_version.value != 0) where += ", record version " + name_text(message.record_version, 4);
  if (const auto* handshake = std::get_if<Handshake>(&message.body)) {
    append_format(where, ", handshake type {}, {}", handshake->type.value, size_text(handshake->length));
  }
  if (message.encrypted) where += ", encrypted";
  lines.note(where, Ink::faint);
  std::visit([&](const auto& body) { detail(lines, body); }, message.body);
}

std::string code_text(const CodePoint& code, int digits) {
  return fmt::format("0x{:0{}x}  {}", code.value, digits, code.name.empty() ? "(unknown)" : code.name);
}

}  // namespace tlspeel::output
