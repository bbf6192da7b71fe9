#include "net/tunnel_identity.hpp"

#include <algorithm>

#include "net/hash.hpp"

namespace tlspeel::net {

std::uint64_t tunnel_identity(std::uint64_t further_out, const IpPacket& outer, const Tunnel& tunnel) {
  const std::uint64_t ends = hash_address(outer.source) + hash_address(outer.destination);
  // One more than the number, so that a tunnel without one differs from number 0.
  const std::uint64_t number = tunnel.number ? std::uint64_t{*tunnel.number} + 1 : 0;
  return std::max<std::uint64_t>(mix_bits(mix_bits(further_out + ends) + number), 1);
}

std::string describe_tunnel(const IpPacket& outer, const Tunnel& tunnel) {
  const auto [low, high] = std::minmax(outer.source, outer.destination);
  std::string text = tunnel.name;
  if (tunnel.number) text += " " + std::to_string(*tunnel.number);
  return text + " between " + low.to_string() + " and " + high.to_string();
}

}  // namespace tlspeel::net
