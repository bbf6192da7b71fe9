// --decrypted-pcap: what was inside TLS as TCP connections of its own, in a pcapng (Ethernet, nanoseconds).
// Takes every event of a run; Plaintext and PlaintextGap become segments, so RunConfig::plaintext has to be
// set. Connections of which nothing was opened are not in it.
//
// Addresses and ports are those of the connection; the server's port may be mapped. The time of a segment is
// that of the packet that completed its record, or of the one before it where that is later. Everything else
// is made up: SYN, SYN-ACK and ACK (at the time of the connection's first packet, also where that was not
// captured), acknowledgements, and how the connection ends (FIN from the client first, or RST from the
// client; nothing where it did not end). Sequence numbers go on over a hole of known length, at most
// kMostSkipped bytes of it, and by one byte over others: readers see that something is missing, and a comment
// says what. A connection inside another one has the same ends: the outer one ends in the file where the
// first byte of the inner one was opened, so that nothing is in it twice, and the inner one begins there.
// Where another connection has the same ends at the same time (in a tunnel, or by mapping), readers could not
// tell them apart: the client's port is the next one that is free then, which the comment of the SYN says.
//
// Packets stand in the order of time as far as a window of kHeld bytes reaches; where the input pauses, what
// is held goes out. No I/O here: the sink, which
// outlives this, remembers failures. Single threaded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

class TimeWindow;

using PortMap = std::map<std::uint16_t, std::uint16_t>;  // of a server, to what stands in the file

class DecryptedPcap final : public Writer {
 public:
  // A connection is found some round trips after its SYN: what others sent meanwhile waits.
  static constexpr std::size_t kHeld = std::size_t{8} << 20U;
  // Half of the largest window of TCP: readers that look at windows believe it.
  static constexpr std::uint64_t kMostSkipped = std::uint64_t{1} << 29U;
  // Unanswered bytes after which the other side acknowledges; readers hand on what is acknowledged.
  static constexpr std::uint64_t kMostUnanswered = 32768;

  DecryptedPcap(ByteSink& sink, PortMap server_ports);
  ~DecryptedPcap() override;
  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override { flush(); }

 private:
  struct Side {
    Endpoint endpoint;
    std::uint32_t next = 0;  // sequence number
    std::uint64_t unanswered = 0;
    std::string comment;  // for its next segment
  };
  struct Connection {
    std::array<Side, 2> sides;  // by Direction
    std::uint64_t number = 0;
    std::uint64_t inside = 0;
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::string about;  // the comment of its SYN
    bool begun = false;
    bool over = false;
  };

  // A segment, as its side's numbers stand or as they are given.
  struct Segment {
    Direction from = Direction::client;
    std::uint8_t flags = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
  };

  void start(std::uint64_t number, const event::ConnectionStart& start);
  void data(Connection& connection, std::int64_t time_ns, const event::Plaintext& plaintext);
  void gap(Connection& connection, std::int64_t time_ns, const event::PlaintextGap& gap);
  void end(Connection& connection, std::int64_t time_ns, event::TcpEnd how);
  void begin(Connection& connection, std::int64_t time_ns);
  void take_ends(Connection& connection);
  void answer_if_due(Connection& connection, Direction from);
  void send(Connection& connection, Direction from, std::uint8_t flags, ByteView payload = {});
  void put(const Connection& connection, const Segment& segment, ByteView payload, std::string_view comment);
  Connection* find(std::uint64_t number);

  ByteSink& sink_;
  PortMap server_ports_;
  std::unique_ptr<TimeWindow> window_;
  std::unordered_map<std::uint64_t, Connection> connections_;  // that have not ended
  std::set<std::pair<Endpoint, Endpoint>> ends_in_use_;        // client, server
};

}  // namespace tlspeel::output
