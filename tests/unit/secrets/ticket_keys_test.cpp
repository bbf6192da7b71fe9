#include "tlspeel/secrets/ticket_keys.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/crypto/mac.hpp"

#include "test_folder.hpp"
#include "unit/crypto/vectors.hpp"

namespace tlspeel::secrets {
namespace {

using crypto::Case;
using testing::EndsWith;

std::vector<Case> server_tickets() {
  return crypto::read_cases("../tickets/servers.txt");
}

class Tickets : public TestFolder {
 protected:
  TicketKeys keys_of(const Bytes& content) const {
    TicketKeys keys;
    const auto added = keys.add_file(file("ticket.key", as_text(content)), "ticket.key");
    EXPECT_TRUE(added) << added.error().message;
    return keys;
  }
  std::string problem(std::size_t size) const {
    TicketKeys keys;
    const auto added = keys.add_file(file("ticket.key", std::string(size, 'k')), "ticket.key");
    return added ? "no problem" : added.error().message;
  }
};

TEST_F(Tickets, OfRealServers) {
  for (const Case& c : server_tickets()) {
    const auto session = keys_of(c.bytes("key")).open(c.bytes("ticket"));
    ASSERT_TRUE(session) << c.text("name");
    EXPECT_EQ(to_hex(session->secret.view()), c.text("secret")) << c.text("name");
    EXPECT_EQ(session->version, c.bytes("version")[0] << 8 | c.bytes("version")[1]);
    EXPECT_EQ(session->cipher_suite, c.bytes("cipher_suite")[0] << 8 | c.bytes("cipher_suite")[1]);
    EXPECT_EQ(session->extended_master_secret, c.text("extended_master_secret") == "yes") << c.text("name");
    EXPECT_EQ(session->server_name, c.text("server_name"));
    EXPECT_EQ(session->authenticated, c.text("authenticated") == "yes") << c.text("name");
    EXPECT_EQ(session->label, "ticket.key");
  }
}

TEST_F(Tickets, AmongManyKeysTheOneOfItsName) {
  TicketKeys keys;
  int number = 0;
  for (const Case& c : server_tickets()) {
    const std::string name = std::to_string(number++);
    ASSERT_TRUE(keys.add_file(file(name, as_text(c.bytes("key"))), name));
  }
  for (const Case& c : server_tickets()) {
    const auto session = keys.open(c.bytes("ticket"));
    ASSERT_TRUE(session);
    EXPECT_EQ(to_hex(session->secret.view()), c.text("secret"));
  }
}

TEST_F(Tickets, CutAtEveryLengthOrUnderAnotherKeyOpenNothing) {
  for (const Case& c : server_tickets()) {
    const TicketKeys keys = keys_of(c.bytes("key"));
    const Bytes ticket = c.bytes("ticket");
    for (std::size_t size = 0; size < ticket.size(); ++size) {
      ASSERT_FALSE(keys.open(ByteView(ticket).first(size))) << c.text("name") << size;
    }
    Bytes other = c.bytes("key");
    for (std::size_t i = 0; i < 16; ++i) {
      other[i] ^= 1;
      EXPECT_FALSE(keys_of(other).open(ticket)) << "another name";
      other[i] ^= 1;
    }
    Bytes wrong = c.bytes("key");
    for (std::size_t i = 16; i < wrong.size(); ++i) wrong[i] ^= 0x55;
    EXPECT_FALSE(keys_of(wrong).open(ticket)) << "the same name, other keys";
  }
}

TEST_F(Tickets, AWrongHmacIsSaidAndTheStateHasToBeWhole) {
  for (const Case& c : server_tickets()) {
    const TicketKeys keys = keys_of(c.bytes("key"));
    Bytes ticket = c.bytes("ticket");
    ticket.back() ^= 1;
    const auto session = keys.open(ticket);
    ASSERT_TRUE(session) << c.text("name");
    EXPECT_FALSE(session->authenticated);
    EXPECT_EQ(to_hex(session->secret.view()), c.text("secret"));
    // Damage to the last block of the state: padding and the last element are not what they were.
    ticket = c.bytes("ticket");
    ticket[ticket.size() - 33] ^= 0x80;
    EXPECT_FALSE(keys.open(ticket)) << c.text("name");
  }
}

TEST_F(Tickets, FilesHaveTwoSizes) {
  EXPECT_EQ(problem(48), "no problem");
  EXPECT_EQ(problem(80), "no problem");
  for (const std::size_t size : {0U, 1U, 47U, 49U, 64U, 79U}) {
    EXPECT_THAT(problem(size), EndsWith("ticket.key: a session ticket key has 48 or 80 bytes")) << size;
  }
  EXPECT_THAT(problem(81), EndsWith("ticket.key: too large to be a session ticket key of 48 or 80 bytes"));
  TicketKeys keys;
  EXPECT_EQ(keys.add_file("/nonexistent/ticket.key", "t").error().message,
            "/nonexistent/ticket.key: No such file or directory");
  EXPECT_EQ(keys.add_file("/proc/self/root/proc/self/mem/x", "t").error().message,
            "/proc/self/root/proc/self/mem/x: Not a directory");
  EXPECT_TRUE(keys.empty());
  EXPECT_EQ(keys_of(Bytes(48)).files()[0].description, "AES-128");
  EXPECT_EQ(keys_of(Bytes(80)).files()[0].description, "AES-256");
}

// ---- the state inside

Bytes element(std::uint8_t tag, const Bytes& content) {
  Bytes out = {tag};
  if (content.size() < 128) {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    out.push_back(0x82);
    out.push_back(static_cast<std::uint8_t>(content.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(content.size()));
  }
  append(out, content);
  return out;
}

// SSL_SESSION in ASN.1, of OpenSSL.
struct State {
  Bytes form = {1};
  Bytes version = {3, 3};
  Bytes suite = {0xc0, 0x2f};
  Bytes secret = Bytes(48, 0x5c);
  Bytes options{};

  Bytes encoded() const {
    Bytes content = element(0x02, form);
    append(content, element(0x02, version));
    append(content, element(0x04, suite));
    append(content, element(0x04, Bytes(32, 1)));
    append(content, element(0x04, secret));
    append(content, options);
    return element(0x30, content);
  }
};

Bytes flags(const Bytes& number) {
  return element(0xad, element(0x02, number));
}

TEST(TicketState, EveryFieldThatCounts) {
  State state;
  state.options = element(0xa1, element(0x02, {5}));
  append(state.options, element(0xa6, element(0x04, to_bytes(as_bytes("host.example")))));
  append(state.options, flags({1}));
  const auto session = parse_ticket_state(state.encoded());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->version, 0x0303);
  EXPECT_EQ(session->cipher_suite, 0xc02f);
  EXPECT_EQ(session->secret.size(), 48U);
  EXPECT_TRUE(session->extended_master_secret);
  EXPECT_EQ(session->server_name, "host.example");
}

TEST(TicketState, CutAtEveryLengthIsNone) {
  State state;
  state.options = flags({1});
  const Bytes whole = state.encoded();
  ASSERT_TRUE(parse_ticket_state(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_ticket_state(ByteView(whole).first(size))) << size;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(parse_ticket_state(longer));
}

Bytes bytes(std::string_view hex) {
  return from_hex(hex).value();
}

struct Flags {
  const char* number;
  bool extended_master_secret;
};

TEST(TicketState, FlagsOtherThanExtendedMasterSecretAreNone) {
  for (const Flags& c :
       {Flags{"01", true}, Flags{"00", false}, Flags{"02", false}, Flags{"07", true}, Flags{"0100", false},
        Flags{"", false}, Flags{"0000000000000001", true}, Flags{"010101010101010101", false}}) {
    State state;
    state.options = flags(bytes(c.number));
    const auto session = parse_ticket_state(state.encoded());
    ASSERT_TRUE(session);
    EXPECT_EQ(session->extended_master_secret, c.extended_master_secret) << c.number;
  }
}

TEST(TicketState, OfTls13HasAResumptionSecretOfTheHashsSize) {
  for (std::size_t size = 0; size <= 64; ++size) {
    State state;
    state.version = {3, 4};
    state.secret = Bytes(size, 0x5c);
    EXPECT_EQ(parse_ticket_state(state.encoded()).has_value(), size == 32 || size == 48) << size;
    state.version = {3, 3};
    EXPECT_EQ(parse_ticket_state(state.encoded()).has_value(), size == 48) << size;
  }
}

TEST(TicketState, NumbersThatCannotBe) {
  for (const char* version : {"", "0305", "0200", "fefd", "010303", "010000000000000303"}) {
    State state;
    state.version = bytes(version);
    EXPECT_FALSE(parse_ticket_state(state.encoded())) << version;
  }
  for (const char* form : {"", "00", "02", "010000000000000001"}) {
    State state;
    state.form = bytes(form);
    EXPECT_FALSE(parse_ticket_state(state.encoded())) << form;
  }
  State state;
  state.suite = {1, 0xc0, 0x2f};
  EXPECT_FALSE(parse_ticket_state(state.encoded()));
}

TEST(TicketState, LengthsThatCannotBe) {
  for (const char* der : {"30800000", "30850000000000", "3084ffffffff", "30ff", "30", "", "3100"}) {
    EXPECT_FALSE(parse_ticket_state(bytes(der))) << der;
  }
}

}  // namespace
}  // namespace tlspeel::secrets
