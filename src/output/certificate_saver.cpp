#include "tlspeel/output/certificate_saver.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "tlspeel/output/safe_text.hpp"

#include "output/json_line.hpp"

namespace tlspeel::output {
namespace {

using Chain = std::vector<event::CertificateEntry>;

constexpr std::size_t kPemLine = 64;
constexpr std::size_t kMostName = 64;  // a common name has no more (RFC 5280 appendix A.1)
constexpr std::uint32_t kServerName = 0;

// The certificates of the messages that carry some; null: this is none.
const Chain* chain_of(const event::HandshakeBody& body) {
  if (const auto* const plain = std::get_if<event::Certificate>(&body)) return &plain->chain;
  const auto* const compressed = std::get_if<event::CompressedCertificate>(&body);
  return compressed != nullptr && compressed->certificate ? &compressed->certificate->chain : nullptr;
}

std::string server_name_of(const event::ClientHello& hello) {
  const event::Extension* const extension = event::find_extension(hello.extensions, kServerName);
  const auto* const names = extension == nullptr ? nullptr : std::get_if<event::TextList>(&extension->body);
  return names == nullptr || names->values.empty() ? std::string() : names->values.front();
}

// "CN=www.example.com,O=Example": RFC 4514, in which a comma or a plus of a value stands behind a backslash.
std::string_view common_name(std::string_view subject) {
  static constexpr std::string_view kType = "CN=";
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= subject.size(); ++i) {
    const bool at_end = i == subject.size() || subject[i] == ',' || subject[i] == '+';
    if (!at_end) {
      if (subject[i] == '\\') ++i;
      continue;
    }
    const std::string_view part = subject.substr(begin, i - begin);
    if (part.starts_with(kType)) return part.substr(kType.size());
    begin = i + 1;
  }
  return {};
}

std::string_view name_of(const event::CertificateInfo& certificate) {
  if (const std::string_view name = common_name(certificate.subject); !name.empty()) return name;
  if (certificate.subject_alt_names.empty()) return "certificate";
  const std::string_view name = certificate.subject_alt_names.front();
  return name.substr(name.find(':') + 1);
}

// Of what a peer chose only what is the same in every file system and shell; a dot in front would hide it.
std::string safe_name(std::string_view name) {
  std::string out(name.substr(0, kMostName));
  for (char& c : out) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
    if (!plain) c = '_';
  }
  if (out.starts_with('.') || out.starts_with('-')) out.front() = '_';
  return out;
}

// FNV-1a: tells apart what goes with one certificate, which nobody has a reason to forge.
std::uint32_t digest_of(const Chain& chain, std::size_t begin) {
  std::uint32_t value = 0x811c9dc5;
  for (std::size_t i = begin; i < chain.size(); ++i) {
    for (const char c : chain[i].certificate.sha256_hex) {
      value = (value ^ static_cast<unsigned char>(c)) * 0x01000193U;
    }
  }
  return value;
}

void append_pem(std::string& out, const event::CertificateInfo& certificate) {
  const auto field = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{:<12}{}\n", name, safe_line(value));
  };
  if (certificate.raw_public_key) {
    field("problem", "a raw public key");
  } else if (certificate.parsed) {
    field("subject", certificate.subject);
    field("issuer", certificate.issuer);
    field("valid", certificate.not_before + " to " + certificate.not_after);
  } else {
    field("problem", certificate.problem);
  }
  field("SHA-256", certificate.sha256_hex);
  std::string text;
  append_base64(text, certificate.der);
  out += "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += kPemLine) {
    out += std::string_view(text).substr(i, kPemLine);
    out += '\n';
  }
  out += "-----END CERTIFICATE-----\n";
}

}  // namespace

std::string chain_file_name(const Chain& chain) {
  const event::CertificateInfo& own = chain.front().certificate;
  std::string name = fmt::format("{}-{}", safe_name(name_of(own)), own.sha256_hex.substr(0, 16));
  if (chain.size() > 1) name += fmt::format("-{:08x}", digest_of(chain, 1));
  return name + ".pem";
}

CertificateSaver::CertificateSaver(FileStore& store, CheckChain check)
    : store_(store), check_(std::move(check)) {
  const std::string head = "# connection\tpacket\tfrom\tserver_name\tfile\tcheck\n";
  store_.append(std::string(kList), as_bytes(head));
}

void CertificateSaver::write(const event::Placed& placed) {
  if (const auto* const message = std::get_if<event::TlsMessage>(&placed.event)) {
    take(placed, *message);
  } else if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    server_names_.erase(placed.connection);
  }
}

void CertificateSaver::take(const event::Placed& placed, const event::TlsMessage& message) {
  const auto* const handshake = std::get_if<event::Handshake>(&message.body);
  if (handshake == nullptr) return;
  if (const auto* const hello = std::get_if<event::ClientHello>(&handshake->body)) {
    if (std::string name = server_name_of(*hello); !name.empty())
      server_names_[placed.connection] = std::move(name);
    return;
  }
  const Chain* const chain = chain_of(handshake->body);
  if (chain == nullptr || chain->empty()) return;
  const auto name = server_names_.find(placed.connection);
  const ShownChain shown{*chain, message.direction,
                         name == server_names_.end() ? std::string_view() : std::string_view(name->second),
                         placed.at.time_ns};
  if (const event::CertificateInfo& own = chain->front().certificate; own.raw_public_key) {
    return list(placed, shown, "-", fmt::format("raw public key, {}: no certificate", own.public_key));
  }
  const std::string file = chain_file_name(*chain);
  list(placed, shown, file, check_ ? check_(shown) : "not checked");
  if (written_.size() >= kRemembered) written_.clear();
  if (!written_.insert(file).second) return;
  std::string text;
  for (const event::CertificateEntry& each : *chain) append_pem(text, each.certificate);
  store_.remove(file);
  store_.append(file, as_bytes(text));
}

void CertificateSaver::list(const event::Placed& placed, const ShownChain& chain, std::string_view file,
                            const std::string& check) {
  const std::string line = fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", placed.connection, placed.at.number,
                                       chain.from == Direction::client ? "client" : "server",
                                       safe_line(chain.server_name), file, safe_line(check));
  store_.append(std::string(kList), as_bytes(line));
}

}  // namespace tlspeel::output
