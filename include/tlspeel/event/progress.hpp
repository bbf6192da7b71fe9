// How far a run has come, for a progress display. Plain values.
#pragma once

#include <cstdint>
#include <optional>

namespace tlspeel::event {

struct Progress {
  std::uint64_t bytes_read = 0;              // of the captures as they are stored
  std::optional<std::uint64_t> bytes_total;  // nullopt: a pipe is among them
  std::uint64_t tls_connections = 0;
};

}  // namespace tlspeel::event
