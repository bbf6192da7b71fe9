#include "output/explain.hpp"

#include <algorithm>
#include <array>

#include "output/explain_text.hpp"
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
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  if (name.empty()) return Exchange::unknown;
  if (name == "TLS_RSA" || name == "TLS_RSA_EXPORT" || name == "SSL_RSA_FIPS") return Exchange::rsa;
  if (has("DHE") || has("_anon")) return Exchange::ephemeral;
  if (has("_DH_") || has("_ECDH_")) return Exchange::fixed_dh;
  return has("_PSK") ? Exchange::psk : Exchange::other;
}

// The four steps of each way.
std::array<Step, 4> steps_of(const StoryFacts& facts) {
  if (facts.tls13()) return {Step::agree, Step::extensions, Step::authenticate, Step::verify};
  return {Step::agree, Step::authenticate, Step::keys, Step::verify};
}

// Where a message is drawn that has no place in its version: nothing is left out.
Step step_within(Step step, const StoryFacts& facts) {
  const bool strange = step == (facts.tls13() ? Step::keys : Step::extensions);
  return strange ? Step::authenticate : step;
}

// Where the drawing of the keys stands.
Step keys_step(const StoryFacts& facts) {
  return facts.tls13() ? Step::agree : Step::keys;
}

std::string group_of(const event::ServerHello& hello) {
  const event::Extension* const share = find_extension(hello.extensions, kKeyShare);
  if (share == nullptr) return "";
  const auto* const shares = std::get_if<event::KeyShareList>(&share->body);
  return shares == nullptr || shares->values.empty() ? "unknown" : name_text(shares->values.front().group, 4);
}

}  // namespace

void HandshakeStory::add(PacketRef at, const event::TlsMessage& message, bool resumed) {
  learn(message);
  // In TLS 1.3 it is the pre-shared key that says so; see facts_.psk.
  facts_.resumed = facts_.resumed || (resumed && !facts_.tls13());
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
  // A ticket may be taken up without any session id (RFC 5077 section 3.4).
  facts_.resumed = facts_.resumed || (keys.key_exchange == "resumed session" && !facts_.tls13());
  facts_.extended_master_secret = keys.extended_master_secret;
  facts_.secrets = keys.secrets;
}

// Closed records are counted together and told when the handshake has ended; that there are some is known
// here already, where it is secrets that they lack.
void HandshakeStory::add(const event::Closed& closed) {
  using event::ClosedCause;
  switch (closed.cause) {
    case ClosedCause::handshake_not_captured:
    case ClosedCause::one_direction_missing:
    case ClosedCause::bytes_lost:
    case ClosedCause::cut_by_snap_length:
    case ClosedCause::handshake_incomplete:
    case ClosedCause::malformed:
    case ClosedCause::limit_reached:
      return;
    default:
      facts_.records_closed = facts_.records_closed || facts_.server_hello;
  }
}

void HandshakeStory::render(std::string& out) const {
  unsigned number = 0;
  for (const Step step : steps_of(facts_)) {
    if (number != 0) out += '\n';
    render_step(out, ++number, step);
  }
  if (rungs_left_out_ != 0)
    append_paragraph(out, fmt::format("({} further messages are not drawn)", rungs_left_out_));
  if (complete_ && !*complete_) append_paragraph(out, "The end of the handshake was not seen.");
  if (!notices_.empty()) out += '\n';
  for (const std::string& notice : notices_) append_paragraph(out, notice);
}

Step HandshakeStory::step_of(const event::TlsMessage& message) const {
  if (std::holds_alternative<event::EncryptedRecords>(message.body))
    return facts_.tls13() ? std::max(step_, Step::extensions) : Step::verify;
  if (std::holds_alternative<event::ChangeCipherSpec>(message.body)) {
    // TLS 1.3 sends it for middleboxes only (RFC 8446 appendix D.4).
    return facts_.tls13() ? step_ : Step::verify;
  }
  if (std::holds_alternative<event::EarlyData>(message.body)) return Step::verify;
  const auto* const handshake = std::get_if<event::Handshake>(&message.body);
  return handshake == nullptr ? step_ : step_of(*handshake);
}

Step HandshakeStory::step_of(const event::Handshake& handshake) const {
  return std::visit(Overloaded{
                        [](const event::EncryptedExtensions&) { return Step::extensions; },
                        [this](const event::CertificateRequest&) {
                          return facts_.tls13() ? Step::extensions : Step::authenticate;
                        },
                        [](const event::Certificate&) { return Step::authenticate; },
                        [](const event::CompressedCertificate&) { return Step::authenticate; },
                        [](const event::CertificateStatus&) { return Step::authenticate; },
                        [](const event::CertificateVerify&) { return Step::authenticate; },
                        [](const event::ServerHelloDone&) { return Step::authenticate; },
                        [](const event::ServerKeyExchange&) { return Step::keys; },
                        [](const event::ClientKeyExchange&) { return Step::keys; },
                        [](const event::EndOfEarlyData&) { return Step::verify; },
                        [](const event::Finished&) { return Step::verify; },
                        [](const event::NewSessionTicket&) { return Step::verify; },
                        [](const auto&) { return Step::agree; },
                    },
                    handshake.body);
}

