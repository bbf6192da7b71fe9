// Who sent it. On TCP level the client is who sent the first SYN (or the best guess where none was captured);
// on TLS level who sent the ClientHello. Where the two differ, connection_chain turns one into the other.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tlspeel {

enum class Direction : std::uint8_t { client = 0, server = 1 };

constexpr Direction other(Direction d) {
  return d == Direction::client ? Direction::server : Direction::client;
}
constexpr std::size_t index(Direction d) {
  return static_cast<std::size_t>(d);
}

}  // namespace tlspeel
