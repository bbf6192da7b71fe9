#include "unit/tls/messages/summary.hpp"

#include <fmt/format.h>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::tls::test {
namespace {

std::string text(const event::CodePoint& point) {
  return fmt::format("{:x}{}{}", point.value, point.name.empty() ? "" : " ", point.name);
}

std::string text(const event::CodePoints& points) {
  std::string out;
  for (const event::CodePoint& point : points) out += (out.empty() ? "" : ", ") + text(point);
  return out.empty() ? "none" : out;
}

std::string text(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "\"" : ", \"") + name + "\"";
  return out.empty() ? "none" : out;
}

struct BodyText {
  std::string operator()(const event::OpaqueBody& /*body*/) const { return "opaque"; }
  std::string operator()(const event::EmptyBody& /*body*/) const { return "empty"; }
  std::string operator()(const event::CodePointList& list) const { return text(list.values); }
  std::string operator()(const event::TextList& list) const { return text(list.values); }
  std::string operator()(const event::NumberValue& number) const {
    return fmt::format("{}{}{}", number.value, number.unit.empty() ? "" : " ", number.unit);
  }
  std::string operator()(const event::KeyShareList& list) const {
    std::string out;
    for (const event::KeyShare& share : list.values) {
      out +=
          fmt::format("{}{} with {}", out.empty() ? "" : ", ", text(share.group), to_hex(share.key_exchange));
    }
    return out;
  }
  std::string operator()(const event::PskOffer& offer) const {
    std::string out;
    for (const event::PskIdentity& identity : offer.identities) {
      out += fmt::format("identity {} of age {} ", to_hex(identity.identity), identity.obfuscated_ticket_age);
    }
    for (const Bytes& binder : offer.binders) out += "binder " + to_hex(binder);
    return out;
  }
};

class Summary {
 public:
  Lines take() { return std::move(lines_); }

