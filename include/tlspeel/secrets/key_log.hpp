// Key logs (SSLKEYLOGFILE, RFC 9850, and the labels that were in use before it): secrets by label and by what
// they belong to. Lines are "LABEL hex-id hex-secret", ended by LF, CRLF or the end of the file; "#" begins a
// comment; hex in either case. The same line twice is one secret; two lines that differ only in the secret
// contradict each other: the first counts. What cannot be read is counted, and the first kProblemsNamed
// lines are named. Also holds for the text of a pcapng Decryption Secrets Block. add() is linear; a million
// lines take less than a second. Not thread safe for writing; constant objects may be read from any thread.
// All memory that held secrets is cleansed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

enum class KeyLogLabel : std::uint8_t {
  client_random,                    // CLIENT_RANDOM: master secret, by client random (TLS 1.2 and older)
  client_early_traffic_secret,      // CLIENT_EARLY_TRAFFIC_SECRET, by client random, as are those that follow
  client_handshake_traffic_secret,  // CLIENT_HANDSHAKE_TRAFFIC_SECRET
  server_handshake_traffic_secret,  // SERVER_HANDSHAKE_TRAFFIC_SECRET
  client_traffic_secret_0,          // CLIENT_TRAFFIC_SECRET_0
  server_traffic_secret_0,          // SERVER_TRAFFIC_SECRET_0
  early_exporter_secret,            // EARLY_EXPORTER_SECRET: opens nothing, but is no mistake
  exporter_secret,                  // EXPORTER_SECRET: likewise
  ech_secret,                       // ECH_SECRET: likewise
  ech_config,                       // ECH_CONFIG: likewise
  rsa,                // RSA: premaster secret, by the first 8 bytes of the encrypted premaster secret
  rsa_session_id,     // RSA Session-ID:... Master-Key:...: master secret, by session id
  pms_client_random,  // PMS_CLIENT_RANDOM: premaster secret, by client random
};
inline constexpr std::size_t kKeyLogLabels = 13;
std::string_view key_log_label_name(KeyLogLabel label);  // "CLIENT_RANDOM"
bool is_by_client_random(KeyLogLabel label);

class KeyLog {
 public:
  static constexpr std::size_t kProblemsNamed = 8;  // of one source
  // Of all sources together: a capture may have any number of blocks, each with lines that are none.
  static constexpr std::size_t kProblemsKept = 1024;

  KeyLog();
  ~KeyLog();
  KeyLog(KeyLog&&) noexcept;
  KeyLog& operator=(KeyLog&&) noexcept;

  // `source` is a number of the caller's for where the lines came from, first_line that of the first one
  // there.
  void add(ByteView text, std::uint32_t source, std::uint64_t first_line = 1);

  struct Found {
    ByteView secret;           // lives until the next add()
    std::uint32_t source = 0;  // of the line that counts
  };
  std::optional<Found> find(KeyLogLabel label, ByteView id) const;
  struct Entry {
    ByteView id;  // lives as the secret
    Found found;
  };
  // The first `most` of a label, in the order of their lines. Walks through the log up to there.
  std::vector<Entry> of_label(KeyLogLabel label, std::size_t most) const;
  // A secret of any label by this client random: its connection is in the log.
  bool knows(ByteView client_random) const;

  struct Statistics {
    std::uint64_t secrets = 0;  // different ones
    std::uint64_t duplicates = 0;
    std::uint64_t contradictions = 0;
    std::uint64_t malformed = 0;
    std::uint64_t other_labels = 0;  // well formed, but of no use here
    std::vector<std::string>
        problems;  // "line 7: the secret has an odd number of hex digits": the first ones
  };
  // Of the lines of one source.
  Statistics statistics(std::uint32_t source) const;
  std::size_t size() const;    // secrets
  std::size_t memory() const;  // bytes that hold them
  bool empty() const { return size() == 0; }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::secrets
