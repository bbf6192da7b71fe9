// Everything that can open connections, behind one door: what the user gave, and what the capture itself
// holds (pcapng Decryption Secrets Blocks). Constant after load() but for add_capture_secrets() and
// read_on(), which belong to one thread at a time and have locks of their own; every other function is thread
// safe. Errors are one sentence that names the file and the cause.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/crypto/private_key.hpp"
#include "tlspeel/secrets/key_log.hpp"
#include "tlspeel/secrets/private_keys.hpp"
#include "tlspeel/secrets/psks.hpp"
#include "tlspeel/secrets/ticket_keys.hpp"

namespace tlspeel::secrets {

struct Config {
  std::vector<std::string> key_paths{};  // files, folders of key files, or store URIs ("pkcs11:...")
  std::vector<std::string> keylog_paths{};
  std::vector<std::string> psks{};  // "identity:hex" or "hex"
  std::vector<std::string> psk_paths{};
  std::vector<std::string> ticket_key_paths{};
  crypto::PasswordSource password{};  // null: nobody to ask
};

class Store {
 public:
  // `key` lives as long as the Store.
  struct Match {
    const crypto::PrivateKey* key = nullptr;
    std::size_t index = 0;  // among the private keys
    std::string label;
  };
  struct Logged {
    SecretBytes secret;
    std::string label;  // of the key log, or "secrets in capture.pcapng"
  };
  struct Described {
    std::string_view kind;  // static text: as event::SecretUse
    std::string label;
    std::string description;  // "RSA 2048", "EC P-256", "1,204 secrets"
  };

  // No secrets at all: still walks through handshakes.
  Store();
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  static Result<Store> load(const Config& config);

  // The RSA keys that can open a premaster secret of encrypted_size bytes. Certificate known: its key, or
  // none. Unknown (empty): every RSA key whose modulus has that size, in the order given.
  std::vector<Match> candidates(ByteView certificate_spki_sha256, std::size_t encrypted_size) const;
  // The key of a certificate, of whatever kind.
  std::optional<Match> key_of_certificate(ByteView certificate_spki_sha256) const;
  // The (EC)DH key whose public half this is: as PrivateKey::public_key() has it.
  std::optional<Match> key_of_public(ByteView public_key) const;

  // Key logs and secrets in the capture. Of the latter those count that stand before packet `packet`.
  std::optional<Logged> logged(KeyLogLabel label, ByteView id, std::uint64_t packet) const;
  struct LoggedOf {
    Bytes id;
    SecretBytes secret;
  };
  // The first `most` secrets of a label; client_random not empty: only that connection's.
  std::vector<LoggedOf> all_logged(KeyLogLabel label, ByteView client_random, std::uint64_t packet,
                                   std::size_t most) const;
  bool logged_any(ByteView client_random, std::uint64_t packet) const;
  bool has_key_log(std::uint64_t packet) const;
  bool has_private_keys() const;

  const Psks& psks() const;
  const TicketKeys& ticket_keys() const;

  // More secrets than these in captures are ignored, with a warning: a stream must not fill the memory.
  static constexpr std::size_t kMaxCaptureSecrets = std::size_t{4} << 20;
  static constexpr std::size_t kMaxCaptureBytes = std::size_t{512} << 20;
  // A Decryption Secrets Block with a TLS key log: counts for packets with a number above after_packet (0:
  // for all). Numbers never fall.
  void add_capture_secrets(std::uint64_t after_packet, std::string_view capture_name, ByteView key_log);

  // While a capture comes through a pipe, those who write the key logs given may still be at it: what was
  // added to them since counts for packets with a number above after_packet, which never falls. Where nothing
  // was, it costs a stat() for each.
  void read_on(std::uint64_t after_packet);

  // Nothing given, nothing in the capture: as far as it counts for this packet, or so far. While a capture is
  // read from a pipe, only the former is the same in every run.
  bool empty(std::uint64_t packet) const;
  bool empty() const;
  std::vector<Described> secrets() const;  // in the order: private keys, key logs, capture, PSKs, ticket keys
  // What was odd about files that were read all the same: "keys.log: line 7: ...". A sentence each.
  std::vector<std::string> warnings() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::secrets
