// Extensions and certificates in full, for message_detail.
#include <algorithm>

#include "tlspeel/output/safe_text.hpp"

#include "output/message_detail.hpp"
#include "output/overloaded.hpp"

namespace tlspeel::output {

namespace {

using namespace event;  // NOLINT(google-build-using-namespace): every name in this file is one of event's

std::string code_list_text(const CodePointList& body) {
  std::string out;
  append_names(out, body.values, 2);
  return out;
}

std::string text_list_text(const TextList& body) {
  std::string out;
  for (const std::string& value : body.values) {
    if (!out.empty()) out += ", ";
    append_safe_line(out, value);
  }
  return out;
}

std::string number_text(const NumberValue& body) {
  std::string out;
  append_count(out, body.value);
  if (!body.unit.empty()) append_format(out, " {}", body.unit);
  return out;
}

std::string counted(std::uint64_t n, std::string_view noun) {
  std::string out;
  append_counted(out, n, noun);
  return out;
}

// What fits into the line of the extension.
std::string inline_text(const Extension& extension) {
  return std::visit(Overloaded{
                        [](const EmptyBody&) { return std::string("(empty)"); },
                        [&](const OpaqueBody&) { return size_text(extension.data.size()); },
                        [](const CodePointList& body) { return code_list_text(body); },
                        [](const TextList& body) { return text_list_text(body); },
                        [](const NumberValue& body) { return number_text(body); },
                        [](const KeyShareList& body) { return counted(body.values.size(), "share"); },
                        [](const PskOffer& body) {
                          return body.identities.size() == 1
                                     ? std::string("1 identity")
                                     : fmt::format("{} identities", body.identities.size());
                        },
                    },
                    extension.body);
}

void append_below(Lines& lines, const Extension& extension) {
  if (std::holds_alternative<OpaqueBody>(extension.body)) {
    lines.hex_field("  data", extension.data);
  } else if (const auto* shares = std::get_if<KeyShareList>(&extension.body)) {
    for (const KeyShare& share : shares->values)
      lines.hex_field("  " + name_text(share.group, 4), share.key_exchange);
  } else if (const auto* offer = std::get_if<PskOffer>(&extension.body)) {
    for (const PskIdentity& identity : offer->identities) {
      lines.field("  obfuscated age", fmt::format("{}", identity.obfuscated_ticket_age));
      lines.hex_field("  identity", identity.identity);
    }
    for (const Bytes& binder : offer->binders) lines.hex_field("  binder", binder);
  }
}

void text_field(Lines& lines, std::string_view name, std::string_view value) {
  if (!value.empty()) lines.field(name, safe_line(value));
}

void append_names_and_times(Lines& lines, const CertificateInfo& certificate) {
  text_field(lines, "  subject", certificate.subject);
  text_field(lines, "  issuer", certificate.issuer);
  text_field(lines, "  serial", certificate.serial_hex);
  for (const std::string& name : certificate.subject_alt_names) text_field(lines, "  alternative name", name);
  lines.field("  validity",
              fmt::format("{} to {}", safe_line(certificate.not_before), safe_line(certificate.not_after)));
}

}  // namespace

void append_extensions(Lines& lines, const Extensions& extensions) {
  for (const Extension& extension : extensions) {
    std::string line = "extension ";
    if (extension.type.name.empty()) {
      append_format(line, "0x{:04x} (unknown)", extension.type.value);
    } else if (extension.type.name == "GREASE") {
      append_format(line, "0x{:04x} GREASE", extension.type.value);
    } else {
      append_format(line, "{} ({})", extension.type.name, extension.type.value);
    }
    append_format(line, ": {}", inline_text(extension));
    lines.note(line);
    if (!extension.problem.empty()) lines.detail(fmt::format("malformed: {}", extension.problem));
    append_below(lines, extension);
  }
}

void append_certificate(Lines& lines, const CertificateInfo& certificate, std::size_t number) {
  const std::string_view what = certificate.raw_public_key ? "raw public key" : "certificate";
  lines.field(fmt::format("{} {}", what, number), size_text(certificate.der.size()));
  if (!certificate.parsed) {
    lines.field("  could not be read", safe_line(certificate.problem));
    lines.hex_field("  DER", certificate.der);
    return;
  }
  if (!certificate.raw_public_key) append_names_and_times(lines, certificate);
  text_field(lines, "  public key", certificate.public_key);
  lines.hex_digits_field(certificate.rsa_public_exponent != 0 ? "  modulus" : "  key",
                         certificate.public_key_hex);
  if (certificate.rsa_public_exponent != 0) {
    lines.field("  exponent",
                fmt::format("{} (0x{:x})", certificate.rsa_public_exponent, certificate.rsa_public_exponent));
  }
  if (!certificate.raw_public_key)
    text_field(lines, "  signature algorithm", certificate.signature_algorithm);
  lines.hex_digits_field("  SHA-256", certificate.sha256_hex);
}

}  // namespace tlspeel::output
