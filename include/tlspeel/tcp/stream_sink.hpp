// What one TCP connection turns into, as calls on a sink: for each direction chunks and gaps whose offsets
// are contiguous from 0 (each starts where the last one ended), at most one on_stream_end, and at the very
// end one on_end, after which the sink is destroyed. Offset 0 is the byte after the SYN, or the lowest
// captured byte where there was none. Offsets are 64 bits and never wrap. `at` is the packet that carried the
// bytes; for a hole and what waited behind it that is an earlier packet than the one being pushed. Sinks are
// called from inside ConnectionTable::push and finish, in one thread; they must not call the table.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/base/packet_ref.hpp"

namespace tlspeel::tcp {

struct ConnectionInfo {
  Endpoint client;  // who sent the SYN; without it: not the sender of the SYN-ACK; else not the owner of the
                    // lower port
  Endpoint server;
  bool start_captured = false;                  // a SYN or SYN-ACK was seen
  std::uint8_t place = 0;                       // of its first segment in `first`, which may hold several
  PacketRef first;                              // first packet of the connection
  std::shared_ptr<const std::string> tunnel{};  // for display: what its first packet lay in; null: nothing
  PacketRef first_data{};  // the first packet with payload, of either side; number 0: none so far

  // Unique among connections, and in the order in which they begin.
  std::uint64_t id() const { return first.number << 8U | place; }
};

struct StreamChunk {
  Direction direction = Direction::client;
  std::uint64_t offset = 0;
  ByteView bytes;  // never empty; valid during the call
  PacketRef at;
};

// Bytes that were sent and are not in the capture: either all of them were lost, or all were cut off by the
// snap length.
struct StreamGap {
  Direction direction = Direction::client;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // never 0
  PacketRef at;  // the packet that made it visible: cut_in, the first one behind it, or an acknowledgement
  PacketRef cut_in{};  // the packet whose end the snap length cut off, the first of them; number 0: lost
};

enum class EndReason : std::uint8_t {
  fin,          // both sides finished and everything was delivered
  reset,        // at: the packet with the RST
  idle,         // silent for too long, or pushed out of a full table
  port_reused,  // at: the SYN of the next connection
  capture_end,
};

struct DirectionStats {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;                // in stream order, without duplicates and gaps
  std::uint64_t retransmitted_bytes = 0;  // captured more than once
  // Of those: different from the first copy. Compared while the first copy waits behind a hole; bytes already
  // handed on are not kept.
  std::uint64_t conflicting_bytes = 0;
  std::uint64_t lost_bytes = 0;    // sum of the gaps
  std::uint64_t out_of_order = 0;  // packets whose bytes had to wait
  std::uint64_t implausible =
      0;  // packets that belong neither to the data in flight nor to older data; not used

  friend bool operator==(const DirectionStats&, const DirectionStats&) = default;
};

class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void on_data(const StreamChunk& chunk) = 0;
  virtual void on_gap(const StreamGap& gap) = 0;
  // The FIN of this direction, after all its bytes.
  virtual void on_stream_end(Direction direction, PacketRef at) = 0;
  virtual void on_end(EndReason reason, PacketRef at, const std::array<DirectionStats, 2>& stats) = 0;
  // Once false: on_data is no longer called and no bytes are kept; gaps, ends and counts go on. It is not
  // asked again.
  virtual bool wants_data() const = 0;
};

// Called at the first byte or gap of a connection: one without any has no sink (it is counted, see
// ConnectionTable::Counters). The info lives as long as the sink; of it only first_data may still change.
using SinkFactory = std::function<std::unique_ptr<StreamSink>(const ConnectionInfo&)>;

}  // namespace tlspeel::tcp
