// Everything that a run finds out, as plain values in one variant, and the sink that takes them in order.
// Producers: tls, http, app, pipeline. Consumer: output. Values own their memory; EventSink implementations
// are single threaded.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/event/hole.hpp"
#include "tlspeel/event/http_frame.hpp"
#include "tlspeel/event/http_message.hpp"
#include "tlspeel/event/tls_messages.hpp"
#include "tlspeel/event/websocket_message.hpp"

namespace tlspeel::event {

// ---- one connection
// -----------------------------------------------------------------------------------------------------------------

// TLS was found in a TCP connection. First event of every connection.
struct ConnectionStart {
  Endpoint client;  // who sends the ClientHello
  Endpoint server;
  bool start_captured = true;  // false: the capture begins in the middle of the connection
  // Of the TCP connection: its SYN, where start_captured. Of one inside another: the packet of its
  // ClientHello.
  PacketRef first{};
  std::string tunnel{};  // what its packets lie in: "VXLAN 42 between 10.0.0.1 and 10.0.0.2"; mostly empty
  // It is inside the TLS of so many other connections; inside: the number of the outer one, filled in where
  // connections get their numbers; 0: none.
  std::uint32_t depth = 0;
  std::uint64_t inside = 0;
};

// For whom a proxy speaks: the PROXY protocol.
struct ProxiedAddresses {
  Endpoint source;
  Endpoint destination;
};

// What was said in clear before TLS began, in turns (all bytes of one direction until the other speaks).
// Behind ConnectionStart, before everything that TLS said in this direction.
struct ClearText {
  Direction direction = Direction::client;
  std::uint64_t size = 0;  // bytes of the turn
  Bytes shown;             // the first of them, as many as are kept
  bool text = false;
  std::string_view protocol;  // static text: "SMTP", "PROXY protocol v2"; empty: unknown
  std::optional<ProxiedAddresses> proxied;
  PacketRef first;
};

// One TLS message or unencrypted record body.
struct TlsMessage {
  Direction direction = Direction::client;
  bool encrypted = false;  // it travelled inside an encrypted record and was opened
  CodePoint record_version;
  TlsBody body;
};

// Secret values, present only where the user asked for them (--show-secrets).
struct RevealedSecrets {
  SecretBytes premaster_secret;
  SecretBytes master_secret;
  // key block parts by name in the order of RFC 5246 section 6.3: client_write_MAC_key, server_write_MAC_key,
  // ... empty parts left out
  std::vector<std::pair<std::string_view, SecretBytes>> key_block;
};

// One line of a key log (RFC 9850 section 2): "label id secret", id and secret in hex.
struct KeyLogLine {
  std::string_view label;  // static text: "CLIENT_RANDOM", "CLIENT_TRAFFIC_SECRET_0"
  Bytes id;                // the client's random
  SecretBytes secret;
};

// Secrets of this connection that opened something, for --keylog-out and --show-secrets; present only where
// the user asked for one of these.
struct SecretsRecovered {
  std::shared_ptr<const std::vector<KeyLogLine>> lines;
};

// The master secret of a handshake became known.
struct KeysEstablished {
  CodePoint version;
  CodePoint cipher_suite;
  std::string opened_with;        // label of the secret: "server.key"
  std::string_view key_exchange;  // static text: "RSA", "resumed session", TLS 1.3: "ECDHE", "PSK"
  std::string_view bulk_cipher;   // static text: "AES_128_GCM"
  std::string_view mac;           // static text: "SHA256", "AEAD", "NULL"
  std::string_view prf;           // static text: "SHA256", "MD5/SHA-1", "SSL 3.0"; TLS 1.3: "HKDF SHA256"
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
  std::shared_ptr<const RevealedSecrets> secrets;  // null unless asked for
};

// Why a connection (or the rest of one direction) stays closed. One list, documented in README; the order is
// the order of the list.
enum class ClosedCause : std::uint8_t {
  no_key_given,  // no secret was given at all
  key_of_other_certificate,
  ephemeral_key_exchange,  // (EC)DHE: a private key cannot open it
  tls13_needs_keylog,
  not_in_key_log,      // key logs were given, none names this connection
  key_log_incomplete,  // one does, but lacks the secret that these records need
  psk_not_given,       // a pre-shared key that is not among those given
  psk_or_other_key_exchange,
  handshake_not_captured,
  one_direction_missing,
  bytes_lost,
  cut_by_snap_length,  // packets were stored only in part
  resumed_session_unknown,
  ticket_key_not_given,  // ticket keys were given, and the ticket that was resumed is under none of them
  unknown_cipher_suite,
  unsupported_cipher,
  handshake_incomplete,  // ended (alert, close) before keys were agreed
  decryption_failed,     // with the secrets that fit, nothing verified
  damaged,               // some records verified, this one does not: the capture or the sender changed it
  malformed,
  unsupported_compression,
  limit_reached,
};
std::string_view closed_cause_name(ClosedCause cause);  // "ephemeral_key_exchange": for JSON

struct Closed {
  std::optional<Direction> direction;  // nullopt: the whole connection
  ClosedCause cause = ClosedCause::no_key_given;
  std::string explanation;  // one sentence: what is so
  std::string remedy;       // one sentence: what would open it; may be empty
};

// No further message of this handshake can come. Closes the handshake block.
struct HandshakeEnd {
  // Both Finished were seen; where they stay closed: both sides sent encrypted handshake records after their
  // ChangeCipherSpec, or (TLS 1.3) the client sent encrypted records.
  bool complete = false;
  std::string server_name{};  // SNI of the first ClientHello; may be empty; not yet safe for a terminal
};

// Bytes of the TCP stream that are not in the capture.
struct StreamGap {
  Direction direction = Direction::client;
  std::uint64_t offset = 0;  // in the stream, from the first byte of TLS (or first captured byte); of a hole
                             // before TLS: from the first byte
  std::uint64_t length = 0;
  // The packet that had them, the first of them, and whose end the snap length cut off; 0: packets were lost.
  std::uint64_t cut_packet = 0;
};

// Behind such a hole a record verified, and reading went on with it.
struct Resumed {
  Direction direction = Direction::client;
  std::uint64_t offset = 0;  // of the record, counted as StreamGap does
  // Records before it of which bytes are missing or that are missing as a whole; nullopt: not known.
  std::optional<std::uint64_t> records_lost;
  Hole hole;  // application data among them
};

// Something could not be read; reading went on where possible.
struct Problem {
  std::optional<Direction> direction;
  std::string_view layer;  // static text: "tcp", "tls record", "tls handshake", "http"
  std::string message;     // a sentence
};

// HTTP/2: a side begins no further streams, or gives the connection up (RFC 9113 section 6.8).
struct HttpGoaway {
  Direction direction = Direction::client;
  CodePoint error;                // IANA: HTTP/2 Error Code
  std::uint32_t last_stream = 0;  // of the other side, that it may have processed
  std::uint64_t debug_size = 0;   // bytes of its additional debug data
  Bytes debug;                    // the first of them; not yet safe for a terminal
};

// What went through TLS and no application parser took: one turn (all bytes of one direction until the other
// speaks).
struct OpaqueData {
  Direction direction = Direction::client;
  std::uint64_t size = 0;  // bytes of the turn
  Bytes shown;             // the first max_body of them
  bool text = false;
  PacketRef first;
  std::vector<HoleAt> holes{};  // ascending; positions in the bytes of the turn
  std::string_view protocol{};  // static text: "SMTP", "MQTT"; by its first turns; empty: unknown
};

// Application data as it left TLS, every byte; only where somebody asked for it (--save-streams). offset
// counts plaintext.
struct Plaintext {
  Direction direction = Direction::client;
  std::uint64_t offset = 0;
  Bytes data;
};

// Where a hole is, in the offsets of Plaintext: the next one begins at offset + hole.length (0 where
// that is not known). With Plaintext only.
struct PlaintextGap {
  Direction direction = Direction::client;
  std::uint64_t offset = 0;
  Hole hole;
};

// Bytes of a TCP stream, counted as StreamGap does.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // one past the last
};

