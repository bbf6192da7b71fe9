// A hash for tables whose ids come from peers or from captures: SipHash-2-4 (Aumasson, Bernstein 2012) under
// a key of the process, so that nobody can choose ids that all fall on one place. Nothing that is shown
// depends on it. Thread safe.
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::secrets {

// Ids of different `kind` are hashed apart.
std::uint64_t keyed_hash(ByteView id, std::uint64_t kind);

std::uint64_t siphash(std::uint64_t key0, std::uint64_t key1, ByteView message);

}  // namespace tlspeel::secrets