// Whether the handshake came so far. A resumed handshake leaves steps out; in TLS 1.3 records that were not
// opened may hold all the rest.
bool HandshakeStory::reached(Step step) const {
  if (step == Step::agree) return true;
  if (!facts_.server_hello) return false;
  if (facts_.tls13()) return facts_.records_closed || step_ >= step;
  if (facts_.keys) return true;
  if (facts_.resumed && step != Step::verify) return true;
  return step_ >= step;
}

void HandshakeStory::learn(const event::TlsMessage& message) {
  if (const auto* handshake = std::get_if<event::Handshake>(&message.body)) {
    learn(*handshake, message.direction);
  } else if (const auto* records = std::get_if<event::EncryptedRecords>(&message.body)) {
    facts_.records_closed = true;
    if (records->content_type.value == kHandshakeContent) facts_.finished_closed = true;
  } else if (const auto* early = std::get_if<event::EarlyData>(&message.body)) {
    facts_.early_data_accepted = early->accepted;
  }
}

void HandshakeStory::learn(const event::Handshake& handshake, Direction direction) {
  std::visit(Overloaded{
                 [&](const event::ClientHello& hello) { learn(hello); },
                 [&](const event::ServerHello& hello) { learn(hello); },
                 [&](const event::EncryptedExtensions&) { facts_.encrypted_extensions = true; },
                 [&](const event::CertificateRequest&) { facts_.client_certificate_asked_for = true; },
                 [&](const event::Certificate&) {
                   facts_.certificate = facts_.certificate || direction == Direction::server;
                 },
                 [&](const event::CompressedCertificate&) {
                   facts_.certificate = facts_.certificate || direction == Direction::server;
                 },
                 [&](const event::ClientKeyExchange& exchange) {
                   facts_.premaster_recovered = exchange.premaster == event::PremasterState::recovered;
                 },
                 [&](const event::NewSessionTicket&) { facts_.ticket_given = true; },
                 [&](const event::Finished& finished) {
                   (direction == Direction::client ? facts_.verified_client : facts_.verified_server) =
                       finished.verified;
                 },
                 [](const auto&) {},
             },
             handshake.body);
}

void HandshakeStory::learn(const event::ClientHello& hello) {
  facts_.client_random = hello.random;
  const event::Extension* const ticket = find_extension(hello.extensions, kSessionTicket);
  facts_.ticket_offered = ticket != nullptr && !ticket->data.empty();
  // The second hello after a HelloRetryRequest takes it back (RFC 8446 section 4.2.10).
  facts_.early_data_offered =
      facts_.early_data_offered || find_extension(hello.extensions, kEarlyData) != nullptr;
}

void HandshakeStory::learn(const event::ServerHello& hello) {
  facts_.server_hello = facts_.server_hello || !hello.hello_retry_request;
  facts_.server_random = hello.random;
  facts_.version = hello.selected_version;
  facts_.cipher_suite = hello.cipher_suite;
  facts_.exchange = exchange_of(facts_.version, facts_.cipher_suite);
  facts_.extended_master_secret = find_extension(hello.extensions, kExtendedMasterSecret) != nullptr;
  if (!facts_.tls13()) return;
  facts_.resumed = false;
  facts_.hello_retry = facts_.hello_retry || hello.hello_retry_request;
  if (hello.hello_retry_request) return;
  facts_.group = group_of(hello);
  facts_.psk = find_extension(hello.extensions, kPreSharedKey) != nullptr;
}

void HandshakeStory::render_step(std::string& out, unsigned number, Step step) const {
  out += "  ";
  append_inked(out, options_->color, Ink::heading,
               fmt::format("{}. {}", number, step_title(step, facts_.tls13())));
  out += '\n';
  append_paragraph(out, reached(step) ? step_text(facts_, step) : "Not seen here.");
  Ladder ladder(out, *options_, start_ns_);
  for (const Rung& rung : rungs_) {
    if (step_within(rung.step, facts_) == step) ladder.rung(rung.at, rung.direction, rung.name, rung.facts);
  }
  ladder.end();
  if (step == keys_step(facts_) && reached(step) && facts_.server_hello) render_keys(out);
}

void HandshakeStory::render_keys(std::string& out) const {
  out += '\n';
  append_key_diagram(out, facts_);
  if (options_->show_secrets && (facts_.secrets != nullptr || !facts_.recovered.empty())) {
    Lines lines(*options_, start_ns_);
    if (facts_.secrets != nullptr) append_secrets(lines, *facts_.secrets);
    for (const event::SecretsRecovered& recovered : facts_.recovered) append_key_log(lines, recovered);
    out += '\n';
    out += lines.text();
  }
  out += '\n';
  append_paragraph(out, keys_result(facts_));
}

}  // namespace tlspeel::output