// Of a connection inside another one: tcp_bytes and lost_bytes count the application data of the outer one,
// and what only TCP has (packets, retransmitted_bytes, conflicting_bytes) is 0.
struct DirectionCounts {
  std::uint64_t packets = 0;
  std::uint64_t tcp_bytes = 0;  // payload in stream order, without duplicates
  std::uint64_t retransmitted_bytes = 0;
  std::uint64_t conflicting_bytes = 0;  // overlapping segments whose bytes differ: the first copy was used
  std::uint64_t lost_bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t records_closed = 0;
  std::uint64_t application_bytes = 0;  // opened
  std::uint64_t closed_bytes = 0;       // of the stream: records that stay closed, headers included
  // Where they are, ascending; neighbours are one range. After the first kMaxClosedRanges the last one
  // reaches to the last closed byte and may hold opened records.
  std::vector<ByteRange> closed_ranges{};
  std::uint64_t clear_bytes = 0;     // of tcp_bytes, before TLS began
  std::uint64_t records_opened = 0;  // of records: protected, and verified
  // With sequence numbers that cannot be, or behind the end of the stream.
  std::uint64_t unused_packets = 0;
};
inline constexpr std::size_t kMaxClosedRanges = 16;

enum class ConnectionOutcome : std::uint8_t {
  opened,  // every record that was captured
  partly_opened,
  closed,
  no_data,  // ended before there was anything to open
};
std::string_view outcome_name(ConnectionOutcome outcome);  // "opened", "partly_opened", "closed", "no_data"

