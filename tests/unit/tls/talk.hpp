// A TLS connection as a test speaks it: messages and records byte for byte, given to a Connection, and what
// it said. The two randoms are 32 bytes of 0xc1 (client) and of 0x5e (server).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/tls/connection.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {

using event::ClosedCause;
using event::ConnectionOutcome;

struct Said final : event::EventSink, PlaintextSink {
  std::vector<event::Event> events;
  std::array<std::string, 2> plaintext;
  std::array<bool, 2> ended{};

  void emit(PacketRef /*at*/, event::Event&& event) override { events.push_back(std::move(event)); }
  void on_plaintext(Direction direction, PacketRef /*at*/, ByteView bytes) override {
    plaintext[index(direction)] += as_text(bytes);
  }
  void on_plaintext_gap(Direction /*direction*/, PacketRef /*at*/, const event::Hole& /*hole*/) override {}
  void on_plaintext_end(Direction direction, PacketRef /*at*/) override { ended[index(direction)] = true; }

  template <class T>
  std::vector<const T*> all() const {
    std::vector<const T*> out;
    for (const event::Event& each : events) {
      if (const T* found = std::get_if<T>(&each)) out.push_back(found);
    }
    return out;
  }
};

inline void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

inline Bytes record(std::uint8_t type, ByteView body) {
  Bytes out = {type, 3, 3};
  put16(out, body.size());
  append(out, body);
  return out;
}

inline Bytes handshake(std::uint8_t type, ByteView body) {
  Bytes out = {type, 0};
  put16(out, body.size());
  append(out, body);
  return record(kHandshake, out);
}

// Extensions with their types and lengths, behind their common length.
inline Bytes extensions(ByteView all) {
  Bytes out;
  if (all.empty()) return out;
  put16(out, all.size());
  append(out, all);
  return out;
}

inline const Bytes kExtendedMasterSecretExtension = {0, 23, 0, 0};
inline const Bytes kSupportedVersions13 = {0, 43, 0, 2, 3, 4};  // as a server says it

inline Bytes client_hello(std::uint16_t suite, Bytes session_id = {}, ByteView extension = {}) {
  Bytes body = {3, 3};
  body.insert(body.end(), 32, 0xc1);
  body.push_back(static_cast<std::uint8_t>(session_id.size()));
  append(body, session_id);
  put16(body, 2);
  put16(body, suite);
  body.insert(body.end(), {1, 0});
  append(body, extensions(extension));
  return handshake(1, body);
}

inline Bytes server_hello(std::uint16_t suite, Bytes session_id = {}, std::uint8_t compression = 0,
                          ByteView extension = {}, const Bytes& random = Bytes(32, 0x5e)) {
  Bytes body = {3, 3};
  append(body, random);
  body.push_back(static_cast<std::uint8_t>(session_id.size()));
  append(body, session_id);
  put16(body, suite);
  body.push_back(compression);
  append(body, extensions(extension));
  return handshake(2, body);
}

inline const Bytes kServerHelloDone = handshake(14, {});
inline const Bytes kChangeCipher = record(kChangeCipherSpec, Bytes{1});
inline const Bytes kSealed = record(kApplicationData, Bytes(64, 0xab));
inline const Bytes kSealedHandshake = record(kHandshake, Bytes(40, 0xcd));

inline Bytes client_key_exchange() {
  Bytes body;
  put16(body, 256);
  body.insert(body.end(), 256, 0x0e);
  return handshake(16, body);
}

struct Talk {
  Said said;
  secrets::Store store;
  Environment environment;
  Connection connection;
  std::uint64_t packet = 0;

  Talk() : connection(environment, said, said) { environment.store = &store; }

  Talk& client(const Bytes& bytes) { return push(Direction::client, bytes); }
  Talk& server(const Bytes& bytes) { return push(Direction::server, bytes); }
  Talk& push(Direction direction, const Bytes& bytes) {
    connection.push(direction, {++packet, static_cast<std::int64_t>(packet)}, bytes);
    return *this;
  }
  Talk& finish() {
    connection.finish({packet, 0});
    return *this;
  }
  // The cause in the one Closed event that is about the whole connection.
  std::optional<ClosedCause> cause() const {
    const auto closed = said.all<event::Closed>();
    return closed.size() == 1 ? std::optional(closed.front()->cause) : std::nullopt;
  }
};

}  // namespace tlspeel::tls
