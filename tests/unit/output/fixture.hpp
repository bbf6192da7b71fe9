// Events as a run would produce them, a sink that keeps what is written, and comparison with the files in
// expected/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output::test {

class StringSink final : public ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void flush() override { ++flushes; }
  std::string text;
  int flushes = 0;
};

using Events = std::vector<event::Placed>;

// A packet `us` microseconds after the first one of the capture.
PacketRef packet(std::uint64_t number, std::int64_t us);
Bytes pattern(std::size_t size, std::uint8_t first);
Bytes bytes(std::string_view text);

event::ConnectionStart start(std::uint8_t client_host, std::uint16_t port);
event::TlsMessage handshake(Direction direction, std::uint32_t type, std::string_view name,
                            event::HandshakeBody body, bool encrypted = false);
event::HttpMessage request(std::uint32_t exchange, std::string target, PacketRef at);
event::HttpMessage response(std::uint32_t exchange, unsigned status, std::string body, PacketRef at);

event::ClientHello client_hello();
event::ServerHello server_hello(event::CodePoint version, event::CodePoint suite);
event::KeysEstablished keys(bool with_secrets);

// Whole connections.
Events opened_rsa(std::uint64_t number, bool with_secrets = false);
Events closed_ephemeral(std::uint64_t number);
Events resumed(std::uint64_t number);
Events tls13(std::uint64_t number);
Events opened_tls13(std::uint64_t number);  // resumed, with early data and secrets for a key log
// TLS 1.2 with a suite of this name; key exchange "RSA" with a premaster secret that was not recovered,
// "PSK", "ECDH" or "resumed session".
Events opened_otherwise(std::uint64_t number, std::string_view suite, std::string_view key_exchange,
                        std::string opened_with);
Events ssl30(std::uint64_t number);
// Every alternative of every variant once; names and values made for the purpose.
Events everything(std::uint64_t number);
event::RunSummary summary();

Events operator+(Events a, const Events& b);

std::string render(std::string_view format, const TextOptions& options, const Events& events);
// Compares with expected/<name>; with TLSPEEL_UPDATE_EXPECTED in the environment the file is written instead,
// and the test fails.
void expect_file(const std::string& name, const std::string& actual);

}  // namespace tlspeel::output::test
