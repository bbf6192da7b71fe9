#include "output/explain.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/output/safe_text.hpp"

#include "output/key_diagram.hpp"
#include "output/ladder.hpp"
#include "output/message_summary.hpp"
#include "output/notices.hpp"
#include "output/overloaded.hpp"

namespace tlspeel::output {

namespace {

// A handshake has about a dozen messages; a peer that sends thousands does not fill the memory with rungs.
constexpr std::size_t kMaxRungs = 200;
constexpr std::size_t kTextIndent = 5;
constexpr std::size_t kTextRoom = 72;

constexpr std::uint32_t kExtendedMasterSecret = 23;
constexpr std::uint32_t kHandshakeContent = 22;

void append_paragraph(std::string& out, std::string_view text) {
  out.append(kTextIndent, ' ');
  append_wrapped(out, text, kTextRoom, kTextIndent);
  out += '\n';
}

// By the IANA name: TLS_<key exchange>_WITH_...
Exchange exchange_of(const event::CodePoint& version, const event::CodePoint& suite) {
  if (is_tls13(version)) return Exchange::tls13;
  const std::string_view name = suite.name.substr(0, suite.name.find("_WITH_"));
  if (name == "TLS_RSA" || name == "TLS_RSA_EXPORT" || name == "SSL_RSA_FIPS") return Exchange::rsa;
  if (name.find("DHE") != std::string_view::npos || name.find("_anon") != std::string_view::npos)
    return Exchange::ephemeral;
  return name.empty() ? Exchange::unknown : Exchange::other;
}

std::string text_of_server(const StoryFacts& facts) {
  if (facts.resumed) return "Skipped: the server was authenticated when the session began.";
  if (facts.cipher_suite.name.find("_anon_") != std::string_view::npos)
    return "The server sends no certificate: this cipher suite does not authenticate it at all.";
  if (facts.exchange == Exchange::other && !facts.certificate)
    return "The server sends no certificate: what proves who it is lies in step 3.";
  std::string text =
      "The server sends its certificate: a public key with names on it, signed by an issuer whom the client "
      "trusts. ";
  switch (facts.exchange) {
    case Exchange::rsa:
      return text +
             "That the server owns the private key as well, it proves in step 3: only then can it decrypt "
             "what comes.";
    case Exchange::ephemeral:
      return text +
             "That it owns the private key as well, it proves by signing its part of the key exchange in "
             "step 3.";
    case Exchange::tls13:
      return text +
             "In TLS 1.3 the certificate is already encrypted, and the server proves that it owns the "
             "private key by "
             "signing the handshake so far (CertificateVerify).";
    case Exchange::unknown:
    case Exchange::other:
      break;
  }
  text.pop_back();
  return text;
}

std::string text_of_authenticate(const StoryFacts& facts) {
  std::string text = text_of_server(facts);
  if (facts.client_certificate_asked_for) {
    text +=
        " It also asks the client for a certificate; with CertificateVerify the client proves that it owns "
        "the key.";
  }
  return text;
}

}  // namespace

void HandshakeStory::add(PacketRef at, const event::TlsMessage& message, bool resumed) {
  facts_.resumed = facts_.resumed || resumed;
  learn(message);
  step_ = std::max(step_, step_of(message));
  if (rungs_.size() == kMaxRungs) {
    ++rungs_left_out_;
    return;
  }
  rungs_.push_back({step_, at, message.direction, message_name(message), message_summary(message, resumed)});
}

void HandshakeStory::add(const event::KeysEstablished& keys) {
  facts_.keys = true;
  facts_.opened_with = keys.opened_with;
  facts_.bulk_cipher = keys.bulk_cipher;
  facts_.mac = keys.mac;
  facts_.prf = keys.prf;
  facts_.extended_master_secret = keys.extended_master_secret;
  facts_.secrets = keys.secrets;
}

void HandshakeStory::render(std::string& out) const {
  for (const Step step : {Step::agree, Step::authenticate, Step::keys, Step::verify}) {
    if (step != Step::agree) out += '\n';
    render_step(out, step);
  }
  if (rungs_left_out_ != 0)
    append_paragraph(out, fmt::format("({} further messages are not drawn)", rungs_left_out_));
  if (complete_ && !*complete_) append_paragraph(out, "The end of the handshake was not seen.");
  if (!notices_.empty()) out += '\n';
  for (const std::string& notice : notices_) append_paragraph(out, notice);
}

HandshakeStory::Step HandshakeStory::step_of(const event::TlsMessage& message) const {
  if (const auto* records = std::get_if<event::EncryptedRecords>(&message.body)) {
    (void)records;
    return facts_.exchange == Exchange::tls13 ? Step::authenticate : Step::verify;
  }
  if (std::holds_alternative<event::ChangeCipherSpec>(message.body)) {
    // TLS 1.3 sends it for middleboxes only (RFC 8446 appendix D.4).
    return facts_.exchange == Exchange::tls13 ? step_ : Step::verify;
  }
  const auto* const handshake = std::get_if<event::Handshake>(&message.body);
  if (handshake == nullptr) return step_;
  return std::visit(Overloaded{
                        [](const event::Certificate&) { return Step::authenticate; },
                        [](const event::CompressedCertificate&) { return Step::authenticate; },
                        [](const event::CertificateStatus&) { return Step::authenticate; },
                        [](const event::CertificateRequest&) { return Step::authenticate; },
                        [](const event::CertificateVerify&) { return Step::authenticate; },
                        [](const event::ServerHelloDone&) { return Step::authenticate; },
                        [](const event::ServerKeyExchange&) { return Step::keys; },
                        [](const event::ClientKeyExchange&) { return Step::keys; },
                        [](const event::Finished&) { return Step::verify; },
                        [](const event::NewSessionTicket&) { return Step::verify; },
                        [](const auto&) { return Step::agree; },
                    },
                    handshake->body);
}

// Whether the handshake came so far. TLS 1.3 has the steps in two messages, of which one is encrypted; a
// resumed handshake leaves steps out.
bool HandshakeStory::reached(Step step) const {
  if (!facts_.server_hello) return step == Step::agree;
  if (facts_.exchange == Exchange::tls13 || facts_.keys) return true;
  if (facts_.resumed && step != Step::verify) return true;
  return step_ >= step;
}

void HandshakeStory::learn(const event::TlsMessage& message) {
  if (const auto* handshake = std::get_if<event::Handshake>(&message.body)) {
    learn(*handshake, message.direction);
  } else if (const auto* records = std::get_if<event::EncryptedRecords>(&message.body)) {
    if (records->content_type.value == kHandshakeContent) facts_.finished_closed = true;
  }
}

void HandshakeStory::learn(const event::Handshake& handshake, Direction direction) {
  if (const auto* client = std::get_if<event::ClientHello>(&handshake.body)) {
    facts_.client_random = client->random;
  } else if (const auto* server = std::get_if<event::ServerHello>(&handshake.body)) {
    facts_.server_hello = true;
    facts_.server_random = server->random;
    facts_.version = server->selected_version;
    facts_.cipher_suite = server->cipher_suite;
    facts_.exchange = exchange_of(facts_.version, facts_.cipher_suite);
    facts_.extended_master_secret = find_extension(server->extensions, kExtendedMasterSecret) != nullptr;
  } else if (std::holds_alternative<event::CertificateRequest>(handshake.body)) {
    facts_.client_certificate_asked_for = true;
  } else if (std::holds_alternative<event::Certificate>(handshake.body)) {
    facts_.certificate = facts_.certificate || direction == Direction::server;
  } else if (const auto* finished = std::get_if<event::Finished>(&handshake.body)) {
    (direction == Direction::client ? facts_.verified_client : facts_.verified_server) = finished->verified;
  }
}

void HandshakeStory::render_step(std::string& out, Step step) const {
  static constexpr std::array<std::string_view, 4> kTitles{
      "1. Agree on algorithms", "2. Authenticate the server", "3. Establish the keys", "4. Verify"};
  out += "  ";
  append_inked(out, options_->color, Ink::heading, kTitles.at(static_cast<std::size_t>(step)));
  out += '\n';
  append_paragraph(out, text_of(step));
  Ladder ladder(out, *options_, start_ns_);
  for (const Rung& rung : rungs_) {
    if (rung.step == step) ladder.rung(rung.at, rung.direction, rung.name, rung.facts);
  }
  ladder.end();
  if (step == Step::keys && reached(step)) {
    out += '\n';
    append_key_diagram(out, facts_);
    if (options_->show_secrets && facts_.secrets != nullptr) {
      Lines lines(*options_, start_ns_);
      append_secrets(lines, *facts_.secrets);
      out += '\n';
      out += lines.text();
    }
    out += '\n';
    append_paragraph(out, result_of_keys());
  }
}

std::string HandshakeStory::text_of(Step step) const {
  if (!reached(step)) return "Not reached.";
  switch (step) {
    case Step::agree:
      break;
    case Step::authenticate:
      return text_of_authenticate(facts_);
    case Step::keys:
      return text_of_keys();
    case Step::verify:
      return text_of_verify();
  }
  std::string text =
      "The client says which versions and cipher suites it can do and adds 32 random bytes. The server "
      "chooses one of each and "
      "adds random bytes of its own.";
  if (facts_.resumed) text += " Here it takes up an earlier session, which makes the way shorter.";
  if (!facts_.server_hello) text += " Here no ServerHello was seen.";
  return text;
}

std::string HandshakeStory::text_of_keys() const {
  if (facts_.exchange == Exchange::tls13) {
    return "The key shares have travelled in the hellos already: from one private and one public half, both "
           "sides compute the same "
           "secret. Everything after the ServerHello is encrypted.";
  }
  if (facts_.resumed) {
    return "Nothing needs to be exchanged: both sides still have the master secret of the session. New "
           "random bytes make new keys "
           "of it.";
  }
  switch (facts_.exchange) {
    case Exchange::rsa:
      return "The client makes up a premaster secret and sends it, encrypted to the RSA key of the "
             "certificate. Whoever has the private key can read it: " +
             std::string(facts_.keys ? "the server, and you."
                                     : "the server, and you once you give it (--key).");
    case Exchange::ephemeral:
      return "Both sides make a key pair for this connection alone and send each other the public half; both "
             "compute the same "
             "premaster secret, which itself never travels. The server's key only signs.";
    case Exchange::tls13:
    case Exchange::unknown:
    case Exchange::other:
      break;
  }
  return "Both sides come to the same premaster secret.";
}

std::string HandshakeStory::text_of_verify() const {
  std::string text =
      facts_.exchange == Exchange::tls13
          ? "Finished carries a check value over all messages so far, so that nobody can have changed them "
            "on the way."
          : "ChangeCipherSpec says that everything from here on is encrypted. Finished, the first encrypted "
            "message, carries a check value over all messages so far, so that nobody can have changed them "
            "on "
            "the way.";
  if (facts_.verified_client || facts_.verified_server) {
    const bool bad = facts_.verified_client == false || facts_.verified_server == false;
    const bool both = facts_.verified_client == true && facts_.verified_server == true;
    text += bad    ? " Here it did NOT match."
            : both ? " Both were computed again here and match."
                   : " One was computed again here and matches.";
  } else if (!facts_.keys) {
    text += facts_.finished_closed ? " Here it is what EncryptedHandshake holds: without the keys it cannot "
                                     "be checked."
                                   : " Without the keys it cannot be checked here.";
  }
  return text;
}

std::string HandshakeStory::result_of_keys() const {
  if (facts_.keys) {
    if (facts_.bulk_cipher.empty()) return fmt::format("Opened with {}.", safe_line(facts_.opened_with));
    if (facts_.bulk_cipher == "NULL") {
      return fmt::format(
          "Opened with {}. The data is not encrypted at all, a MAC of {} protects it against "
          "forgery.",
          safe_line(facts_.opened_with), facts_.mac);
    }
    return fmt::format(
        "Opened with {}. {} encrypts the data, {}.", safe_line(facts_.opened_with), facts_.bulk_cipher,
        facts_.mac == "AEAD" ? std::string("and protects it against forgery as well")
                             : fmt::format("a MAC of {} protects it against forgery", facts_.mac));
  }
  if (facts_.exchange == Exchange::ephemeral || facts_.exchange == Exchange::tls13) {
    return "A recorded connection stays closed even to those who get hold of the server's private key later. "
           "This is called forward secrecy.";
  }
  return facts_.resumed ? "Without that master secret everything below stays closed."
                        : "Without the premaster secret everything below stays closed.";
}

}  // namespace tlspeel::output
