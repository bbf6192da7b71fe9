#include "unit/output/fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tlspeel::output::test {

namespace {

using event::CodePoint;

constexpr std::int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01 00:00 UTC

constexpr CodePoint kTls10{0x0301, "TLS 1.0"};
constexpr CodePoint kTls12{0x0303, "TLS 1.2"};
constexpr CodePoint kRsaSuite{0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"};

event::Extension extension(std::uint32_t type, std::string_view name, event::ExtensionBody body,
                           Bytes data = pattern(4, 0)) {
  return {CodePoint{type, name}, std::move(data), std::move(body), {}};
}

}  // namespace

PacketRef packet(std::uint64_t number, std::int64_t us) {
  return {number, kStart + us * 1000};
}

Bytes pattern(std::size_t size, std::uint8_t first) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(first + i);
  return out;
}

Bytes bytes(std::string_view text) {
  return to_bytes(as_bytes(text));
}

event::ConnectionStart start(std::uint8_t client_host, std::uint16_t port) {
  const Bytes client{192, 0, 2, client_host};
  const Bytes server{198, 51, 100, 4};
  return {{IpAddress::from_v4(client), port}, {IpAddress::from_v4(server), 443}, true};
}

event::TlsMessage handshake(Direction direction, std::uint32_t type, std::string_view name,
                            event::HandshakeBody body, bool encrypted) {
  return {direction, encrypted, kTls12, event::Handshake{{type, name}, 100, std::move(body)}};
}

event::HttpMessage request(std::uint32_t exchange, std::string target, PacketRef at) {
  event::HttpMessage m;
  m.method = "GET";
  m.target = std::move(target);
  m.version = "HTTP/1.1";
  m.fields = {{"Host", "www.example.com"}, {"Accept", "*/*"}};
  m.exchange = exchange;
  m.first = at;
  m.last = at;
  return m;
}

event::HttpMessage response(std::uint32_t exchange, unsigned status, std::string body, PacketRef at) {
  event::HttpMessage m;
  m.direction = Direction::server;
  m.request = false;
  m.status = status;
  m.reason = status == 200 ? "OK" : "Other";
  m.version = "HTTP/1.1";
  m.fields = {{"Content-Type", "text/html"}};
  m.body.framing = event::BodyFraming::content_length;
  m.body.size = body.size();
  m.body.shown = bytes(body);
  m.body.text = true;
  m.body.media_type = "text/html";
  m.exchange = exchange;
  m.first = at;
  m.last = at;
  return m;
}

