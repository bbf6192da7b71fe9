// How long and how much the reassembler waits. Times are capture time in nanoseconds, sizes are bytes; each
// bound is per connection or per table, so that the outcome never depends on threads. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tlspeel::tcp {

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::size_t kKiB = 1024;

struct Limits {
  // Without a packet for this long a connection is over. RFC 9293 section 3.8.4: keep-alives come no more
  // often than every two hours; the rest leaves room for the probes themselves.
  std::int64_t idle = 8100 * kSecond;
  // The same before its first byte of payload: SYN scans must not fill the table.
  std::int64_t idle_without_data = 300 * kSecond;
  // How long an ended connection is remembered, so that late retransmissions are not taken for a new one.
  std::int64_t linger = 60 * kSecond;
  // A RST is believed when its sender sends nothing new for this long (or for patience_packets packets);
  // until then data in flight counts.
  std::int64_t reset_patience = kSecond;

  // Bytes that the receiver acknowledged and that are still not here after one of these are not in the
  // capture. Packets (of the connection, both directions): capturing hosts with several queues put them up to
  // 64 places out of order, and a mirror port delivers each of them twice.
  std::int64_t hole_patience = kSecond;
  std::uint32_t patience_packets = 128;
  // The same where nothing of the receiver was captured since the hole appeared; the bound on bytes only
  // where nothing ever was.
  std::int64_t one_sided_hole_patience = 3 * kSecond;
  std::size_t one_sided_max_buffered = 256 * kKiB;

  // A stream whose SYN is not in the capture starts at its lowest captured byte; that long (or until the
  // peer's acknowledgement says that nothing is missing before it) an earlier segment may still come.
  std::int64_t start_patience = kSecond;
  std::uint32_t start_patience_packets = 8;

  // Bytes (and their bookkeeping) that wait behind a hole: in one direction, and in all connections of the
  // table.
  std::size_t max_buffered = 4096 * kKiB;
  std::size_t max_buffered_in_table = 16384 * kKiB;
  // Remembered connections of one table; beyond it the one that was silent longest is ended (ended ones
  // first).
  std::size_t max_connections = 8192;
};

}  // namespace tlspeel::tcp
