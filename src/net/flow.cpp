#include "tlspeel/base/reader.hpp"
#include "tlspeel/net/segment.hpp"

namespace tlspeel::net {
namespace {

// The finalizer of SplitMix64: every input bit reaches every output bit.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30U) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27U) * 0x94d049bb133111ebU;
  return x ^ x >> 31U;
}

std::uint64_t hash(const Endpoint& endpoint) {
  Reader octets(endpoint.address.octets);  // big-endian on every machine
  const std::uint64_t high = octets.u64();
  const std::uint64_t low = octets.u64();
  return mix(mix(high + 0x9e3779b97f4a7c15U) + mix(low ^ endpoint.port));
}

}  // namespace

// A sum does not know the order of its terms, and unlike exclusive or it does not cancel where both ends are
// the same.
std::uint32_t symmetric_hash(const Flow& flow) {
  return static_cast<std::uint32_t>(mix(hash(flow.source) + hash(flow.destination)) >> 32U);
}

}  // namespace tlspeel::net