event::ClientHello client_hello() {
  event::ClientHello m;
  m.version = kTls12;
  m.highest_version = kTls12;
  m.random = pattern(32, 0x10);
  m.session_id = pattern(32, 0x80);
  m.cipher_suites = {
      {0x0a0a, "GREASE"}, kRsaSuite, {0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"}, {0xabcd, ""}};
  m.compression_methods = {{0, "null"}};
  m.extensions = {
      extension(0, "server_name", event::TextList{{"www.example.com"}}),
      extension(16, "application_layer_protocol_negotiation", event::TextList{{"h2", "http/1.1"}}),
      extension(10, "supported_groups", event::CodePointList{{{0x001d, "x25519"}, {0x0017, "secp256r1"}}}),
      extension(23, "extended_master_secret", event::EmptyBody{}, {}),
      extension(0x1a1a, "GREASE", event::OpaqueBody{}),
      extension(0xfe99, "", event::OpaqueBody{}, pattern(40, 0)),
  };
  m.fingerprints = std::make_shared<event::ClientFingerprints>(
      event::ClientFingerprints{"de350869b8c85de67a350c8d186f11e6", "769,4-5-10-9-100-98-3-6-19-18-99,,,",
                                "t13d1516h2_8daaf6152771_e5627efa2ab1"});
  return m;
}

event::ServerHello server_hello(CodePoint version, CodePoint suite) {
  event::ServerHello m;
  m.version = version;
  m.selected_version = version;
  m.random = pattern(32, 0x40);
  m.cipher_suite = suite;
  m.compression_method = {0, "null"};
  m.fingerprints = std::make_shared<event::ServerFingerprints>(
      event::ServerFingerprints{"eb1d94daa7e0344597e756a1fb6e7054", "771,4865,51-43"});
  return m;
}

event::KeysEstablished keys(bool with_secrets) {
  event::KeysEstablished k;
  k.version = kTls12;
  k.cipher_suite = kRsaSuite;
  k.opened_with = "server.key";
  k.key_exchange = "RSA";
  k.bulk_cipher = "AES_256_CBC";
  k.mac = "SHA256";
  k.prf = "SHA256";
  if (with_secrets) {
    auto secrets = std::make_shared<event::RevealedSecrets>();
    secrets->premaster_secret = SecretBytes(Bytes(48, 0x5e));
    secrets->master_secret = SecretBytes(Bytes(48, 0x6d));
    secrets->key_block.emplace_back("client_write_MAC_key", SecretBytes(Bytes(32, 0x7c)));
    secrets->key_block.emplace_back("server_write_key", SecretBytes(Bytes(16, 0x8b)));
    k.secrets = std::move(secrets);
  }
  return k;
}

namespace {

event::CertificateInfo certificate() {
  event::CertificateInfo c;
  c.der = pattern(700, 0);
  c.parsed = true;
  c.subject = "CN=www.example.com";
  c.issuer = "CN=Example CA,O=Example";
  c.serial_hex = "01a2b3";
  c.subject_alt_names = {"DNS:www.example.com", "IP:198.51.100.4"};
  c.not_before = "2026-01-01T00:00:00Z";
  c.not_after = "2027-01-01T00:00:00Z";
  c.public_key = "RSA 2048";
  c.public_key_hex = std::string(512, 'c');
  c.rsa_public_exponent = 65537;
  c.signature_algorithm = "sha256WithRSAEncryption";
  c.sha256_hex = std::string(64, 'd');
  return c;
}

event::ClientKeyExchange rsa_exchange(event::PremasterState state) {
  event::ClientKeyExchange m;
  m.key_exchange = "RSA";
  m.encrypted_premaster_secret = pattern(256, 0);
  m.premaster = state;
  return m;
}

event::Finished finished(std::optional<bool> verified) {
  return {pattern(12, 0x70), verified, {}};
}

class Recorder {
 public:
  explicit Recorder(std::uint64_t connection) : connection_(connection) {}
  Recorder& at(std::uint64_t number, std::int64_t us) {
    at_ = packet(number, us);
    return *this;
  }
  Recorder& operator()(event::Event event) {
    events_.push_back({connection_, at_, std::move(event)});
    return *this;
  }
  Recorder& client(std::uint32_t type, std::string_view name, event::HandshakeBody body,
                   bool encrypted = false) {
    return (*this)(handshake(Direction::client, type, name, std::move(body), encrypted));
  }
  Recorder& server(std::uint32_t type, std::string_view name, event::HandshakeBody body,
                   bool encrypted = false) {
    return (*this)(handshake(Direction::server, type, name, std::move(body), encrypted));
  }
  Recorder& tls(Direction direction, event::TlsBody body, bool encrypted = false) {
    return (*this)(event::TlsMessage{direction, encrypted, kTls12, std::move(body)});
  }
  Events take() { return std::move(events_); }

 private:
  std::uint64_t connection_;
  PacketRef at_;
  Events events_;
};

event::ConnectionEnd end(event::ConnectionOutcome outcome, CodePoint version, CodePoint suite) {
  event::ConnectionEnd e;
  e.outcome = outcome;
  e.tcp_end = event::TcpEnd::fin;
  e.version = version;
  e.cipher_suite = suite;
  e.server_name = "www.example.com";
  e.first = packet(1, 0);
  e.last = packet(20, 9000);
  e.counts[0] = {9, 1200, 0, 0, 0, 5, 0, 78};
  e.counts[1] = {11, 4200, 1460, 0, 0, 6, 0, 345};
  return e;
}

}  // namespace

Events opened_rsa(std::uint64_t number, bool with_secrets) {
  Recorder r(number);
  r.at(4, 0)(start(7, 51234)).client(1, "client_hello", client_hello());
  r.at(6, 912).server(2, "server_hello", server_hello(kTls12, kRsaSuite));
  r.server(11, "certificate", event::Certificate{{}, {{certificate(), {}}, {certificate(), {}}}});
  r.server(14, "server_hello_done", event::ServerHelloDone{});
  r.at(8, 1840).client(16, "client_key_exchange", rsa_exchange(event::PremasterState::recovered));
  r(keys(with_secrets)).tls(Direction::client, event::ChangeCipherSpec{});
  r.client(20, "finished", finished(true), true);
  r.at(10, 3377).tls(Direction::server, event::ChangeCipherSpec{});
  r.server(20, "finished", finished(true), true)(event::HandshakeEnd{true});
  r.at(12, 4102)(request(1, "/", packet(12, 4102)));
  r.at(14, 5020)(response(1, 200, "<html>\r\n\t<p>Hi</p>\r\n</html>\n", packet(14, 5020)));
  r.at(16, 6000).tls(Direction::client, event::Alert{{1, "warning"}, {0, "close_notify"}}, true);
  event::ConnectionEnd e = end(event::ConnectionOutcome::opened, kTls12, kRsaSuite);
  e.opened_with = "server.key";
  e.secrets_used = {"server.key"};
  e.finished_verified_client = true;
  e.finished_verified_server = true;
  r.at(20, 9000)(e);
  return r.take();
}

Events closed_ephemeral(std::uint64_t number) {
  constexpr CodePoint kSuite{0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"};
  Recorder r(number);
  r.at(31, 20'000)(start(7, 51240)).client(1, "client_hello", client_hello());
  r.at(33, 21'000).server(2, "server_hello", server_hello(kTls12, kSuite));
  r.server(11, "certificate", event::Certificate{{}, {{certificate(), {}}}});
  event::ServerKeyExchange exchange;
  exchange.key_exchange = "ECDHE";
  exchange.named_group = CodePoint{0x001d, "x25519"};
  exchange.public_key = pattern(32, 1);
  exchange.signature_algorithm = CodePoint{0x0804, "rsa_pss_rsae_sha256"};
  exchange.signature = pattern(256, 7);
  r.server(12, "server_key_exchange", exchange).server(14, "server_hello_done", event::ServerHelloDone{});
  event::ClientKeyExchange client;
  client.key_exchange = "ECDHE";
  client.public_key = pattern(32, 9);
  r.at(35, 22'000)
      .client(16, "client_key_exchange", client)
      .tls(Direction::client, event::ChangeCipherSpec{});
  r(event::Closed{std::nullopt, event::ClosedCause::ephemeral_key_exchange,
                  "ephemeral key exchange: the server's private key cannot open it.",
                  "for new captures, let the server use RSA key exchange (Apache httpd: SSLProtocol TLSv1.2, "
                  "SSLCipherSuite kRSA)"});
  r.tls(Direction::client, event::EncryptedRecords{{22, "handshake"}, 1, 80});
  r.at(36, 23'000).tls(Direction::server, event::ChangeCipherSpec{});
  r.tls(Direction::server, event::EncryptedRecords{{22, "handshake"}, 1, 80})(event::HandshakeEnd{true});
  r.at(40, 25'000).tls(Direction::server, event::EncryptedRecords{{23, "application_data"}, 37, 12'345});
  event::ConnectionEnd e = end(event::ConnectionOutcome::closed, kTls12, kSuite);
  e.cause = event::ClosedCause::ephemeral_key_exchange;
  e.tcp_end = event::TcpEnd::reset;
  e.counts[0].application_bytes = 0;
  e.counts[0].closed_bytes = 85;
  e.counts[0].closed_ranges = {{1115, 1200}};
  e.counts[1] = {11, 4200, 1460, 12, 99, 6, 5, 0, 4000, {{299, 4299}}};
  r(e);
  return r.take();
}

Events resumed(std::uint64_t number) {
  Recorder r(number);
  r.at(51, 40'000)(start(7, 51250)).client(1, "client_hello", client_hello());
  event::ServerHello hello = server_hello(kTls10, {0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"});
  hello.session_id = client_hello().session_id;
  r.at(52, 40'500).server(2, "server_hello", hello);
  event::KeysEstablished k = keys(false);
  k.version = kTls10;
  k.cipher_suite = hello.cipher_suite;
  k.opened_with = "session of an earlier connection";
  k.bulk_cipher = "AES_128_CBC";
  k.mac = "SHA";
  k.prf = "MD5/SHA-1";
  r(k).tls(Direction::server, event::ChangeCipherSpec{}).server(20, "finished", finished(true), true);
  r.at(53, 41'000)
      .tls(Direction::client, event::ChangeCipherSpec{})
      .client(20, "finished", finished(false), true);
  r(event::HandshakeEnd{true});
  event::ConnectionEnd e = end(event::ConnectionOutcome::partly_opened, kTls10, hello.cipher_suite);
  e.opened_with = k.opened_with;
  e.secrets_used = {"server.key", "PSK device 1"};
  e.cause = event::ClosedCause::bytes_lost;
  e.counts[0] = {9, 8500, 0, 0, 500, 12, 4, 78, 3325, {{0, 1204}, {5000, 7121}}};
  e.counts[1].closed_bytes = 1;
  e.counts[1].closed_ranges = {{4199, 4200}};
  r(e);
  return r.take();
}

Events tls13(std::uint64_t number) {
  constexpr CodePoint kTls13{0x0304, "TLS 1.3"};
  Recorder r(number);
  event::ClientHello hello = client_hello();
  hello.highest_version = kTls13;
  r.at(61, 50'000)(start(7, 51260)).client(1, "client_hello", hello);
  event::ServerHello server = server_hello(kTls12, {0x1301, "TLS_AES_128_GCM_SHA256"});
  server.selected_version = kTls13;
  server.extensions = {
      extension(51, "key_share", event::KeyShareList{{{{0x001d, "x25519"}, pattern(32, 3)}}})};
  r.at(62, 50'700).server(2, "server_hello", server).tls(Direction::server, event::ChangeCipherSpec{});
  r(event::Closed{std::nullopt, event::ClosedCause::tls13_needs_keylog,
                  "TLS 1.3 always uses an ephemeral key exchange: the server's private key cannot open it",
                  "for new captures, let the server use RSA key exchange (Apache httpd: SSLProtocol TLSv1.2, "
                  "SSLCipherSuite kRSA)"});
  r(event::HandshakeEnd{false});
  r.tls(Direction::server, event::EncryptedRecords{{23, "application_data"}, 4, 2345});
  event::ConnectionEnd e = end(event::ConnectionOutcome::closed, kTls13, server.cipher_suite);
  e.cause = event::ClosedCause::tls13_needs_keylog;
  e.counts[1].closed_bytes = 2345;
  e.counts[1].closed_ranges = {{150, 2495}};
  e.counts[0].application_bytes = e.counts[1].application_bytes = 0;
  r(e);
  return r.take();
}

namespace {

event::SecretsRecovered recovered(std::string_view label, std::uint8_t value) {
  auto lines = std::make_shared<std::vector<event::KeyLogLine>>();
  lines->push_back({label, pattern(32, 0x10), SecretBytes(Bytes(32, value))});
  return {std::move(lines)};
}

}  // namespace

Events opened_tls13(std::uint64_t number) {
  constexpr CodePoint kTls13{0x0304, "TLS 1.3"};
  constexpr CodePoint kSuite{0x1301, "TLS_AES_128_GCM_SHA256"};
  Recorder r(number);
  event::ClientHello hello = client_hello();
  hello.highest_version = kTls13;
  hello.extensions = {
      extension(42, "early_data", event::EmptyBody{}, {}),
      extension(41, "pre_shared_key", event::PskOffer{{{pattern(20, 1), 7}}, {pattern(32, 5)}})};
  r.at(61, 50'000)(start(7, 51261)).client(1, "client_hello", hello);
  event::ServerHello server = server_hello(kTls12, kSuite);
  server.selected_version = kTls13;
  server.extensions = {
      extension(51, "key_share", event::KeyShareList{{{{0x001d, "x25519"}, pattern(32, 3)}}}),
      extension(41, "pre_shared_key", event::NumberValue{0, ""})};
  r.at(62, 50'700).server(2, "server_hello", server);
  event::KeysEstablished k = keys(false);
  k.version = kTls13;
  k.cipher_suite = kSuite;
  k.opened_with = "keys.log";
  k.key_exchange = "PSK with ECDHE";
  k.bulk_cipher = "AES_128_GCM";
  k.mac = "AEAD";
  k.prf = "HKDF SHA256";
  r(k)(recovered("SERVER_HANDSHAKE_TRAFFIC_SECRET", 0x9a));
  r.server(8, "encrypted_extensions", event::EncryptedExtensions{}, true)
      .server(20, "finished", finished(true), true);
  r.at(63, 50'900)(recovered("CLIENT_HANDSHAKE_TRAFFIC_SECRET", 0xa9));
  r.tls(Direction::client, event::EarlyData{true, 1, 46}, true);
  r.client(5, "end_of_early_data", event::EndOfEarlyData{}, true)
      .client(20, "finished", finished(true), true)(event::HandshakeEnd{true});
  r.at(64, 51'000)(recovered("SERVER_TRAFFIC_SECRET_0", 0xb8));
  r.server(4, "new_session_ticket", event::NewSessionTicket{7200, 42, pattern(1, 0), pattern(192, 0), {}},
           true);
  event::ConnectionEnd e = end(event::ConnectionOutcome::opened, kTls13, kSuite);
  e.opened_with = k.opened_with;
  e.secrets_used = {"keys.log"};
  e.finished_verified_client = e.finished_verified_server = true;
  r(e);
  return r.take();
}

Events opened_otherwise(std::uint64_t number, std::string_view suite, std::string_view key_exchange,
                        std::string opened_with) {
  const CodePoint code{0x00ff, suite};
  Recorder r(number);
  event::ClientHello hello = client_hello();
  const bool resumed = key_exchange == "resumed session";
  if (resumed) hello.extensions = {extension(35, "session_ticket", event::OpaqueBody{})};
  r.at(81, 60'000)(start(7, 51281)).client(1, "client_hello", hello);
  r.at(82, 60'700).server(2, "server_hello", server_hello(kTls12, code));
  if (!resumed) {
    if (key_exchange != "PSK") r.server(11, "certificate", event::Certificate{{}, {{certificate(), {}}}});
    r.server(14, "server_hello_done", event::ServerHelloDone{});
    event::ClientKeyExchange client = rsa_exchange(event::PremasterState::no_key);
    client.key_exchange = key_exchange;
    if (key_exchange != "RSA") {
      client.encrypted_premaster_secret.clear();
      client.psk_identity = bytes("device 1");
    }
    r.at(83, 60'900).client(16, "client_key_exchange", client);
  }
  event::KeysEstablished k = keys(false);
  k.cipher_suite = code;
  k.key_exchange = key_exchange;
  k.opened_with = opened_with;
  r(k).tls(Direction::client, event::ChangeCipherSpec{}).client(20, "finished", finished(true), true);
  r(event::HandshakeEnd{true});
  event::ConnectionEnd e = end(event::ConnectionOutcome::opened, kTls12, code);
  e.opened_with = opened_with;
  e.secrets_used = {std::move(opened_with)};
  r(e);
  return r.take();
}

Events ssl30(std::uint64_t number) {
  constexpr CodePoint kSsl30{0x0300, "SSL 3.0"};
  Recorder r(number);
  event::ClientHello hello = client_hello();
  hello.sslv2 = true;
  hello.version = hello.highest_version = kSsl30;
  hello.extensions.clear();
  hello.session_id.clear();
  hello.cipher_suites = {{0x000005, "TLS_RSA_WITH_RC4_128_SHA"}, {0x010080, "SSL2_RC4_128_WITH_MD5"}};
  r.at(71, 60'000)(start(7, 51270)).client(1, "client_hello", hello);
  r.at(72, 60'100).server(2, "server_hello", server_hello(kSsl30, {0x0005, "TLS_RSA_WITH_RC4_128_SHA"}));
  r.server(11, "certificate", event::Certificate{{}, {{certificate(), {}}}});
  r.server(14, "server_hello_done", event::ServerHelloDone{});
  r.at(73, 60'200).client(16, "client_key_exchange", rsa_exchange(event::PremasterState::recovered));
  event::KeysEstablished k = keys(false);
  k.version = kSsl30;
  k.cipher_suite = {0x0005, "TLS_RSA_WITH_RC4_128_SHA"};
  k.bulk_cipher = "RC4_128";
  k.mac = "SHA";
  k.prf = "SSL 3.0";
  r(k).tls(Direction::client, event::ChangeCipherSpec{}).client(20, "finished", {finished(true)}, true);
  r(event::HandshakeEnd{false});
  event::ConnectionEnd e = end(event::ConnectionOutcome::opened, kSsl30, k.cipher_suite);
  e.opened_with = k.opened_with;
  r(e);
  return r.take();
}

namespace {

event::ServerKeyExchange key_exchange(std::string_view kind) {
  event::ServerKeyExchange m;
  m.key_exchange = kind;
  m.raw = pattern(20, 0);
  return m;
}

// Every handshake message that the connections above do not have, and those with other fields filled.
void record_handshakes(Recorder& r) {
  r.server(0, "hello_request", event::HelloRequest{});
  event::ClientHello hello = client_hello();
  hello.extensions = {
      extension(28, "record_size_limit", event::NumberValue{16385, "bytes"}),
      extension(35, "session_ticket", event::OpaqueBody{}, pattern(8, 0)),
      extension(41, "pre_shared_key", event::PskOffer{{{pattern(20, 1), 1234}}, {pattern(32, 5)}}),
      extension(42, "early_data", event::EmptyBody{}, {}),
      extension(51, "key_share",
                event::KeyShareList{{{{0x001d, "x25519"}, pattern(32, 3)}, {{0x6a6a, "GREASE"}, {0}}}}),
  };
  hello.extensions.push_back(extension(43, "supported_versions", event::OpaqueBody{}, pattern(3, 9)));
  hello.extensions.back().problem = "length of the list is odd";
  hello.extensions.push_back(extension(0, "server_name",
                                       event::TextList{{"a\x1b[31m.example",
                                                        "\xe2\x80\xae"
                                                        "evil",
                                                        "latin\xe9"}}));
  r.client(1, "client_hello", hello);
  event::ServerHello retry = server_hello(kTls12, {0x1301, ""});
  retry.hello_retry_request = true;
  retry.selected_version = {0x0304, "TLS 1.3"};
  retry.compression_method = {1, "DEFLATE"};
  retry.extensions = {extension(51, "key_share", event::CodePointList{{{0x0017, "secp256r1"}}})};
  r.server(2, "server_hello", retry);
  r.server(8, "encrypted_extensions",
           event::EncryptedExtensions{
               {extension(16, "application_layer_protocol_negotiation", event::TextList{{"h2"}})}});
  event::CertificateInfo broken;
  broken.der = pattern(5, 0);
  broken.problem = "not a certificate";
  event::CertificateInfo nameless = certificate();
  nameless.subject.clear();
  nameless.rsa_public_exponent = 0;
  nameless.public_key = "EC P-256";
  r.server(
      11, "certificate",
      event::Certificate{pattern(2, 0),
                         {{broken, {}}, {nameless, {extension(5, "status_request", event::OpaqueBody{})}}}});
  event::CertificateInfo raw_key;
  raw_key.der = pattern(294, 0);
  raw_key.parsed = true;
  raw_key.raw_public_key = true;
  raw_key.public_key = "RSA 2048";
  raw_key.public_key_hex = std::string(512, 'c');
  raw_key.rsa_public_exponent = 65537;
  raw_key.sha256_hex = std::string(64, 'e');
  r.server(11, "certificate", event::Certificate{{}, {{nameless, {}}}})
      .client(11, "certificate", event::Certificate{})
      .client(11, "certificate", event::Certificate{{}, {{raw_key, {}}}});
  event::ServerKeyExchange dhe = key_exchange("DHE");
  dhe.dh_prime = pattern(128, 1);
  dhe.dh_generator = {2};
  dhe.public_key = pattern(128, 3);
  dhe.signature = pattern(20, 0);
  event::ServerKeyExchange export_key = key_exchange("RSA_EXPORT");
  export_key.public_key = pattern(64, 0x80);
  event::ServerKeyExchange psk = key_exchange("PSK");
  psk.psk_identity_hint = bytes("hint");
  r.server(12, "server_key_exchange", dhe)
      .server(12, "server_key_exchange", export_key)
      .server(12, "server_key_exchange", psk);
  r.server(12, "server_key_exchange", key_exchange(""));
  r.server(13, "certificate_request",
           event::CertificateRequest{{{1, "rsa_sign"}},
                                     {{0x0401, "rsa_pkcs1_sha256"}},
                                     {"CN=Example CA"},
                                     pattern(1, 0),
                                     {extension(47, "certificate_authorities", event::OpaqueBody{})}});
  r.server(22, "certificate_status", event::CertificateStatus{{1, "ocsp"}, pattern(471, 0)});
  r.server(25, "compressed_certificate",
           event::CompressedCertificate{{2, "brotli"}, 3000, pattern(50, 0), std::nullopt, {}});
  r.client(21, "certificate_url",
           event::CertificateUrl{{0, "individual_certs"}, {"http://example.com/a", "http://example.com/b"}});
  r.client(23, "supplemental_data", event::SupplementalData{{{0, "user_mapping_data"}}});
  for (const auto state :
       {event::PremasterState::not_tried, event::PremasterState::wrong_key, event::PremasterState::no_key}) {
    r.client(16, "client_key_exchange", rsa_exchange(state));
  }
  event::ClientKeyExchange psk_client;
  psk_client.key_exchange = "PSK";
  psk_client.psk_identity = bytes("me\x07");
  event::ClientKeyExchange unknown;
  unknown.raw = pattern(40, 0);
  r.client(16, "client_key_exchange", psk_client).client(16, "client_key_exchange", unknown);
  r.client(15, "certificate_verify",
           event::CertificateVerify{CodePoint{0x0804, "rsa_pss_rsae_sha256"}, pattern(256, 0)});
  r.client(67, "next_protocol", event::NextProtocol{"http/1.1"})
      .client(5, "end_of_early_data", event::EndOfEarlyData{});
  r.client(20, "finished", event::Finished{pattern(12, 0), std::nullopt, "a message is missing"}, true);
  r.client(99, "", event::OtherHandshake{pattern(4, 0), ""});
  r.client(12, "server_key_exchange",
           event::OtherHandshake{pattern(4, 0), "server_key_exchange: short by 2 bytes at offset 4"});
  r.server(4, "new_session_ticket",
           event::NewSessionTicket{7200,
                                   42,
                                   pattern(1, 0),
                                   pattern(192, 0),
                                   {extension(42, "early_data", event::NumberValue{16384, "bytes"})}},
           true);
  r.server(24, "key_update", event::KeyUpdate{{1, "update_requested"}}, true);
}

void record_http(Recorder& r) {
  event::HttpMessage post = request(1, "/\x1b]0;title\x07?q=\xff", packet(90, 70'100));
  post.method = "POST";
  post.fields.push_back({"X-Bad",
                         "caf\xe9 \xc2\x9b"
                         "1m"});
  post.body.framing = event::BodyFraming::chunked;
  post.body.shown = bytes("a=1\nb\x1b=2");
  post.body.size = post.body.shown.size();
  post.body.missing = 0;
  post.body.complete = true;
  post.body.text = true;
  post.body.media_type = "application/x-www-form-urlencoded";
  post.trailers = {{"Checksum", "abc"}};
  r.at(90, 70'100)(post);
  event::HttpMessage go_on = response(1, 100, "", packet(91, 70'200));
  go_on.interim = true;
  go_on.fields.clear();
  go_on.body = {};
  r.at(91, 70'200)(go_on);
  event::HttpMessage cut = response(1, 200, "caf\xc3", packet(92, 70'300));
  cut.body.size = 1'234'567;
  cut.body.missing = 1460;
  cut.body.complete = false;
  cut.last = packet(95, 70'400);
  r.at(95, 70'400)(cut);
  const auto other_body = [&](std::uint32_t exchange, std::string media, std::string coding, bool text,
                              std::uint64_t size) {
    event::HttpMessage m = response(exchange, 200, "", packet(96, 70'500));
    m.body.framing = event::BodyFraming::until_close;
    m.body.media_type = std::move(media);
    m.body.coding = std::move(coding);
    m.body.text = text;
    m.body.size = size;
    m.note = "response without a captured request";
    r.at(96, 70'500)(m);
  };
  other_body(2, "image/png", "", false, 12'345);
  other_body(3, "text/html", "gzip", true, 1234);
  other_body(4, "", "br", false, 1234);
  other_body(5, "", "", false, 77);
  other_body(6, "text/plain", "", true, 77);
  const auto decoded_body = [&](std::string_view shown, std::optional<std::uint64_t> decoded,
                                std::string note) {
    event::HttpMessage m = response(6, 200, std::string(shown), packet(96, 70'500));
    m.body.size = 1234;
    m.body.coding = "gzip";
    m.body.decoded = !shown.empty();
    m.body.decoded_size = decoded;
    m.body.coding_note = std::move(note);
    r.at(96, 70'500)(m);
  };
  decoded_body("all of it", 9, "");
  decoded_body("the first of it, caf\xc3", std::nullopt, "");
  decoded_body("before the damage", std::nullopt, "gzip is damaged: incorrect data check");
  decoded_body("", std::nullopt, "gzip is damaged: incorrect header check");
  r.at(97, 70'600)(request(7, "/unanswered", packet(97, 70'600)));
  r.at(98, 70'700)(
      event::OpaqueData{Direction::client, 12, bytes("hello\r\nyou\x1b\n"), true, packet(98, 70'700)});
  r.at(99, 70'800)(event::OpaqueData{Direction::server, 1000, pattern(40, 0x19), false, packet(98, 70'750)});
  event::HttpMessage holes = response(8, 200, "beforemiddleafter", packet(99, 70'800));
  holes.body.missing = 1549;
  holes.body.complete = false;
  holes.body.holes = {{0, {1, true}}, {6, {1448, true}}, {12, {100, false}}, {12, {}}};
  r.at(99, 70'800)(holes);
  r.at(99, 70'800)(event::OpaqueData{
      Direction::server, 40, pattern(40, 0x19), false, packet(99, 70'800), {{18, {20'000, true}}, {40, {}}}});
  r(event::Plaintext{Direction::client, 0, bytes("hello")});
}

event::WebSocketMessage web_socket(Direction from, std::uint32_t opcode, std::string_view name,
                                   std::string_view text) {
  event::WebSocketMessage message;
  message.direction = from;
  message.exchange = 8;
  message.opcode = {opcode, name};
  message.size = text.size();
  message.text = true;
  message.shown = bytes(text);
  message.first = message.last = packet(99, 70'850);
  return message;
}

void record_web_socket(Recorder& r) {
  r.at(99, 70'850)(web_socket(Direction::client, 1, "Text Frame", "hello\nwo\x1brld"));
  event::WebSocketMessage message = web_socket(Direction::server, 1, "Text Frame", "decompressed");
  message.compressed = true;
  message.size = 9;
  message.frames = 3;
  message.decoded_size = 12;
  r.at(99, 70'850)(message);
  message.decoded_size = 12'000;
  r.at(99, 70'850)(message);
  message.decoded_size.reset();
  message.complete = false;
  message.missing = 4;
  message.note = "decompressed up to where bytes are missing";
  r.at(99, 70'850)(message);
  message = web_socket(Direction::client, 1, "Text Frame", "beforebehind");
  message.complete = false;
  message.missing = 1000;
  message.holes = {{6, {1000, true}}};
  r.at(99, 70'850)(message);
  message = web_socket(Direction::client, 2, "Binary Frame", "");
  message.size = 70'000;
  message.text = false;
  r.at(99, 70'850)(message);
  r.at(99, 70'850)(web_socket(Direction::server, 9, "Ping Frame", ""));
  r.at(99, 70'850)(web_socket(Direction::client, 10, "Pong Frame", "pong"));
  message = web_socket(Direction::server, 8, "Connection Close Frame", "bye");
  message.close_code = event::CodePoint{1000, "Normal Closure"};
  r.at(99, 70'850)(message);
  message.close_code = event::CodePoint{4321, ""};
  message.shown.clear();
  r.at(99, 70'850)(message);
}

void record_http2(Recorder& r) {
  event::HttpMessage get = request(9, "/h2", packet(99, 70'900));
  get.version = "HTTP/2";
  get.stream = 5;
  r.at(99, 70'900)(get);
  event::HttpMessage none = response(9, 0, "", packet(99, 70'900));
  none.version = "HTTP/2";
  none.reason.clear();
  none.stream = 5;
  none.fields.clear();
  none.body = {};
  none.body.complete = false;
  none.note = "the client reset the stream: CANCEL";
  r(none);
  event::HttpMessage lost = request(10, "", packet(99, 70'900));
  lost.version = "HTTP/2";
  lost.method.clear();
  lost.stream = 7;
  lost.body.framing = event::BodyFraming::data_frames;
  lost.body.size = 9;
  lost.body.grpc_messages = {{7, false}, {1200, true}, {0, false}};
  r(lost);
  r(event::HttpGoaway{Direction::server, {11, "ENHANCE_YOUR_CALM"}, 5, 2000, bytes("calm\x1b down")});
  r(event::HttpGoaway{Direction::client, {0x99, ""}, 0, 0, {}});
  r(event::HttpFrame{Direction::client,
                     {4, "SETTINGS"},
                     0,
                     false,
                     {{{4, "INITIAL_WINDOW_SIZE"}, 65535}, {{0x4321, ""}, 7}},
                     3});
  r(event::HttpFrame{Direction::server, {4, "SETTINGS"}, 0, true});
  r(event::HttpFrame{Direction::server, {8, "WINDOW_UPDATE"}, 5, false, {}, 0, 32768});
  r(event::HttpFrame{Direction::client, {6, "PING"}, 0, true, {}, 0, 0, pattern(8, 1)});
}

}  // namespace

Events everything(std::uint64_t number) {
  Recorder r(number);
  event::ConnectionStart begin = start(9, 40'000);
  begin.start_captured = false;
  Bytes v6(16, 0);
  v6[0] = 0x20;
  v6[1] = 0x01;
  v6[2] = 0x0d;
  v6[3] = 0xb8;
  v6[15] = 1;
  begin.client.address = IpAddress::from_v6(v6);
  r.at(80, 70'000)(begin);
  r(event::ClearText{Direction::client, 28, to_bytes(as_bytes("PROXY TCP6 ::1 ::2 1 2\r\n")), true,
                     "PROXY protocol v1", event::ProxiedAddresses{begin.client, begin.server},
                     packet(80, 70'000)});
  r(event::ClearText{Direction::server,
                     900,
                     to_bytes(as_bytes("220 mail.example ready\r\n")),
                     true,
                     "SMTP",
                     {},
                     packet(81, 71'000)});
  record_handshakes(r);
  r(event::HandshakeEnd{false});
  r.tls(Direction::client, event::Heartbeat{{1, "heartbeat_request"}, 16'384, 3});
  r.tls(Direction::server, event::Heartbeat{{2, "heartbeat_response"}, 16, 32}, true);
  r.tls(Direction::client, event::EarlyData{false, 2, 1234}, true);
  r.tls(Direction::server, event::Alert{{2, "fatal"}, {40, "handshake_failure"}});
  r.tls(Direction::server, event::Alert{{9, ""}, {200, ""}});
  for (const std::uint32_t type : {20U, 21U, 22U, 23U, 24U, 99U}) {
    r.tls(Direction::server, event::EncryptedRecords{{type, ""}, 1, 1});
  }
  r(event::Closed{Direction::server, event::ClosedCause::decryption_failed,
                  "the MAC of record 3 did not verify\x1b", ""});
  r(event::StreamGap{Direction::server, 4096, 1460});
  r(event::Resumed{Direction::server, 9000, 2, {1400, true}});
  r(event::Problem{std::nullopt, "tls record", "the length is beyond the limit."});
  r(event::Problem{Direction::client, "http", "no such method: \x9b"});
  record_http(r);
  record_web_socket(r);
  record_http2(r);
  event::ConnectionEnd e;
  e.outcome = event::ConnectionOutcome::no_data;
  e.tcp_end = event::TcpEnd::capture_end;
  r.at(100, 80'000)(e);
  return r.take();
}

event::RunSummary summary() {
  event::RunSummary s;
  s.packets = 1234;
  s.bytes = 1'234'567;
  s.packets_cut = 3;
  s.packets_not_ip = 4;
  s.other_protocols = {3, {{0x8909, 2}, {0x88e5, 1}}, false};
  s.packets_not_tcp = 5;
  s.packets_malformed = 1;
  s.fragments_incomplete = 2;
  s.quic_packets = 6;
  s.tcp_connections = 9;
  s.connections_without_tls = 2;
  s.secrets = {{"private key", "server.key", "RSA 2048", 1},
               {"private key", "other\x1b.key", "RSA 4096", 0},
               {"key log", "keys.log", "1,204 secrets", 2},
               {"secrets in the capture", "secrets in a.pcapng", "4 secrets", 0},
               {"pre-shared key", "PSK device 1", "16 bytes", 1},
               {"ticket key", "ticket.key", "", 0}};
  return s;
}

Events operator+(Events a, const Events& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string render(std::string_view format, const TextOptions& options, const Events& events) {
  StringSink sink;
  const std::unique_ptr<Writer> writer = find_format(format)->make(options, sink);
  for (const event::Placed& placed : events) writer->write(placed);
  writer->finish();
  return sink.text;
}

void expect_file(const std::string& name, const std::string& actual) {
  const std::string path = std::string(TLSPEEL_EXPECTED) + "/" + name;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests have one thread
  if (std::getenv("TLSPEEL_UPDATE_EXPECTED") != nullptr) {
    std::ofstream(path, std::ios::binary) << actual;
    ADD_FAILURE() << path << " was written anew; look at it";
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path;
  std::ostringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(expected.str(), actual) << path;
}

}  // namespace tlspeel::output::test
