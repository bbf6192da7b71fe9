// What a run did and what it cost, for somebody who wants to know how well it went (--stats). Plain values.
// The first half is a function of the captures and the options: the same for any number of threads. The
// second half is of this machine and this moment; nothing else may depend on it. Times are nanoseconds.
#pragma once

#include <cstdint>

namespace tlspeel::event {

struct RunFigures {
  std::uint64_t bytes_read = 0;  // of the captures as they are stored, compressed ones too
  std::uint64_t packets = 0;
  std::uint64_t tcp_connections = 0;
  std::uint64_t tls_connections = 0;
  std::uint64_t records = 0;  // in clear ones too
  std::uint64_t records_opened = 0;
  std::uint64_t records_closed = 0;
  std::uint64_t private_key_operations = 0;
  std::uint64_t application_bytes = 0;  // opened

  std::int64_t elapsed = 0;
  std::int64_t processor = 0;    // of all threads
  std::int64_t reading = 0;      // of it: captures, and the headers up to TCP
  std::int64_t connections = 0;  // TCP, TLS and what is above, of all workers
  std::int64_t private_key = 0;  // of `connections`
  std::int64_t writing = 0;
  std::uint64_t peak_memory = 0;  // bytes of the process; 0: unknown
};

}  // namespace tlspeel::event