enum class TcpEnd : std::uint8_t { fin, reset, idle, port_reused, capture_end };
std::string_view tcp_end_name(TcpEnd end);

// Last event of every connection.
struct ConnectionEnd {
  ConnectionOutcome outcome = ConnectionOutcome::closed;
  TcpEnd tcp_end = TcpEnd::capture_end;
  CodePoint version;                      // value 0: never known
  CodePoint cipher_suite;                 // meaningful where version is
  std::string server_name;                // SNI; may be empty; not yet safe for a terminal
  std::string opened_with;                // for display: "server.key"; empty: nothing
  std::vector<std::string> secrets_used;  // labels of the secrets that it took, each once
  std::optional<ClosedCause> cause;       // where something stayed closed
  bool finished_verified_client = false;
  bool finished_verified_server = false;
  std::array<DirectionCounts, 2> counts;  // by Direction
  PacketRef first, last;
};

// ---- the run
// ------------------------------------------------------------------------------------------------------------------------

// Local damage of a capture file: truncated in a packet, unknown link type...; reading went on or ended, as
// it says.
struct CaptureProblem {
  std::string message;  // a sentence that names the file
};

// A secret that the user gave or the capture holds, and what it was good for.
struct SecretUse {
  std::string_view kind;    // static text: "private key", "key log", "secrets in the capture", "pre-shared
                            // key", "ticket key"
  std::string label;        // "server.key"
  std::string description;  // "RSA 2048", "1,204 secrets of 301 connections"
  std::uint64_t connections = 0;  // that it opened, whole or in part
};

// Last event of a run.
struct RunSummary {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;        // on the wire
  std::uint64_t packets_cut = 0;  // snap length smaller than the packet
  std::uint64_t packets_not_ip = 0;
  // Of these the ones with an EtherType that is neither read nor usual beside IP: tags that stand before IP
  // and are not known, and encrypted frames.
  struct EtherType {
    std::uint16_t number = 0;
    std::uint64_t packets = 0;
  };
  struct OtherProtocols {
    std::uint64_t packets = 0;
    std::vector<EtherType> most;  // three at most, those with most packets, most first
    bool more = false;            // there are others
  };
  OtherProtocols other_protocols{};
  std::uint64_t packets_not_tcp = 0;
  std::uint64_t packets_malformed = 0;
  std::uint64_t fragments_incomplete = 0;
  std::uint64_t quic_packets = 0;      // UDP port 443 with a QUIC long header
  std::uint64_t packets_left_out = 0;  // by the filter; of these nothing else is counted but number and bytes
  std::uint64_t tcp_connections = 0;
  std::uint64_t connections_without_tls = 0;
  std::vector<SecretUse> secrets;  // in the order given
  // Where only some exchanges were asked for: of all that there were.
  struct Chosen {
    std::uint64_t exchanges = 0;
    std::uint64_t of_exchanges = 0;
  };
  std::optional<Chosen> chosen{};
  // Where only connections with certain numbers were asked for: how many have such a one, of all.
  struct ChosenConnections {
    std::uint64_t connections = 0;
    std::uint64_t of_connections = 0;
  };
  std::optional<ChosenConnections> chosen_connections{};
};

using Event = std::variant<ConnectionStart, TlsMessage, KeysEstablished, SecretsRecovered, Closed,
                           HandshakeEnd, StreamGap, Resumed, Problem, HttpMessage, WebSocketMessage,
                           HttpGoaway, HttpFrame, OpaqueData, Plaintext, PlaintextGap, BodyPiece, LeftOut,
                           ClearText, ConnectionEnd, CaptureProblem, RunSummary>;

// Takes the events of one connection, in order, with the packet that completed each. Used by the layers that
// produce events.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // Takes what is in the event, which goes through several layers: it is moved once, where it stays.
  virtual void emit(PacketRef at, Event&& event) = 0;
};

// An event with its place in the run: what output consumes. connection is 0 for events of the run itself;
// otherwise "#N", counted from 1 in the order of their ConnectionStart.
struct Placed {
  std::uint64_t connection = 0;
  PacketRef at;
  Event event;
};

}  // namespace tlspeel::event
