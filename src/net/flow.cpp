#include "tlspeel/net/segment.hpp"

#include "net/hash.hpp"

namespace tlspeel::net {

// A sum does not know the order of its terms, and unlike exclusive or it does not cancel where both ends are
// the same.
std::uint32_t symmetric_hash(const Flow& flow) {
  const std::uint64_t ends = hash_address(flow.source.address, flow.source.port) +
                             hash_address(flow.destination.address, flow.destination.port);
  return static_cast<std::uint32_t>(mix_bits(ends) >> 32U);
}

}  // namespace tlspeel::net
