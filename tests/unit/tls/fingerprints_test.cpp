// Fingerprints against what their authors and other programs published, and the corners that JA4's
// specification names.
#include "tlspeel/tls/fingerprints.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/tls/messages/messages.hpp"

#include "talk.hpp"

namespace tlspeel::tls {
namespace {

using Numbers = std::initializer_list<std::uint32_t>;

event::CodePoints codes(Numbers values) {
  event::CodePoints out;
  for (const std::uint32_t value : values) out.push_back({value, ""});
  return out;
}

event::Extensions types(Numbers values) {
  event::Extensions out;
  for (const std::uint32_t value : values) out.push_back({{value, ""}, {}, event::OpaqueBody{}, ""});
  return out;
}

void set_list(event::Extensions& extensions, std::uint32_t type, Numbers values) {
  for (event::Extension& each : extensions) {
    if (each.type.value == type) each.body = event::CodePointList{codes(values)};
  }
}

void set_alpn(event::Extensions& extensions, std::vector<std::string> protocols) {
  for (event::Extension& each : extensions) {
    if (each.type.value == 16) each.body = event::TextList{protocols};
  }
}

event::ClientHello hello(std::uint32_t version, Numbers suites, Numbers extensions) {
  event::ClientHello out;
  out.version = {version, ""};
  out.cipher_suites = codes(suites);
  out.extensions = types(extensions);
  return out;
}

// The example of JA4's specification: Chrome of 2023.
event::ClientHello chrome() {
  event::ClientHello out = hello(0x0303,
                                 {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                                  0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
                                 {0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                                  0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015});
  set_list(out.extensions, 13, {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601});
  set_list(out.extensions, 43, {0x0304, 0x0303});
  set_alpn(out.extensions, {"h2", "http/1.1"});
  return out;
}

void add_grease(event::CodePoints& list) {
  list.insert(list.begin(), {0x0a0a, "GREASE"});
  list.push_back({0xfafa, "GREASE"});
}

std::string alpn_part(std::string_view first_in_hex) {
  event::ClientHello out = chrome();
  set_alpn(out.extensions, {std::string(as_text(*from_hex(first_in_hex))), "h2"});
  return ja4(out).substr(8, 2);
}

std::string version_part(std::uint32_t legacy, Numbers offered) {
  event::ClientHello out = chrome();
  out.version = {legacy, ""};
  set_list(out.extensions, 43, offered);
  return ja4(out).substr(1, 2);
}

TEST(Ja3, ExamplesOfItsReadme) {
  event::ClientHello with =
      hello(769, {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4}, {0, 10, 11});
  set_list(with.extensions, 10, {23, 24, 25});
  set_list(with.extensions, 11, {0});
  EXPECT_EQ(fingerprints_of(with)->ja3_string,
            "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
  EXPECT_EQ(fingerprints_of(with)->ja3, "ada70206e40642a3e4461f35503241d5");

  const event::ClientHello without = hello(769, {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}, {});
  EXPECT_EQ(fingerprints_of(without)->ja3_string, "769,4-5-10-9-100-98-3-6-19-18-99,,,");
  EXPECT_EQ(fingerprints_of(without)->ja3, "de350869b8c85de67a350c8d186f11e6");
}

// Chrome 83 to 109, which is in many lists; with the GREASE that Chrome sends.
TEST(Ja3, GreaseIsLeftOutOfEveryList) {
  event::ClientHello browser = hello(
      771,
      {0x2a2a, 4865, 4866, 4867, 49195, 49199, 49196, 49200, 52393, 52392, 49171, 49172, 156, 157, 47, 53},
      {0x6a6a, 0, 23, 65281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27, 17513, 0xcaca, 21});
  set_list(browser.extensions, 10, {0x8a8a, 29, 23, 24});
  set_list(browser.extensions, 11, {0});
  EXPECT_EQ(ja3_string(browser),
            "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,"
            "0-23-65281-10-11-35-16-5-13-18-51-45-43-27-17513-21,29-23-24,0");
  EXPECT_EQ(fingerprints_of(browser)->ja3, "cd08e31494f9531f560d64c695473da9");
}

TEST(Ja3, ListsThatCouldNotBeReadAreEmpty) {
  EXPECT_EQ(ja3_string(hello(771, {47}, {10, 11})), "771,47,10-11,,");
  EXPECT_EQ(ja3_string(hello(771, {0x0a0a}, {0x0a0a})), "771,,,,");
}

// What Suricata and others name for servers of TLS 1.3.
TEST(Ja3s, PublishedFingerprints) {
  event::ServerHello server;
  server.version = {771, ""};
  server.selected_version = {0x0304, ""};
  server.cipher_suite = {4865, ""};
  server.extensions = types({51, 43});
  EXPECT_EQ(fingerprints_of(server)->ja3s_string, "771,4865,51-43");
  EXPECT_EQ(fingerprints_of(server)->ja3s, "eb1d94daa7e0344597e756a1fb6e7054");
  server.extensions = types({43, 51});
  EXPECT_EQ(fingerprints_of(server)->ja3s, "f4febc55ea12b31ae17cfb7e614afda8");
  server.extensions.clear();
  EXPECT_EQ(ja3s_string(server), "771,4865,");
}

TEST(Ja4, ExampleOfItsSpecification) {
  EXPECT_EQ(ja4(chrome()), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Ja4, WithoutSignatureAlgorithmsThereIsNoUnderscore) {
  event::ClientHello out = chrome();
  set_list(out.extensions, 13, {});
  EXPECT_EQ(ja4(out), "t13d1516h2_8daaf6152771_6d807ffa2a79");
}

// Chrome of 2024, as FoxIO's list has it: encrypted_client_hello instead of padding.
TEST(Ja4, AnotherPublishedFingerprint) {
  event::ClientHello out = chrome();
  out.extensions.back().type = {0xfe0d, ""};
  EXPECT_EQ(ja4(out), "t13d1516h2_8daaf6152771_02713d6af862");
}

TEST(Ja4, OrderOfSuitesAndExtensionsDoesNotMatter) {
  event::ClientHello out = chrome();
  std::ranges::reverse(out.cipher_suites);
  std::ranges::reverse(out.extensions);
  EXPECT_EQ(ja4(out), ja4(chrome()));
  set_list(out.extensions, 13, {0x0601, 0x0403});
  EXPECT_NE(ja4(out).substr(24), ja4(chrome()).substr(24));
}

TEST(Ja4, GreaseIsLeftOutEverywhere) {
  event::ClientHello out = chrome();
  add_grease(out.cipher_suites);
  for (event::Extension& each : out.extensions) {
    if (auto* list = std::get_if<event::CodePointList>(&each.body)) add_grease(list->values);
  }
  out.extensions.insert(out.extensions.begin(), {{0x3a3a, "GREASE"}, {}, event::EmptyBody{}, ""});
  out.extensions.push_back({{0x9a9a, "GREASE"}, {0}, event::OpaqueBody{}, ""});
  EXPECT_EQ(ja4(out), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Ja4, ZerosWhereThereIsNothing) {
  EXPECT_EQ(ja4(hello(0x0301, {}, {})), "t10i000000_000000000000_000000000000");
  // The name and the protocols are not part of the third part.
  event::ClientHello out = hello(0x0301, {0x0a0a}, {0, 16});
  set_alpn(out.extensions, {"http/1.1"});
  EXPECT_EQ(ja4(out), "t10d0002h1_000000000000_000000000000");
}

TEST(Ja4, VersionIsTheHighestThatIsOffered) {
  EXPECT_EQ(version_part(0x0303, {0x0304, 0x0303}), "13");
  EXPECT_EQ(version_part(0x0303, {0x0302, 0x0303, 0x0301}), "12");
  EXPECT_EQ(version_part(0x0303, {}), "12");
  EXPECT_EQ(version_part(0x0302, {}), "11");
  EXPECT_EQ(version_part(0x0301, {}), "10");
  EXPECT_EQ(version_part(0x0300, {}), "s3");
  EXPECT_EQ(version_part(0x0002, {}), "s2");
  EXPECT_EQ(version_part(0x0305, {}), "00");
  EXPECT_EQ(version_part(0x0303, {0x7f1c, 0x0303}), "00");  // a draft of TLS 1.3
  EXPECT_EQ(version_part(0x0303, {0x0a0a}), "12");
}

TEST(Ja4, CountsStopAt99) {
  event::ClientHello out = hello(0x0303, {}, {});
  for (std::uint32_t i = 0; i < 99; ++i) {
    out.cipher_suites.push_back({0xc000 + i, ""});
    out.extensions.push_back({{0x1000 + i, ""}, {}, event::OpaqueBody{}, ""});
  }
  EXPECT_EQ(ja4(out).substr(0, 11), "t12i999900_");
  out.cipher_suites.push_back({0xd000, ""});
  out.extensions.push_back({{0x2000, ""}, {}, event::OpaqueBody{}, ""});
  EXPECT_EQ(ja4(out).substr(0, 11), "t12i999900_");
}

// Its specification: of what is not alphanumeric, first and last digit of the hex.
TEST(Ja4, FirstAndLastOfTheFirstProtocol) {
  EXPECT_EQ(alpn_part("6832"), "h2");
  EXPECT_EQ(alpn_part("687474702f312e31"), "h1");
  EXPECT_EQ(alpn_part("58"), "XX");
  EXPECT_EQ(alpn_part(""), "00");
  EXPECT_EQ(alpn_part("ab"), "ab");
  EXPECT_EQ(alpn_part("abcd"), "ad");
  EXPECT_EQ(alpn_part("30ab"), "3b");
  EXPECT_EQ(alpn_part("3031abcd"), "3d");
  EXPECT_EQ(alpn_part("30abcd31"), "01");
  EXPECT_EQ(alpn_part("0a0a"), "0a");
  event::ClientHello out = chrome();
  set_alpn(out.extensions, {});
  EXPECT_EQ(ja4(out).substr(8, 2), "00");
}

TEST(Fingerprints, NoneOfAnSslv2Hello) {
  event::ClientHello out = hello(0x0301, {0x010080}, {});
  out.sslv2 = true;
  EXPECT_EQ(fingerprints_of(out), nullptr);
  out.sslv2 = false;
  EXPECT_NE(fingerprints_of(out), nullptr);
}

// From the bytes of a message: the parsers put the lists where the fingerprints look for them.
TEST(Fingerprints, OfAParsedHello) {
  const std::string random(64, '1');
  const auto parsed = parse_client_hello(*from_hex(
      "0303" + random + "00" + "0006" + "2a2a1301002f" + "0100" + "003e" +     //
      "3a3a0000" + "00000006000400000161" + "000a00080006" + "4a4a001d0017" +  //
      "000b00020100" + "000d000800060403" + "0a0a0804" + "0010000500030268" + "32" + "002b0005040a0a0304"));
  ASSERT_TRUE(parsed.has_value()) << parsed.error().what << " at " << parsed.error().offset;
  EXPECT_EQ(ja3_string(*parsed), "771,4865-47,0-10-11-13-16-43,29-23,0");
  EXPECT_EQ(ja4(*parsed).substr(0, 10), "t13d0206h2");
}

template <class Hello>
std::vector<const Hello*> hellos(const Said& said) {
  std::vector<const Hello*> out;
  for (const event::TlsMessage* message : said.all<event::TlsMessage>()) {
    const auto* handshake = std::get_if<event::Handshake>(&message->body);
    const auto* hello = handshake == nullptr ? nullptr : std::get_if<Hello>(&handshake->body);
    if (hello != nullptr) out.push_back(hello);
  }
  return out;
}

TEST(Fingerprints, OfAConnectionOnlyWhereTheyAreAskedFor) {
  for (const bool asked : {false, true}) {
    Talk talk;
    talk.environment.fingerprints = asked;
    talk.client(client_hello(0x002f, {}, kExtendedMasterSecretExtension))
        .server(server_hello(0x002f))
        .finish();
    const auto clients = hellos<event::ClientHello>(talk.said);
    const auto servers = hellos<event::ServerHello>(talk.said);
    ASSERT_EQ(clients.size(), 1U);
    ASSERT_EQ(servers.size(), 1U);
    ASSERT_EQ(clients.front()->fingerprints != nullptr, asked);
    ASSERT_EQ(servers.front()->fingerprints != nullptr, asked);
    if (!asked) continue;
    EXPECT_EQ(clients.front()->fingerprints->ja3_string, "771,47,23,,");
    EXPECT_EQ(clients.front()->fingerprints->ja4.substr(0, 10), "t12i010100");
    EXPECT_EQ(servers.front()->fingerprints->ja3s_string, "771,47,");
  }
}

// Drafts of TLS 1.3 had a message of its own, with other fields; other programs have no fingerprint of it.
TEST(Fingerprints, NoneOfTheHelloRetryRequestOfDrafts) {
  Talk talk;
  talk.environment.fingerprints = true;
  const Bytes retry = {0x7f, 0x15, 0x13, 0x01, 0x00, 0x06, 0x00, 0x28, 0x00, 0x02, 0x00, 0x17};
  talk.client(client_hello(0x1301)).server(handshake(6, retry)).finish();
  const auto servers = hellos<event::ServerHello>(talk.said);
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_TRUE(servers.front()->hello_retry_request);
  EXPECT_EQ(servers.front()->fingerprints, nullptr);
}

}  // namespace
}  // namespace tlspeel::tls
