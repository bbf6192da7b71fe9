// --explain: one handshake, told in four steps to somebody who is learning: a ladder between client and
// server, and how the secrets come about. Collects facts while the handshake goes on, and renders once. Holds
// no secrets unless events carry RevealedSecrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"
#include "output/story_facts.hpp"

namespace tlspeel::output {

class HandshakeStory {
 public:
  HandshakeStory(const TextOptions& options, std::int64_t start_ns)
      : options_(&options), start_ns_(start_ns) {}

  void add(PacketRef at, const event::TlsMessage& message, bool resumed);
  void add(const event::KeysEstablished& keys);
  void add(const event::SecretsRecovered& secrets) { facts_.recovered.push_back(secrets); }
  void add(const event::Closed& closed);
  void add_notice(std::string_view text) { notices_.emplace_back(text); }
  void set_complete(bool complete) { complete_ = complete; }

  void render(std::string& out) const;

 private:
  struct Rung {
    Step step;
    PacketRef at;
    Direction direction;
    std::string name;
    std::string facts;
  };

  Step step_of(const event::TlsMessage& message) const;
  Step step_of(const event::Handshake& handshake) const;
  bool reached(Step step) const;
  void learn(const event::TlsMessage& message);
  void learn(const event::Handshake& handshake, Direction direction);
  void learn(const event::ClientHello& hello);
  void learn(const event::ServerHello& hello);
  void render_step(std::string& out, unsigned number, Step step) const;
  void render_keys(std::string& out) const;

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
