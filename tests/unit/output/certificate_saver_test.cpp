#include "tlspeel/output/certificate_saver.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

using testing::ElementsAre;
using testing::Key;
using testing::SizeIs;

class Files final : public FileStore {
 public:
  void append(const std::string& name, ByteView bytes) override {
    files[name] += as_text(bytes);
    ++appended[name];
  }
  void skip(const std::string& /*name*/, std::uint64_t /*count*/) override { ADD_FAILURE(); }
  void remove(const std::string& name) override { files.erase(name); }

  std::map<std::string, std::string> files;
  std::map<std::string, int> appended;
};

event::CertificateEntry certificate(std::string subject, char digit = 'a', Bytes der = {1, 2, 3}) {
  event::CertificateInfo info;
  info.der = std::move(der);
  info.parsed = true;
  info.subject = std::move(subject);
  info.issuer = "CN=Example CA";
  info.not_before = "2026-01-01T00:00:00Z";
  info.not_after = "2027-01-01T00:00:00Z";
  info.sha256_hex = std::string(64, digit);
  return {std::move(info), {}};
}

event::Placed handshake(std::uint64_t connection, std::uint64_t packet, event::HandshakeBody body,
                        Direction from = Direction::server) {
  event::TlsMessage message;
  message.direction = from;
  message.body = event::Handshake{{11, "certificate"}, 0, std::move(body)};
  return {connection, {packet, 5'000}, std::move(message)};
}

event::Certificate chain(std::vector<event::CertificateEntry> entries) {
  return {{}, std::move(entries)};
}

event::ClientHello hello(std::string server_name) {
  event::ClientHello hello;
  hello.extensions.push_back({{0, "server_name"}, {}, event::TextList{{std::move(server_name)}}, {}});
  return hello;
}

class CertificateSaverTest : public testing::Test {
 protected:
  std::string list() { return files_.files["certificates.tsv"]; }

  Files files_;
  CertificateSaver saver_{files_};
};

constexpr std::string_view kHead = "# connection\tpacket\tfrom\tserver_name\tfile\tcheck\n";

TEST_F(CertificateSaverTest, HasAListAlsoWithoutCertificates) {
  saver_.write(handshake(1, 2, chain({})));
  saver_.write(handshake(1, 2, event::ServerHelloDone{}));
  EXPECT_THAT(files_.files, ElementsAre(Key("certificates.tsv")));
  EXPECT_EQ(list(), kHead);
}

TEST_F(CertificateSaverTest, WritesPem) {
  saver_.write(handshake(1, 2, chain({certificate("CN=www.example.com,O=Example", 'a', Bytes(50, 0xff))})));
  EXPECT_EQ(files_.files["www.example.com-aaaaaaaaaaaaaaaa.pem"],
            "subject     CN=www.example.com,O=Example\n"
            "issuer      CN=Example CA\n"
            "valid       2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z\n"
            "SHA-256     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
            "-----BEGIN CERTIFICATE-----\n"
            "////////////////////////////////////////////////////////////////\n"
            "//8=\n"
            "-----END CERTIFICATE-----\n");
}

TEST_F(CertificateSaverTest, OfARawPublicKeyThereIsOnlyALine) {
  event::CertificateEntry key = certificate("", 'b');
  key.certificate.raw_public_key = true;
  key.certificate.public_key = "EC P-256";
  CertificateSaver checking(files_, [](const ShownChain&) { return std::string("verified"); });
  checking.write(handshake(1, 2, chain({key}), Direction::client));
  EXPECT_THAT(files_.files, ElementsAre(Key("certificates.tsv")));
  EXPECT_TRUE(list().ends_with("1\t2\tclient\t\t-\traw public key, EC P-256: no certificate\n")) << list();
}

TEST_F(CertificateSaverTest, WritesAChainOnceAndListsWhoSentIt) {
  const auto with_issuer = chain({certificate("CN=a", 'a'), certificate("CN=CA", 'c')});
  saver_.write(handshake(1, 1, hello("a.example"), Direction::client));
  saver_.write(handshake(1, 2, with_issuer));
  saver_.write(handshake(2, 3, with_issuer));
  saver_.write(handshake(1, 4, chain({certificate("CN=client", 'b')}), Direction::client));
  saver_.write({1, {5, 0}, event::ConnectionEnd{}});
  event::CompressedCertificate compressed;
  compressed.certificate = chain({certificate("CN=a", 'a'), certificate("CN=Other CA", 'd')});
  saver_.write(handshake(1, 6, compressed));
  saver_.write(handshake(1, 7, event::CompressedCertificate{}));
  EXPECT_EQ(list(), fmt::format("{}1\t2\tserver\ta.example\ta-aaaaaaaaaaaaaaaa-39f4a785.pem\tnot checked\n"
                                "2\t3\tserver\t\ta-aaaaaaaaaaaaaaaa-39f4a785.pem\tnot checked\n"
                                "1\t4\tclient\ta.example\tclient-bbbbbbbbbbbbbbbb.pem\tnot checked\n"
                                "1\t6\tserver\t\ta-aaaaaaaaaaaaaaaa-dc08fbc5.pem\tnot checked\n",
                                kHead));
  EXPECT_THAT(files_.files, SizeIs(4));
  EXPECT_EQ(files_.appended["a-aaaaaaaaaaaaaaaa-39f4a785.pem"], 1);
}

TEST_F(CertificateSaverTest, NamesAreSafe) {
  const auto name = [](std::string subject) { return chain_file_name({certificate(std::move(subject))}); };
  const std::string rest = "-aaaaaaaaaaaaaaaa.pem";
  EXPECT_EQ(name("CN=*.example.com"), "_.example.com" + rest);
  EXPECT_EQ(name("O=x,CN=in the middle+L=y"), "in_the_middle" + rest);
  EXPECT_EQ(name("O=x\\,CN=no,CN=a\\,b"), "a__b" + rest);
  EXPECT_EQ(name("CN=../../etc/passwd"), "_._.._etc_passwd" + rest);
  EXPECT_EQ(name("CN=-rf"), "_rf" + rest);
  EXPECT_EQ(name("CN=\xc3\xa4\n\t"), "____" + rest);
  EXPECT_EQ(name("CN=" + std::string(99, 'x')), std::string(64, 'x') + rest);
  EXPECT_EQ(name("O=nobody"), "certificate" + rest);
  EXPECT_EQ(name("CN="), "certificate" + rest);
  auto named = certificate("O=nobody");
  named.certificate.subject_alt_names = {"DNS:b.example", "DNS:c.example"};
  EXPECT_EQ(chain_file_name({named}), "b.example" + rest);
}

TEST_F(CertificateSaverTest, TextOfAPeerStaysInItsLine) {
  auto odd = certificate("CN=x\n-----BEGIN CERTIFICATE-----");
  odd.certificate.issuer = "CN=y\r\x1b[2J";
  saver_.write(handshake(1, 1, hello("a\tb\nc"), Direction::client));
  saver_.write(handshake(1, 2, chain({odd})));
  EXPECT_EQ(
      list(),
      fmt::format(
          "{}1\t2\tserver\ta\\x09b\\x0ac\tx_-----BEGIN_CERTIFICATE------aaaaaaaaaaaaaaaa.pem\tnot checked\n",
          kHead));
  EXPECT_TRUE(files_.files["x_-----BEGIN_CERTIFICATE------aaaaaaaaaaaaaaaa.pem"].starts_with(
      "subject     CN=x\\x0a-----BEGIN CERTIFICATE-----\nissuer      CN=y\\x0d\\x1b[2J\n"));
}

TEST_F(CertificateSaverTest, WhatIsNoCertificateIsKeptAndSaid) {
  event::CertificateEntry odd = certificate("");
  odd.certificate.parsed = false;
  odd.certificate.problem = "not a DER certificate";
  saver_.write(handshake(1, 2, chain({odd})));
  EXPECT_TRUE(files_.files["certificate-aaaaaaaaaaaaaaaa.pem"].starts_with(
      "problem     not a DER certificate\nSHA-256     aaaa"));
}

TEST_F(CertificateSaverTest, WritesAgainRatherThanRememberingAll) {
  const auto send = [this](std::size_t n) {
    saver_.write(handshake(1, 2, chain({certificate(fmt::format("CN={}", n))})));
  };
  for (std::size_t n = 0; n < CertificateSaver::kRemembered; ++n) send(n);
  send(0);
  EXPECT_EQ(files_.appended["0-aaaaaaaaaaaaaaaa.pem"], 2);
  EXPECT_EQ(files_.appended["1-aaaaaaaaaaaaaaaa.pem"], 1);
  const std::string text = files_.files["0-aaaaaaaaaaaaaaaa.pem"];
  EXPECT_EQ(text.find("-----BEGIN"), text.rfind("-----BEGIN"));
}

TEST(CertificateSaverWithCheck, AsksAboutEachChainWhenItWasShown) {
  Files files;
  std::vector<std::string> asked;
  CertificateSaver saver(files, [&asked](const ShownChain& chain) {
    asked.push_back(fmt::format("{} {} {} {}", chain.certificates.size(),
                                chain.from == Direction::server ? "server" : "client", chain.server_name,
                                chain.time_ns));
    return std::string("no\tway");
  });
  saver.write(handshake(1, 1, hello("a.example"), Direction::client));
  saver.write(handshake(1, 2, chain({certificate("CN=a")})));
  EXPECT_THAT(asked, ElementsAre("1 server a.example 5000"));
  EXPECT_TRUE(files.files["certificates.tsv"].ends_with(".pem\tno\\x09way\n"));
}

}  // namespace
}  // namespace tlspeel::output
