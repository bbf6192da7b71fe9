#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/tls/messages/certificate_info.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"

namespace tlspeel::tls {
namespace {

using event::HandshakeBody;
using event::OtherHandshake;

TEST(ParseHandshake, MalformedMessageKeepsItsBytesAndSaysWhereItBroke) {
  const Bytes body = *from_hex("0303001122");
  const event::Handshake handshake = parse_handshake(2, body, {});
  EXPECT_EQ(handshake.type.name, "server_hello");
  EXPECT_EQ(handshake.length, 5U);
  const auto& other = std::get<OtherHandshake>(handshake.body);
  EXPECT_EQ(other.body, body);
  EXPECT_EQ(other.problem, "server_hello: field runs past the end at offset 2");
}

TEST(ParseHandshake, UnknownTypeIsNoProblem) {
  const event::Handshake handshake = parse_handshake(99, *from_hex("0102"), {});
  EXPECT_EQ(handshake.type.value, 99U);
  EXPECT_TRUE(handshake.type.name.empty());
  EXPECT_TRUE(std::get<OtherHandshake>(handshake.body).problem.empty());
}

TEST(ParseHandshake, EveryTypeTakesEveryShortBody) {
  // Whatever stands there, the result is a message or a problem; lengths up to 8 of all zeros and all ones
  // reach every first field.
  for (unsigned type = 0; type < 256; ++type) {
    for (const std::uint8_t fill : {std::uint8_t{0x00}, std::uint8_t{0xff}}) {
      for (std::size_t size = 0; size <= 8; ++size) {
        for (const bool tls13 : {false, true}) {
          MessageContext context;
          context.tls13 = tls13;
          context.suite = find_cipher_suite(0xc02f);
          const Bytes body(size, fill);
          const event::Handshake handshake = parse_handshake(static_cast<std::uint8_t>(type), body, context);
          EXPECT_EQ(handshake.length, size);
          if (const auto* other = std::get_if<OtherHandshake>(&handshake.body)) {
            EXPECT_EQ(other->body, body);
          }
        }
      }
    }
  }
}

TEST(ParseHandshake, WithoutASuiteKeyExchangesAreKeptAsTheyAre) {
  const Bytes body = *from_hex("03001d0401020304");
  const event::Handshake server = parse_handshake(12, body, {});
  EXPECT_EQ(std::get<event::ServerKeyExchange>(server.body).raw, body);
  EXPECT_TRUE(std::get<event::ServerKeyExchange>(server.body).key_exchange.empty());
  const event::Handshake client = parse_handshake(16, body, {});
  EXPECT_EQ(std::get<event::ClientKeyExchange>(client.body).raw, body);
}

TEST(DecodeExtension, TheSameTypeHasAnotherBodyAtEachSite) {
  const Bytes group = *from_hex("001d");
  const auto retry = decode_extension(51, group, ExtensionSite::hello_retry_request);
  EXPECT_EQ(std::get<event::CodePointList>(retry.body).values.at(0).name, "x25519");
  EXPECT_FALSE(decode_extension(51, group, ExtensionSite::server_hello).problem.empty());
  EXPECT_FALSE(decode_extension(51, group, ExtensionSite::client_hello).problem.empty());

  const Bytes certificate_type = *from_hex("02");
  EXPECT_TRUE(decode_extension(20, certificate_type, ExtensionSite::encrypted_extensions).problem.empty());
  EXPECT_FALSE(decode_extension(20, certificate_type, ExtensionSite::client_hello).problem.empty());
}

TEST(DecodeExtension, KeepsTheDataWhetherItIsDecodedOrNot) {
  for (unsigned type = 0; type <= 0xffff; ++type) {
    const Bytes data = *from_hex("0001ff");
    const event::Extension extension =
        decode_extension(static_cast<std::uint16_t>(type), data, ExtensionSite::client_hello);
    ASSERT_EQ(extension.data, data);
    if (!extension.problem.empty()) {
      ASSERT_TRUE(std::holds_alternative<event::OpaqueBody>(extension.body)) << type;
    }
  }
}

TEST(CertificateInfo, WhatIsNoCertificateSaysSo) {
  const event::CertificateInfo info = [] {
    crypto::CertificateCache cache;
    return certificate_info(*from_hex("deadbeef"), cache);
  }();
  EXPECT_FALSE(info.parsed);
  EXPECT_FALSE(info.problem.empty());
  EXPECT_EQ(to_hex(info.der), "deadbeef");
}

}  // namespace
}  // namespace tlspeel::tls
