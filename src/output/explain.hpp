// --explain: one handshake, told in four steps to somebody who is learning: a ladder between client and
// server, and how the secrets come about. Collects facts while the handshake goes on, and renders once. Holds
// no secrets unless events carry RevealedSecrets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

// How the premaster secret comes about, as far as the story differs.
enum class Exchange : std::uint8_t { unknown, rsa, ephemeral, other, tls13 };

// What the story needs to know of the handshake.
struct StoryFacts {
  event::CodePoint version;
  event::CodePoint cipher_suite;
  Exchange exchange = Exchange::unknown;
  Bytes client_random, server_random;
  bool server_hello = false;
  bool certificate = false;  // of the server
  bool client_certificate_asked_for = false;
  bool resumed = false;
  bool finished_closed = false;  // Finished travelled in records that were not opened
  std::optional<bool> verified_client, verified_server;
  bool extended_master_secret = false;

  // Of KeysEstablished.
  bool keys = false;
  std::string opened_with;
  std::string_view bulk_cipher, mac, prf;
  std::shared_ptr<const event::RevealedSecrets> secrets;
};

class HandshakeStory {
 public:
  HandshakeStory(const TextOptions& options, std::int64_t start_ns)
      : options_(&options), start_ns_(start_ns) {}

  void add(PacketRef at, const event::TlsMessage& message, bool resumed);
  void add(const event::KeysEstablished& keys);
  void add_notice(std::string_view text) { notices_.emplace_back(text); }
  void set_complete(bool complete) { complete_ = complete; }

  void render(std::string& out) const;

 private:
  enum class Step : std::uint8_t { agree, authenticate, keys, verify };
  struct Rung {
    Step step;
    PacketRef at;
    Direction direction;
    std::string name;
    std::string facts;
  };

  Step step_of(const event::TlsMessage& message) const;
  bool reached(Step step) const;
  void learn(const event::TlsMessage& message);
  void learn(const event::Handshake& handshake, Direction direction);
  void render_step(std::string& out, Step step) const;
  std::string text_of(Step step) const;
  std::string text_of_keys() const;
  std::string text_of_verify() const;
  std::string result_of_keys() const;

  const TextOptions* options_;
  std::int64_t start_ns_;
  std::vector<Rung> rungs_;
  std::size_t rungs_left_out_ = 0;
  std::vector<std::string> notices_;
  std::optional<bool> complete_;
  Step step_ = Step::agree;
  StoryFacts facts_;
};

}  // namespace tlspeel::output
