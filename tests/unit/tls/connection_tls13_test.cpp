// Connections of TLS 1.3 of which some secrets are known and others are not: what must be told from the
// records that open.
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/tls/connection.hpp"

#include "sealed.hpp"

namespace tlspeel::tls {
namespace {

constexpr std::uint8_t kEarly = 1;
constexpr std::uint8_t kHandshakeSecret = 2;
constexpr std::uint8_t kApplication = 3;

struct Said final : event::EventSink, PlaintextSink {
  std::vector<event::Event> events;
  std::string plaintext;  // of the client

  void emit(PacketRef /*at*/, event::Event&& event) override { events.push_back(std::move(event)); }
  void on_plaintext(Direction /*direction*/, PacketRef /*at*/, ByteView bytes) override {
    plaintext += as_text(bytes);
  }
  void on_plaintext_gap(Direction /*direction*/, PacketRef /*at*/, const event::Hole& /*hole*/) override {}
  void on_plaintext_end(Direction /*direction*/, PacketRef /*at*/) override {}

  template <class T>
  std::size_t count() const {
    std::size_t found = 0;
    for (const event::Event& each : events) found += std::holds_alternative<T>(each) ? 1U : 0U;
    return found;
  }
  const event::EarlyData* early_data() const {
    for (const event::Event& each : events) {
      const auto* message = std::get_if<event::TlsMessage>(&each);
      if (message == nullptr) continue;
      if (const auto* found = std::get_if<event::EarlyData>(&message->body)) return found;
    }
    return nullptr;
  }
};

Bytes with_length(std::size_t octets, ByteView body) {
  Bytes out;
  for (std::size_t i = octets; i-- > 0;) out.push_back(static_cast<std::uint8_t>(body.size() >> (8 * i)));
  append(out, body);
  return out;
}

Bytes extension(std::uint8_t type, ByteView body) {
  Bytes out = {0, type};
  append(out, with_length(2, body));
  return out;
}

Bytes message(std::uint8_t type, ByteView body) {
  Bytes out = {type};
  append(out, with_length(3, body));
  return out;
}

Bytes record(std::uint8_t type, ByteView body) {
  Bytes out = {type, 3, 3};
  append(out, with_length(2, body));
  return out;
}

const Bytes kRandom(32, 0xc1);

// Offers a PSK, and early data under it.
Bytes client_hello() {
  Bytes body = {3, 3};
  append(body, kRandom);
  append(body, Bytes{0, 0, 2, 0x13, 0x01, 1, 0});
  Bytes psk = with_length(2, Bytes{0, 2, 'i', 'd', 0, 0, 0, 0});
  append(psk, with_length(2, with_length(1, Bytes(32, 0xb1))));
  Bytes extensions = extension(43, Bytes{2, 3, 4});
  append(extensions, extension(42, {}));
  append(extensions, extension(41, psk));
  append(body, with_length(2, extensions));
  return record(kHandshake, message(1, body));
}

// Takes the PSK; whether it takes early data stands in EncryptedExtensions.
Bytes server_hello() {
  Bytes body = {3, 3};
  append(body, Bytes(32, 0x5e));
  append(body, Bytes{0, 0x13, 0x01, 0});
  Bytes extensions = extension(43, Bytes{3, 4});
  append(extensions, extension(41, Bytes{0, 0}));
  append(body, with_length(2, extensions));
  return record(kHandshake, message(2, body));
}

const std::string kEndOfEarlyData("\5\0\0\0", 4);
const std::string kKeyUpdate("\x18\0\0\1\0", 5);

struct Talk {
  Said said;
  secrets::Store store;
  Environment environment;
  Connection connection;
  std::uint64_t packet = 0;

