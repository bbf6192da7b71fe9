// One handshake (the first of a connection, or a renegotiation): reads its messages, collects what keys
// depend on, keeps the transcript, decides about keys as soon as they can be known, and checks both Finished.
// Single threaded.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/boxed.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/event/event.hpp"

#include "handshake_assembler.hpp"
#include "handshake_facts.hpp"
#include "key_finder.hpp"
#include "late_start.hpp"
#include "lost_client_hello.hpp"
#include "transcript.hpp"

namespace tlspeel::tls {

// ClientHello, ServerHello, HelloRetryRequest.
bool is_hello(const event::Handshake& message);

// What is left to know of a handshake that is over, when its keys are in use: messages may still come, of it
// or of the next one.
struct SettledHandshake {
  std::uint16_t version = 0;
  const CipherSuite* suite = nullptr;
  std::array<bool, 2> verified{};
  bool premaster_known = false;
};

class Handshake {
 public:
  explicit Handshake(Environment& environment) : environment_(&environment) {}
  // From settled() of one, and what the connection was told of it.
  Handshake(Environment& environment, const SettledHandshake& settled, const event::CodePoint& version,
            const event::CodePoint& suite, std::string alpn);

  // The message as a value for display; Finished carries whether it verified, ClientKeyExchange whether it
  // was opened.
  // encrypted: it came out of a record that verified.
  event::Handshake take(Direction sender, const HandshakeMessage& message, bool encrypted);
  event::Handshake take_sslv2_hello(ByteView message);
  void take_change_cipher_spec(Direction sender);

  // Decides if that is possible now. A failure of the crypto library is a decision, too.
  void decide();
  void decide(NoKeys reason) { decision_ = std::move(reason); }
  bool decided() const { return decision_.has_value() || settled_; }
  // SSL 3.0 to TLS 1.2.
  const FoundKeys* found() const { return decision_ ? std::get_if<FoundKeys>(&*decision_) : nullptr; }
  // After a record did not verify with what was found: there is another secret to try.
  bool use_other_keys();
  void keys_are_proven();
  // TLS 1.3. Application secrets may come later, with the server's Finished.
  const Tls13Secrets* tls13_secrets() const {
    return decision_ ? std::get_if<Tls13Secrets>(&*decision_) : nullptr;
  }
  // TLS 1.3 whose hellos are missing: what its records proved.
  void adopt(const LateStart::Found& found, const std::optional<MissingBytes>& missing);
  // SSL 3.0 to TLS 1.2 whose ClientHello is missing: likewise.
  void adopt(LostClientHello::Found found, const std::optional<MissingBytes>& missing);
  // A KeyUpdate of this side was not captured (RFC 8446 section 7.2).
  void pass_key_update(Direction sender);
  // No further message can bring application secrets.
  void give_up_application_secrets();
  // Where EncryptedExtensions cannot be read.
  void assume_early_data(EarlyDataFate fate);
  const NoKeys* refused() const { return decision_ ? std::get_if<NoKeys>(&*decision_) : nullptr; }

  const HandshakeFacts& facts() const { return facts_; }
  // RFC 8446 section 4.1.4: only TLS 1.3 has HelloRetryRequest.
  bool tls13() const {
    const ServerHelloFacts* const server = facts_.server.get();
    return server != nullptr ? server->tls13 : retry_requested_;
  }
  bool has_client_hello() const { return facts_.client.has_value(); }
  bool retry_requested() const { return retry_requested_; }
  const std::string& server_name() const { return server_name_; }
  const std::string& alpn() const { return alpn_; }
  bool finished_verified(Direction sender) const { return verified_[index(sender)]; }
  bool complete() const { return finished_[0] && finished_[1]; }
  // SSL 3.0 to TLS 1.2: everything that keys depend on has come, and nothing of it was lost. Its keys may go
  // when those who open records have them.
  bool may_settle() const;
  SettledHandshake settled() const;
  bool is_settled() const { return settled_; }
  // TLS 1.3, whose records are all under application keys by now: what only the handshake needed goes.
  void shrink_tls13();
  // The handshake is over: no more hashes over it.
  void forget_transcript() { transcript_.invalidate(); }
  // Messages of it may be missing: no hashes over it.
  void lose_messages(const std::optional<MissingBytes>& missing) {
    facts_.messages_lost = true;
    if (!facts_.missing) facts_.missing = missing;
    transcript_.invalidate();
  }

 private:
  void note_client_hello(const event::ClientHello& hello);
  void note_server_hello(const event::ServerHello& hello);
  void refuse_early_data();
  void read_early_client_key_exchange();
  void note_certificate(Direction sender, const event::Certificate& certificate);
  void note_client_key_exchange(event::ClientKeyExchange& message);
  void check_finished(Direction sender, event::Finished& message, bool encrypted);
  void compare_finished(Direction sender, event::Finished& message, const std::optional<Bytes>& expected);
  void recheck_finished(Direction sender);
  // nullopt: not all messages that it covers are there.
  std::optional<Bytes> expected_finished(Direction sender) const;
  std::optional<Bytes> expected_tls13_finished(Direction sender) const;
  Tls13Secrets* own_tls13_secrets() { return decision_ ? std::get_if<Tls13Secrets>(&*decision_) : nullptr; }
  void note(Direction sender, event::Handshake& message);
  void remember_session();

  // handshake_tls13.cpp
  struct Ticket {
    Bytes nonce;
    Bytes ticket;
  };
  void take_tls13(Direction sender, const HandshakeMessage& message, event::Handshake& parsed);
  void note_tls13(Direction sender, event::Handshake& parsed);
  void check_tls13_finished(Direction sender, event::Finished& message);
  void after_tls13_handshake();
  void note_after_tls13_handshake(Direction sender, const HandshakeMessage& message,
                                  event::Handshake& parsed);
  void note_authentication(Direction sender, const HandshakeMessage& message, event::Handshake& parsed);
  void remember_ticket(const Ticket& ticket);

  // Handshakes have some ten messages until the keys are agreed. Each attempt may cost an RSA operation for
  // every key, and the hash of all messages.
  static constexpr unsigned kMostAttempts = 64;

  Environment* environment_;
  unsigned attempts_ = 0;
  HandshakeFacts facts_;
  Transcript transcript_;
  std::optional<Decision> decision_;
  std::string server_name_;
  std::string alpn_;
  std::array<bool, 2> finished_{};
  std::array<bool, 2> verified_{};
  // verify_data of a Finished that covers messages which are still to come
  OnDemand<std::array<Bytes, 2>> unchecked_;
  bool settled_ = false;
  bool shrunk_ = false;
  bool premaster_known_ = false;  // where it is settled
  bool retry_requested_ = false;
  bool early_data_refused_ = false;

  // TLS 1.3, after the handshake.
  std::vector<Ticket> early_tickets_;     // before the client's Finished
  SecretBytes resumption_master_;         // of the key schedule; empty: not known
  Boxed<crypto::Digest> main_handshake_;  // all messages to the client's Finished, where the server
                                          // may ask for authentication later
  Boxed<crypto::Digest> authentication_;  // the same and what belongs to the latest request
};

}  // namespace tlspeel::tls
