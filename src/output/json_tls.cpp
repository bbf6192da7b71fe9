#include "output/json_tls.hpp"

#include "output/overloaded.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {

namespace {

using namespace event;  // NOLINT(google-build-using-namespace): every name in this file is one of event's

void codes(JsonLine& json, std::string_view key, const CodePoints& values) {
  json.open_list(key);
  for (const CodePoint& value : values) json.element(value);
  json.close_list();
}

void texts(JsonLine& json, std::string_view key, const std::vector<std::string>& values) {
  json.open_list(key);
  for (const std::string& value : values) json.element(std::string_view(value));
  json.close_list();
}

// Fields that only some versions or suites have are left out where they are not there.
void optional_hex(JsonLine& json, std::string_view key, const Bytes& value) {
  if (!value.empty()) json.hex(key, value);
}
void optional_code(JsonLine& json, std::string_view key, const std::optional<CodePoint>& value) {
  if (value) json.code(key, *value);
}
void optional_text(JsonLine& json, std::string_view key, std::string_view value) {
  if (!value.empty()) json.text(key, value);
}

void members(JsonLine& json, const OtherHandshake& m) {
  json.hex("body", m.body);
  optional_text(json, "problem", m.problem);
}
void members(JsonLine& /*json*/, const HelloRequest& /*m*/) {}

void members(JsonLine& json, const ClientHello& m) {
  json.code("version", m.version);
  json.code("highest_version", m.highest_version);
  json.flag("sslv2", m.sslv2);
  json.hex("random", m.random);
  json.hex("session_id", m.session_id);
  codes(json, "cipher_suites", m.cipher_suites);
  codes(json, "compression_methods", m.compression_methods);
  append_json_extensions(json, m.extensions);
  if (m.fingerprints) {
    json.text("ja3", m.fingerprints->ja3);
    json.text("ja3_string", m.fingerprints->ja3_string);
    json.text("ja4", m.fingerprints->ja4);
  }
}

void members(JsonLine& json, const ServerHello& m) {
  json.code("version", m.version);
  json.code("selected_version", m.selected_version);
  json.flag("hello_retry_request", m.hello_retry_request);
  json.hex("random", m.random);
  json.hex("session_id", m.session_id);
  json.code("cipher_suite", m.cipher_suite);
  json.code("compression_method", m.compression_method);
  append_json_extensions(json, m.extensions);
  if (m.fingerprints) {
    json.text("ja3s", m.fingerprints->ja3s);
    json.text("ja3s_string", m.fingerprints->ja3s_string);
  }
}

void members(JsonLine& json, const NewSessionTicket& m) {
  json.number("lifetime_seconds", m.lifetime_seconds);
  if (m.age_add) json.number("age_add", *m.age_add);
  optional_hex(json, "nonce", m.nonce);
  json.hex("ticket", m.ticket);
  append_json_extensions(json, m.extensions);
}

void members(JsonLine& /*json*/, const EndOfEarlyData& /*m*/) {}
void members(JsonLine& json, const EncryptedExtensions& m) {
  append_json_extensions(json, m.extensions);
}

void members(JsonLine& json, const Certificate& m) {
  optional_hex(json, "request_context", m.request_context);
  json.open_list("chain");
  for (const CertificateEntry& entry : m.chain) {
    json.open();
    append_json(json, entry.certificate);
    append_json_extensions(json, entry.extensions);
    json.close();
  }
  json.close_list();
}

void members(JsonLine& json, const ServerKeyExchange& m) {
  optional_text(json, "key_exchange", m.key_exchange);
  optional_code(json, "named_group", m.named_group);
  optional_hex(json, "public_key", m.public_key);
  optional_hex(json, "dh_prime", m.dh_prime);
  optional_hex(json, "dh_generator", m.dh_generator);
  optional_hex(json, "psk_identity_hint", m.psk_identity_hint);
  optional_code(json, "signature_algorithm", m.signature_algorithm);
  optional_hex(json, "signature", m.signature);
  json.hex("raw", m.raw);
}

void members(JsonLine& json, const CertificateRequest& m) {
  codes(json, "certificate_types", m.certificate_types);
  codes(json, "signature_algorithms", m.signature_algorithms);
  texts(json, "authorities", m.authorities);
  optional_hex(json, "request_context", m.request_context);
  append_json_extensions(json, m.extensions);
}

void members(JsonLine& /*json*/, const ServerHelloDone& /*m*/) {}

void members(JsonLine& json, const CertificateVerify& m) {
  optional_code(json, "algorithm", m.algorithm);
  json.hex("signature", m.signature);
}

std::string_view premaster_name(PremasterState state) {
  switch (state) {
    case PremasterState::not_tried:
      return "not_tried";
    case PremasterState::recovered:
      return "recovered";
    case PremasterState::wrong_key:
      return "wrong_key";
    case PremasterState::no_key:
      return "no_key";
  }
  return "not_tried";
}

void members(JsonLine& json, const ClientKeyExchange& m) {
  optional_text(json, "key_exchange", m.key_exchange);
  optional_hex(json, "encrypted_premaster_secret", m.encrypted_premaster_secret);
  optional_hex(json, "public_key", m.public_key);
  optional_hex(json, "psk_identity", m.psk_identity);
  json.text("premaster", premaster_name(m.premaster));
  json.hex("raw", m.raw);
}

void members(JsonLine& json, const Finished& m) {
  json.hex("verify_data", m.verify_data);
  if (m.verified) json.flag("verified", *m.verified);
  optional_text(json, "note", m.note);
}

void members(JsonLine& json, const CertificateUrl& m) {
  json.code("chain_type", m.chain_type);
  texts(json, "urls", m.urls);
}
void members(JsonLine& json, const CertificateStatus& m) {
  json.code("status_type", m.status_type);
  json.hex("response", m.response);
}
void members(JsonLine& json, const SupplementalData& m) {
  codes(json, "types", m.types);
}
void members(JsonLine& json, const KeyUpdate& m) {
  json.code("request", m.request);
}
void members(JsonLine& json, const CompressedCertificate& m) {
  json.code("algorithm", m.algorithm);
  json.number("uncompressed_length", m.uncompressed_length);
  json.hex("compressed", m.compressed);
  if (m.certificate) {
    json.open("certificate");
    members(json, *m.certificate);
    json.close();
  }
  optional_text(json, "problem", m.problem);
}
void members(JsonLine& json, const NextProtocol& m) {
  json.text("protocol", m.protocol);
}

// Member that holds the body: the variant's alternatives in order.
std::string_view body_key(const HandshakeBody& body) {
  static constexpr std::array<std::string_view, std::variant_size_v<HandshakeBody>> kKeys{
      "other",
      "hello_request",
      "client_hello",
      "server_hello",
      "new_session_ticket",
      "end_of_early_data",
      "encrypted_extensions",
      "certificate",
      "server_key_exchange",
      "certificate_request",
      "server_hello_done",
      "certificate_verify",
      "client_key_exchange",
      "finished",
      "certificate_url",
      "certificate_status",
      "supplemental_data",
      "key_update",
      "compressed_certificate",
      "next_protocol"};
  return kKeys[body.index()];
}

void append_body(JsonLine& json, const Handshake& m) {
  json.open("handshake");
  json.code("type", m.type);
  json.number("length", m.length);
  json.open(body_key(m.body));
  std::visit([&](const auto& body) { members(json, body); }, m.body);
  json.close();
  json.close();
}

void append_body(JsonLine& json, const ChangeCipherSpec& /*m*/) {
  json.open("change_cipher_spec");
  json.close();
}

void append_body(JsonLine& json, const Alert& m) {
  json.open("alert");
  json.code("level", m.level);
  json.code("description", m.description);
  json.close();
}

void append_body(JsonLine& json, const Heartbeat& m) {
  json.open("heartbeat");
  json.code("type", m.type);
  json.number("payload_length", m.payload_length);
  json.number("actual_length", m.actual_length);
  json.close();
}

void append_body(JsonLine& json, const event::EarlyData& m) {
  json.open("early_data");
  json.flag("accepted", m.accepted);
  json.number("records", m.records);
  json.number("bytes", m.bytes);
  json.close();
}

void append_body(JsonLine& json, const EncryptedRecords& m) {
  json.open("encrypted_records");
  json.code("content_type", m.content_type);
  json.number("records", m.records);
  json.number("bytes", m.bytes);
  json.close();
}

void append_extension_body(JsonLine& json, const ExtensionBody& body) {
  std::visit(Overloaded{
                 [](const OpaqueBody&) {},
                 [](const EmptyBody&) {},
                 [&](const CodePointList& b) { codes(json, "values", b.values); },
                 [&](const TextList& b) { texts(json, "texts", b.values); },
                 [&](const NumberValue& b) {
                   json.number("number", b.value);
                   optional_text(json, "unit", b.unit);
                 },
                 [&](const KeyShareList& b) {
                   json.open_list("key_shares");
                   for (const KeyShare& share : b.values) {
                     json.open();
                     json.code("group", share.group);
                     json.hex("key_exchange", share.key_exchange);
                     json.close();
                   }
                   json.close_list();
                 },
                 [&](const PskOffer& b) {
                   json.open_list("identities");
                   for (const PskIdentity& identity : b.identities) {
                     json.open();
                     json.hex("identity", identity.identity);
                     json.number("obfuscated_ticket_age", identity.obfuscated_ticket_age);
                     json.close();
                   }
                   json.close_list();
                   json.open_list("binders");
                   for (const Bytes& binder : b.binders) json.hex_element(binder);
                   json.close_list();
                 },
             },
             body);
}

void append_names_and_times(JsonLine& json, const CertificateInfo& certificate) {
  if (certificate.raw_public_key) return;
  json.text("subject", certificate.subject);
  json.text("issuer", certificate.issuer);
  json.text("serial", certificate.serial_hex);
  texts(json, "subject_alt_names", certificate.subject_alt_names);
  json.text("not_before", certificate.not_before);
  json.text("not_after", certificate.not_after);
}

}  // namespace