  Talk(std::string_view label, std::uint8_t secret) : connection(environment, said, said) {
    environment.store = &store;
    const std::string log =
        std::string(label) + " " + to_hex(kRandom) + " " + to_hex(Bytes(32, secret)) + "\n";
    store.add_capture_secrets(0, "capture", as_bytes(log));
    push(Direction::client, client_hello());
  }
  Talk& push(Direction direction, const Bytes& bytes) {
    environment.current_packet = ++packet;
    connection.push(direction, {packet, static_cast<std::int64_t>(packet)}, bytes);
    return *this;
  }
  Talk& client(const Sealed& sealed) {
    return push(Direction::client, record(kApplicationData, sealed.fragment));
  }
  Talk& server_answers() {
    push(Direction::server, server_hello());
    return push(Direction::server,
                record(kApplicationData, seal(9, 0, "not to be read", kHandshake).fragment));
  }
  void finish() { connection.finish({packet, 0}); }
};

struct EarlyDataTest : testing::Test {
  Talk talk{"CLIENT_EARLY_TRAFFIC_SECRET", kEarly};
};

TEST_F(EarlyDataTest, EndOfEarlyDataTellsThatItWasTaken) {
  talk.client(seal(kEarly, 0, "first, ")).server_answers().client(seal(kEarly, 1, "second"));
  EXPECT_EQ(talk.said.plaintext, "");
  talk.client(seal(kEarly, 2, kEndOfEarlyData, kHandshake))
      .client(seal(kHandshakeSecret, 0, "fin", kHandshake));
  EXPECT_EQ(talk.said.plaintext, "first, second");
  ASSERT_NE(talk.said.early_data(), nullptr);
  EXPECT_TRUE(talk.said.early_data()->accepted);
  EXPECT_EQ(talk.said.early_data()->bytes, 13U);
  EXPECT_EQ(talk.said.count<event::Problem>(), 0U);
}

TEST_F(EarlyDataTest, AnotherKeyTellsThatItWasRefused) {
  talk.client(seal(kEarly, 0, "ignored")).server_answers();
  talk.client(seal(kHandshakeSecret, 0, "fin", kHandshake)).client(seal(kApplication, 0, "said again"));
  talk.finish();
  EXPECT_EQ(talk.said.plaintext, "");
  ASSERT_NE(talk.said.early_data(), nullptr);
  EXPECT_FALSE(talk.said.early_data()->accepted);
  EXPECT_EQ(talk.said.count<event::Problem>(), 0U);
}

TEST_F(EarlyDataTest, IsShownWhereNothingFollowsThatTells) {
  talk.client(seal(kEarly, 0, "the capture ends here")).server_answers().finish();
  EXPECT_EQ(talk.said.plaintext, "the capture ends here");
}

TEST_F(EarlyDataTest, IsNotHeldWithoutBound) {
  talk.server_answers();
  const std::string much(16384, 'x');
  const std::size_t enough = Connection::kMaxWaiting / much.size() + 1;
  for (std::size_t i = 0; i < enough; ++i) talk.client(seal(kEarly, i, much));
  EXPECT_EQ(talk.said.plaintext.size(), enough * much.size());
}

TEST(ConnectionTls13, AKeyUpdateIsFollowedWhereTheHandshakeStaysClosed) {
  Talk talk("CLIENT_TRAFFIC_SECRET_0", kApplication);
  talk.server_answers().client(seal(kHandshakeSecret, 0, "fin", kHandshake));
  talk.client(seal(kApplication, 0, "before, ")).client(seal(kApplication, 1, kKeyUpdate, kHandshake));
  const Bytes first = secret_of(kApplication);
  const SecretBytes next = next_traffic_secret(parameters(), first);
  talk.client(seal_under(next.view(), 0, "after"));
  EXPECT_EQ(talk.said.plaintext, "before, after");
  EXPECT_EQ(talk.said.count<event::Problem>(), 0U);
}

TEST(ConnectionTls13, ATicketUnderAnotherKeySaysSo) {
  secrets::Config config;
  config.ticket_key_paths = {TLSPEEL_TESTDATA "/captures/tls13_ticket_key_other/other.key"};
  auto store = secrets::Store::load(config);
  ASSERT_TRUE(store);
  Said said;
  Environment environment;
  environment.store = &*store;
  Connection connection(environment, said, said);
  connection.push(Direction::client, {1, 0}, client_hello());
  connection.push(Direction::server, {2, 0}, server_hello());
  connection.push(Direction::server, {3, 0}, record(kApplicationData, Bytes(40, 0xab)));
  connection.finish({3, 0});
  ASSERT_EQ(said.count<event::Closed>(), 1U);
  for (const event::Event& each : said.events) {
    if (const auto* closed = std::get_if<event::Closed>(&each)) {
      EXPECT_EQ(closed->cause, event::ClosedCause::ticket_key_not_given);
    }
  }
}

}  // namespace
}  // namespace tlspeel::tls