  void operator()(const event::OtherHandshake& m) {
    field("other", to_hex(m.body));
    if (!m.problem.empty()) field("problem", m.problem);
  }
  void operator()(const event::HelloRequest& /*m*/) { lines_.emplace_back("HelloRequest"); }
  void operator()(const event::ServerHelloDone& /*m*/) { lines_.emplace_back("ServerHelloDone"); }
  void operator()(const event::EndOfEarlyData& /*m*/) { lines_.emplace_back("EndOfEarlyData"); }
  void operator()(const event::ClientHello& m) {
    field("version", text(m.version));
    if (m.sslv2) field("sslv2", "yes");
    field("highest version", text(m.highest_version));
    field("random", to_hex(m.random));
    field("session id", to_hex(m.session_id));
    for (const event::CodePoint& suite : m.cipher_suites) field("suite", text(suite));
    field("compression", text(m.compression_methods));
    extensions(m.extensions);
  }
  void operator()(const event::ServerHello& m) {
    field("version", text(m.version));
    field("selected version", text(m.selected_version));
    if (m.hello_retry_request) field("hello retry request", "yes");
    field("random", to_hex(m.random));
    field("session id", to_hex(m.session_id));
    field("suite", text(m.cipher_suite));
    field("compression", text(m.compression_method));
    extensions(m.extensions);
  }
  void operator()(const event::NewSessionTicket& m) {
    field("lifetime", std::to_string(m.lifetime_seconds));
    if (m.age_add) field("age add", std::to_string(*m.age_add));
    field("nonce", to_hex(m.nonce));
    field("ticket", to_hex(m.ticket));
    extensions(m.extensions);
  }
  void operator()(const event::EncryptedExtensions& m) {
    lines_.emplace_back("EncryptedExtensions");
    extensions(m.extensions);
  }
  void operator()(const event::Certificate& m) {
    field("context", to_hex(m.request_context));
    field("certificates", std::to_string(m.chain.size()));
    for (const event::CertificateEntry& entry : m.chain) {
      const event::CertificateInfo& info = entry.certificate;
      const std::string_view what = info.raw_public_key ? "raw public key" : "certificate";
      field(what, fmt::format("{} bytes", info.der.size()));
      if (!info.parsed) {
        field("certificate problem", info.problem.empty() ? "not given" : "given");
        continue;
      }
      field("subject", info.subject);
      field("issuer", info.issuer);
      field("key", info.public_key);
      field("names", text(info.subject_alt_names));
      field("signature", info.signature_algorithm);
      field("sha256", info.sha256_hex);
      extensions(entry.extensions);
    }
  }
  void operator()(const event::ServerKeyExchange& m) {
    field("key exchange", m.key_exchange);
    if (m.named_group) field("group", text(*m.named_group));
    field("public key", to_hex(m.public_key));
    field("prime", to_hex(m.dh_prime));
    field("generator", to_hex(m.dh_generator));
    field("hint", to_hex(m.psk_identity_hint));
    if (m.signature_algorithm) field("algorithm", text(*m.signature_algorithm));
    field("signature", to_hex(m.signature));
    field("raw size", std::to_string(m.raw.size()));
  }
  void operator()(const event::CertificateRequest& m) {
    field("context", to_hex(m.request_context));
    field("types", text(m.certificate_types));
    field("algorithms", text(m.signature_algorithms));
    field("authorities", text(m.authorities));
    extensions(m.extensions);
  }
  void operator()(const event::CertificateVerify& m) {
    if (m.algorithm) field("algorithm", text(*m.algorithm));
    field("signature", to_hex(m.signature));
  }
  void operator()(const event::ClientKeyExchange& m) {
    field("key exchange", m.key_exchange);
    field("encrypted premaster secret", to_hex(m.encrypted_premaster_secret));
    field("public key", to_hex(m.public_key));
    field("identity", to_hex(m.psk_identity));
    field("raw size", std::to_string(m.raw.size()));
  }
  void operator()(const event::Finished& m) { field("verify data", to_hex(m.verify_data)); }
  void operator()(const event::CertificateUrl& m) {
    field("chain type", text(m.chain_type));
    field("urls", text(m.urls));
  }
  void operator()(const event::CertificateStatus& m) {
    field("status type", text(m.status_type));
    field("response", to_hex(m.response));
  }
  void operator()(const event::SupplementalData& m) { field("types", text(m.types)); }
  void operator()(const event::KeyUpdate& m) { field("request", text(m.request)); }
  void operator()(const event::CompressedCertificate& m) {
    field("algorithm", text(m.algorithm));
    field("uncompressed length", std::to_string(m.uncompressed_length));
    field("compressed", to_hex(m.compressed));
    if (m.certificate) (*this)(*m.certificate);
    field("not decompressed", m.problem);
  }
  void operator()(const event::NextProtocol& m) { field("protocol", m.protocol); }
  void operator()(const event::Alert& m) {
    field("level", text(m.level));
    field("description", text(m.description));
  }
  void operator()(const event::Heartbeat& m) {
    field("type", text(m.type));
    field("payload length", std::to_string(m.payload_length));
    field("actual length", std::to_string(m.actual_length));
  }

 private:
  // Empty fields are left out.
  void field(std::string_view name, std::string_view value) {
    if (!value.empty()) lines_.push_back(fmt::format("{} {}", name, value));
  }
  void extensions(const event::Extensions& list) {
    for (const event::Extension& extension : list) {
      lines_.push_back(fmt::format("extension {}: {}{}{}", text(extension.type),
                                   std::visit(BodyText{}, extension.body),
                                   extension.problem.empty() ? "" : "; problem: ", extension.problem));
    }
  }

  Lines lines_;
};

template <class Message>
Lines summarize_one(const Message& message) {
  Summary summary;
  summary(message);
  return summary.take();
}

}  // namespace

Lines summarize(const event::HandshakeBody& body) {
  Summary summary;
  std::visit([&](const auto& message) { summary(message); }, body);
  return summary.take();
}

Lines summarize(const event::Alert& alert) {
  return summarize_one(alert);
}
Lines summarize(const event::Heartbeat& heartbeat) {
  return summarize_one(heartbeat);
}

}  // namespace tlspeel::tls::test
