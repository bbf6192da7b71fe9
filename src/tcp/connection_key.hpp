// Both endpoints of a connection, in an order that does not depend on the direction, the tunnel they are in,
// and their hash for the table's map. Nothing ever walks the map in hash order where it could be seen.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/net/segment.hpp"

namespace tlspeel::tcp {

struct ConnectionKey {
  explicit ConnectionKey(const net::Flow& flow) : ConnectionKey(flow, flow.source < flow.destination) {}

  Endpoint low;
  Endpoint high;
  std::uint64_t tunnel;  // net::Flow::tunnel

  ConnectionKey without_tunnel() const {
    ConnectionKey key = *this;
    key.tunnel = 0;
    return key;
  }

  // As == with the key of this flow, without making it.
  bool is_of(const net::Flow& flow) const {
    return tunnel == flow.tunnel && ((low == flow.source && high == flow.destination) ||
                                     (high == flow.source && low == flow.destination));
  }

  friend bool operator==(const ConnectionKey&, const ConnectionKey&) = default;

 private:
  ConnectionKey(const net::Flow& flow, bool ascending)
      : low(ascending ? flow.source : flow.destination),
        high(ascending ? flow.destination : flow.source),
        tunnel(flow.tunnel) {}
};

struct ConnectionKeyHash {
  std::size_t operator()(const ConnectionKey& key) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15;
    mix(hash, key.low);
    mix(hash, key.high);
    hash ^= key.tunnel;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }

 private:
  static void mix(std::uint64_t& hash, const Endpoint& endpoint) {
    const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(endpoint.address.octets);
    for (const std::uint64_t word : {halves[0], halves[1], std::uint64_t{endpoint.port}}) {
      hash = std::rotl(hash ^ word, 29) * 0xff51afd7ed558ccd;
    }
  }
};

}  // namespace tlspeel::tcp