void append_json(JsonLine& json, const TlsMessage& message) {
  json.text("direction", direction_name(message.direction));
  json.flag("encrypted", message.encrypted);
  json.code("record_version", message.record_version);
  std::visit([&](const auto& body) { append_body(json, body); }, message.body);
}

void append_json(JsonLine& json, const CertificateInfo& certificate) {
  json.flag("parsed", certificate.parsed);
  if (certificate.raw_public_key) json.flag("raw_public_key", true);
  if (!certificate.parsed) {
    json.text("problem", certificate.problem);
  } else {
    append_names_and_times(json, certificate);
    json.text("public_key", certificate.public_key);
    json.text("public_key_hex", certificate.public_key_hex);
    if (certificate.rsa_public_exponent != 0)
      json.number("rsa_public_exponent", certificate.rsa_public_exponent);
    if (!certificate.raw_public_key) json.text("signature_algorithm", certificate.signature_algorithm);
    json.text("sha256", certificate.sha256_hex);
  }
  json.hex("der", certificate.der);
}

void append_json_extensions(JsonLine& json, const Extensions& extensions) {
  json.open_list("extensions");
  for (const Extension& extension : extensions) {
    json.open();
    json.code("type", extension.type);
    append_extension_body(json, extension.body);
    json.hex("data", extension.data);
    optional_text(json, "problem", extension.problem);
    json.close();
  }
  json.close_list();
}

}  // namespace tlspeel::output
