// All TCP connections of one shard: takes decoded segments in capture order, finds each one's connection and
// reassembles it (RFC 9293 sequence arithmetic). What comes out depends on the pushed packets alone: waiting
// is measured in capture time and packets, never in wall clock, and connections that end together end in a
// fixed order. Memory is bounded by Limits. In-order payload is handed on without a copy and without an
// allocation. No errors: any segment is acceptable input. Not thread safe; one table per shard. Destroying a
// table without finish() ends nothing and calls no sink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/net/segment.hpp"
#include "tlspeel/tcp/limits.hpp"
#include "tlspeel/tcp/stream_sink.hpp"

namespace tlspeel::tcp {

class ConnectionTable {
 public:
  struct Counters {
    std::uint64_t connections = 0;               // with and without data
    std::uint64_t connections_without_data = 0;  // ended without a sink
    std::uint64_t stray_segments =
        0;  // of no connection and not able to start one, or late ones of an ended connection
  };

  ConnectionTable(const Limits& limits, SinkFactory factory);
  ~ConnectionTable();
  ConnectionTable(ConnectionTable&&) noexcept;
  ConnectionTable& operator=(ConnectionTable&&) noexcept;

  // The payload is used during the call only. Packet numbers must grow from call to call; times may step
  // backwards.
  void push(const net::Segment& segment, PacketRef at);
  // The capture is over: ends connections in the order of their first packets, those whose first packet comes
  // before the number `before`. Once one call has ended all, the table is empty and can be used again;
  // between the calls until then nothing is pushed.
  void finish(PacketRef last, std::uint64_t before = std::numeric_limits<std::uint64_t>::max());

  const Counters& counters() const;
  std::size_t size() const;      // remembered connections, ended ones included
  std::size_t buffered() const;  // what Limits::max_buffered_in_table counts

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tlspeel::tcp
