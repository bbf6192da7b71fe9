// One TLS connection, SSL 3.0 to TLS 1.3: takes both
// directions' bytes as TCP delivers them, emits what was said as events, finds the keys, and hands out the
// application data that verified. Bytes are borrowed for the call. The two directions may be captured
// slightly out of order: records that need keys which are not known yet wait, up to kMaxWaiting bytes for a
// direction. No I/O, never throws for bad input. Single threaded; deterministic.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/crypto/certificate_cache.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/secrets/premasters_ahead.hpp"
#include "tlspeel/secrets/session_cache.hpp"
#include "tlspeel/secrets/store.hpp"
#include "tlspeel/tls/detector.hpp"
#include "tlspeel/tls/records_ahead.hpp"
#include "tlspeel/tls/spare_buffers.hpp"

namespace tlspeel::tls {

// Gets the application data, in the order in which it was opened.
class PlaintextSink {
 public:
  virtual ~PlaintextSink() = default;
  virtual void on_plaintext(Direction direction, PacketRef at,
                            ByteView bytes) = 0;  // bytes live for the call
  // Application data is missing here: a record did not verify, or bytes were lost.
  virtual void on_plaintext_gap(Direction direction, PacketRef at, const event::Hole& hole) = 0;
  // close_notify or the end of the TCP stream: nothing more comes from this side.
  virtual void on_plaintext_end(Direction direction, PacketRef at) = 0;
};

// What private keys were used for; times are of the thread. An operation that another thread did ahead counts
// where its outcome is used, and took no time here.
struct PrivateKeyUse {
  std::uint64_t operations = 0;
  std::int64_t time = 0;  // nanoseconds
};

// What opened a connection, for display.
struct SecretsUsed {
  std::string opened_with;
  std::vector<std::string> labels;
};

// What all connections of one worker's shard share. Outlives them.
struct Environment {
  const secrets::Store* store = nullptr;
  secrets::SessionCache* sessions = nullptr;  // null: no resumption across connections
  bool reveal_secrets = false;                // the user asked for secret values in the output
  bool keylog_lines = false;                  // SecretsRecovered events are wanted
  bool fingerprints = false;                  // of hellos: somebody shows them
  std::uint64_t current_packet = 0;           // the packet being worked on: the session cache's order
  PrivateKeyUse* private_key_use = nullptr;   // null: nobody counts
  secrets::PremastersAhead* premasters_ahead = nullptr;  // null: nobody decrypts ahead
  RecordsAhead* records_ahead = nullptr;                 // null: nobody opens records ahead
  Bytes scratch{};                                       // one record's plaintext
  SpareBuffers record_buffers{};                         // of records that wait for their end
  crypto::CertificateCache certificates{};
  std::shared_ptr<const SecretsUsed> latest_secrets_used{};
};

struct DirectionSummary {
  std::uint64_t records = 0;
  std::uint64_t records_opened = 0;
  std::uint64_t records_closed = 0;
  std::uint64_t application_bytes = 0;
  std::uint64_t closed_bytes = 0;  // as event::DirectionCounts
  std::vector<event::ByteRange> closed_ranges;
};

struct Summary {
  event::ConnectionOutcome outcome = event::ConnectionOutcome::no_data;
  event::CodePoint version;
  event::CodePoint cipher_suite;
  std::string server_name;
  std::string opened_with;
  std::vector<std::string> secrets_used;
  std::optional<event::ClosedCause> cause;
  std::array<bool, 2> finished_verified{};  // by Direction
  std::array<DirectionSummary, 2> directions;
};

class Connection {
 public:
  // Senders have at most a window in flight; more than this is not reordering but a direction that was not
  // captured.
  static constexpr std::size_t kMaxWaiting = std::size_t{256} * 1024;

  Connection(Environment& environment, event::EventSink& events, PlaintextSink& plaintext);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  // How the first bytes of a direction looked; before its first push().
  void begin(Direction direction, Detection::Start start);
  // The same where bytes are missing since its start: no hello can come.
  void begin_after_gap(PacketRef at, const event::StreamGap& gap);
  void push(Direction direction, PacketRef at, ByteView bytes);
  // Bytes of the TCP stream are not in the capture.
  void gap(PacketRef at, const event::StreamGap& gap);
  void end(Direction direction, PacketRef at);
  // Nothing more comes: emits what is outstanding. Once, last.
  void finish(PacketRef at);

  const std::string& alpn() const;  // what the server chose, or empty
  Summary summary() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::tls
