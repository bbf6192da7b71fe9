#include "output/message_summary.hpp"

#include <algorithm>

#include "tlspeel/output/safe_text.hpp"

#include "output/overloaded.hpp"

namespace tlspeel::output {

namespace {

using namespace event;  // NOLINT(google-build-using-namespace): every name in this file is one of event's

// ContentType (RFC 8446 section 5.1).
constexpr std::uint32_t kContentChangeCipherSpec = 20;
constexpr std::uint32_t kContentAlert = 21;
constexpr std::uint32_t kContentHandshake = 22;
constexpr std::uint32_t kContentApplicationData = 23;
constexpr std::uint32_t kContentHeartbeat = 24;

// Most summaries that tell much come to less.
constexpr std::size_t kUsualLine = 100;
constexpr std::size_t kDateLength = 10;    // of "2026-01-01T00:00:00Z"
constexpr std::size_t kDigestDigits = 16;  // -v has all

// "; " between the facts of a line.
void next_fact(std::string& out) {
  if (!out.empty()) out += "; ";
}

std::string handshake_name(const Handshake& handshake) {
  if (const auto* hello = std::get_if<ServerHello>(&handshake.body);
      hello != nullptr && hello->hello_retry_request) {
    return "HelloRetryRequest";
  }
  if (handshake.type.name.empty()) return fmt::format("Handshake 0x{:02x}", handshake.type.value);
  if (handshake.type.name == "certificate_url") return "CertificateURL";
  return camel_case(handshake.type.name);
}

std::string closed_records_name(const CodePoint& type) {
  switch (type.value) {
    case kContentChangeCipherSpec:
      return "ChangeCipherSpec";
    case kContentAlert:
      return "EncryptedAlert";
    case kContentHandshake:
      return "EncryptedHandshake";
    case kContentApplicationData:
      return "ApplicationData";
    case kContentHeartbeat:
      return "EncryptedHeartbeat";
    default:
      return fmt::format("Record 0x{:02x}", type.value);
  }
}

void append_texts(std::string& out, std::string_view what, const std::string& texts) {
  if (texts.empty()) return;
  next_fact(out);
  append_format(out, "{} {}", what, texts);
}

void summarize(std::string& out, const ClientHello& m) {
  out.reserve(kUsualLine);
  append_name(out, m.highest_version, 4);
  if (m.sslv2) out += " in an SSLv2-compatible hello";
  next_fact(out);
  append_counted(out, m.cipher_suites.size(), "cipher suite");
  append_texts(out, "SNI", extension_texts(m.extensions, kServerName));
  append_texts(out, "ALPN", extension_texts(m.extensions, kAlpn));
  // In TLS 1.3 a session id is there for middleboxes only (RFC 8446 appendix D.4).
  if (!m.session_id.empty() && !is_tls13(m.highest_version)) out += "; offers a session id";
  const Extension* const ticket = find_extension(m.extensions, kSessionTicket);
  if (ticket != nullptr && !ticket->data.empty()) out += "; offers a session ticket";
  if (find_extension(m.extensions, kPreSharedKey) != nullptr) out += "; offers a pre-shared key";
  if (find_extension(m.extensions, kEarlyData) != nullptr) out += "; sends early data";
}

void summarize_server_hello(std::string& out, const ServerHello& m, bool resumed) {
  out.reserve(kUsualLine);
  append_name(out, m.selected_version, 4);
  next_fact(out);
  append_name(out, m.cipher_suite, 4);
  const Extension* const share = find_extension(m.extensions, kKeyShare);
  if (share != nullptr) {
    if (const auto* shares = std::get_if<KeyShareList>(&share->body);
        shares != nullptr && !shares->values.empty()) {
      append_texts(out, m.hello_retry_request ? "asks for group" : "group",
                   name_text(shares->values.front().group, 4));
    } else if (const auto* list = std::get_if<CodePointList>(&share->body);
               list != nullptr && !list->values.empty()) {
      append_texts(out, "asks for group", name_text(list->values.front(), 4));
    }
  }
  if (m.compression_method.value != 0) append_texts(out, "compression", name_text(m.compression_method, 2));
  append_texts(out, "ALPN", extension_texts(m.extensions, kAlpn));
  // A pre-shared key need not be of an earlier session (RFC 8446 section 2.2).
  if (resumed) out += is_tls13(m.selected_version) ? "; takes the pre-shared key" : "; resumes a session";
}

void summarize(std::string& out, const NewSessionTicket& m) {
  out += "lifetime ";
  append_counted(out, m.lifetime_seconds, "second");
  out += "; ticket of ";
  append_size(out, m.ticket.size());
}

void summarize(std::string& out, const EncryptedExtensions& m) {
  append_counted(out, m.extensions.size(), "extension");
  append_texts(out, "ALPN", extension_texts(m.extensions, kAlpn));
}

void summarize(std::string& out, const Certificate& m) {
  out.reserve(kUsualLine);
  if (m.chain.empty()) {
    out += "no certificate";
    return;
  }
  const CertificateInfo& leaf = m.chain.front().certificate;
  out += certificate_subject(leaf);
  if (leaf.parsed && !leaf.public_key.empty()) out += ", " + safe_line(leaf.public_key);
  if (leaf.raw_public_key) {
    append_format(out, "; SHA-256 {}...", std::string_view(leaf.sha256_hex).substr(0, kDigestDigits));
  } else if (leaf.parsed) {
    out += "; issuer ";
    append_safe_line(out, leaf.issuer.empty() ? "(empty)" : leaf.issuer);
    append_format(out, "; {} to {}", safe_line(leaf.not_before.substr(0, kDateLength)),
                  safe_line(leaf.not_after.substr(0, kDateLength)));
  }
  if (m.chain.size() > 1) append_format(out, " (+{} more)", m.chain.size() - 1);
}

// Bits of a big-endian number.
std::size_t bits_of(const Bytes& number) {
  const auto first = std::find_if(number.begin(), number.end(), [](std::uint8_t b) { return b != 0; });
  if (first == number.end()) return 0;
  std::size_t bits = 8 * static_cast<std::size_t>(number.end() - first);
  for (unsigned mask = 0x80; (*first & mask) == 0; mask >>= 1U) --bits;
  return bits;
}

void summarize(std::string& out, const ServerKeyExchange& m) {
  out += m.key_exchange.empty() ? "key exchange unknown" : m.key_exchange;
  if (m.named_group) append_texts(out, "group", name_text(*m.named_group, 4));
  if (!m.dh_prime.empty()) append_format(out, "; prime of {} bits", bits_of(m.dh_prime));
  if (m.key_exchange == "RSA_EXPORT" && !m.public_key.empty())
    append_format(out, "; temporary key of {} bits", bits_of(m.public_key));
  append_texts(out, "identity hint", safe_line(as_text(m.psk_identity_hint)));
  if (m.signature_algorithm) {
    append_texts(out, "signed with", name_text(*m.signature_algorithm, 4));
  } else if (!m.signature.empty()) {
    out += "; signed";
  }
  if (m.key_exchange.empty()) out += "; " + size_text(m.raw.size());
}

void summarize(std::string& out, const CertificateRequest& m) {
  if (!m.certificate_types.empty()) {
    out += "types ";
    append_names(out, m.certificate_types, 2);
  }
  if (!m.signature_algorithms.empty()) {
    next_fact(out);
    append_counted(out, m.signature_algorithms.size(), "signature algorithm");
  }
  next_fact(out);
  append_format(out, "{} {}", m.authorities.size(), m.authorities.size() == 1 ? "authority" : "authorities");
}

void summarize(std::string& out, const CertificateVerify& m) {
  if (m.algorithm) append_name(out, *m.algorithm, 4);
  next_fact(out);
  out += "signature of " + size_text(m.signature.size());
}

void summarize(std::string& out, const ClientKeyExchange& m) {
  out.reserve(kUsualLine);
  if (!m.psk_identity.empty()) out += "identity " + safe_line(as_text(m.psk_identity));
  if (!m.encrypted_premaster_secret.empty()) {
    next_fact(out);
    append_format(out, "premaster secret, encrypted to the server's RSA key ({})",
                  size_text(m.encrypted_premaster_secret.size()));
    switch (m.premaster) {
      case PremasterState::not_tried:
        break;
      case PremasterState::recovered:
        out += ": recovered";
        break;
      case PremasterState::wrong_key:
        out += ": not recovered, the key does not fit";
        break;
      case PremasterState::no_key:
        out += ": not recovered";
        break;
    }
  }
  if (!m.public_key.empty()) {
    next_fact(out);
    append_format(out, "{} public key ({})", m.key_exchange, size_text(m.public_key.size()));
  }
  if (out.empty())
    append_format(out, "{}{}", m.key_exchange, m.key_exchange.empty() ? size_text(m.raw.size()) : "");
}

void summarize(std::string& out, const Finished& m) {
  if (m.verified) {
    out += *m.verified ? "verified" : "NOT verified";
  } else {
    out += "not checkable";
  }
  if (!m.note.empty()) append_format(out, " ({})", m.note);
}

void summarize(std::string& out, const CertificateUrl& m) {
  for (const std::string& url : m.urls) {
    if (!out.empty()) out += ", ";
    append_safe_line(out, url);
  }
}

void summarize(std::string& out, const CertificateStatus& m) {
  append_name(out, m.status_type, 2);
  out += " response of " + size_text(m.response.size());
}

void summarize(std::string& out, const CompressedCertificate& m) {
  if (m.certificate) {
    summarize(out, *m.certificate);
    out += "; ";
  }
  append_name(out, m.algorithm, 4);
  append_format(out, "; {}, {} uncompressed", size_text(m.compressed.size()),
                size_text(m.uncompressed_length));
  if (!m.problem.empty()) append_format(out, "; could not be read: {}", m.problem);
}

void summarize(std::string& out, const OtherHandshake& m) {
  if (m.problem.empty()) {
    append_size(out, m.body.size());
  } else {
    out += "could not be read: ";
    append_safe_line(out, m.problem);
  }
}

void summarize_handshake(std::string& out, const Handshake& handshake, bool resumed) {
  std::visit(Overloaded{
                 [&](const ServerHello& m) { summarize_server_hello(out, m, resumed); },
                 [&](const SupplementalData& m) { append_names(out, m.types, 4); },
                 [&](const KeyUpdate& m) { append_name(out, m.request, 2); },
                 [&](const NextProtocol& m) { append_safe_line(out, m.protocol); },
                 [](const HelloRequest&) {},
                 [](const ServerHelloDone&) {},
                 [](const EndOfEarlyData&) {},
                 [&](const auto& m) { summarize(out, m); },
             },
             handshake.body);
}

void summarize(std::string& out, const Alert& m, bool encrypted) {
  append_name(out, m.level, 2);
  out += ' ';
  append_name(out, m.description, 2);
  if (encrypted) out += " (encrypted)";
}

void summarize(std::string& out, const Heartbeat& m) {
  append_name(out, m.type, 2);
  out += "; payload of " + size_text(m.payload_length);
  // RFC 6520 section 4: such a message must be discarded; answering it was CVE-2014-0160.
  if (m.payload_length > m.actual_length)
    append_format(out, " claimed, {} there", size_text(m.actual_length));
}

void summarize(std::string& out, const event::EarlyData& m) {
  append_counted(out, m.records, "record");
  append_format(out, " ({}) sent before the handshake was done; {}", size_text(m.bytes),
                m.accepted ? "accepted" : "refused by the server, so not shown");
}

void summarize(std::string& out, const EncryptedRecords& m) {
  append_counted(out, m.records, "record");
  append_format(out, " ({}) not opened", size_text(m.bytes));
}

}  // namespace

std::string message_name(const TlsMessage& message) {
  return std::visit(Overloaded{
                        [](const Handshake& m) { return handshake_name(m); },
                        [](const ChangeCipherSpec&) { return std::string("ChangeCipherSpec"); },
                        [](const Alert&) { return std::string("Alert"); },
                        [](const Heartbeat&) { return std::string("Heartbeat"); },
                        [](const EncryptedRecords& m) { return closed_records_name(m.content_type); },
                        [](const event::EarlyData&) { return std::string("EarlyData"); },
                    },
                    message.body);
}

std::string message_summary(const TlsMessage& message, bool resumed) {
  std::string out;
  std::visit(Overloaded{
                 [&](const Handshake& m) { summarize_handshake(out, m, resumed); },
                 [](const ChangeCipherSpec&) {},
                 [&](const Alert& m) { summarize(out, m, message.encrypted); },
                 [&](const auto& m) { summarize(out, m); },
             },
             message.body);
  return out;
}

Ink message_ink(const TlsMessage& message) {
  static constexpr std::uint32_t kFatal = 2;
  if (const auto* alert = std::get_if<Alert>(&message.body)) {
    return alert->level.value == kFatal ? Ink::bad : Ink::plain;
  }
  if (std::holds_alternative<EncryptedRecords>(message.body)) return Ink::warning;
  const auto* handshake = std::get_if<Handshake>(&message.body);
  if (handshake == nullptr) return Ink::plain;
  if (const auto* finished = std::get_if<Finished>(&handshake->body);
      finished != nullptr && finished->verified) {
    return *finished->verified ? Ink::good : Ink::bad;
  }
  if (const auto* exchange = std::get_if<ClientKeyExchange>(&handshake->body)) {
    switch (exchange->premaster) {
      case PremasterState::recovered:
        return Ink::good;
      case PremasterState::wrong_key:
      case PremasterState::no_key:
        return Ink::warning;
      case PremasterState::not_tried:
        return Ink::plain;
    }
  }
  if (const auto* other = std::get_if<OtherHandshake>(&handshake->body);
      other != nullptr && !other->problem.empty()) {
    return Ink::bad;
  }
  return Ink::plain;
}

std::string certificate_subject(const CertificateInfo& certificate) {
  if (!certificate.parsed) {
    return fmt::format("{} that could not be read: {}", size_text(certificate.der.size()),
                       safe_line(certificate.problem));
  }
  if (certificate.raw_public_key) return "raw public key";
  if (!certificate.subject.empty()) return safe_line(certificate.subject);
  if (!certificate.subject_alt_names.empty()) return safe_line(certificate.subject_alt_names.front());
  return "(empty subject)";
}

std::string extension_texts(const Extensions& extensions, std::uint32_t type) {
  std::string out;
  const Extension* const extension = find_extension(extensions, type);
  if (extension == nullptr) return out;
  if (const auto* texts = std::get_if<TextList>(&extension->body)) {
    for (const std::string& text : texts->values) {
      if (!out.empty()) out += ", ";
      append_safe_line(out, text);
    }
  }
  return out;
}

}  // namespace tlspeel::output
