// Secret bytes of a known greatest size, in place: no allocation, and zeroed when they go. Copies are secret
// arrays again. Not thread safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel {

template <std::size_t kSize>
struct SecretArray {
  SecretArray() = default;
  ~SecretArray() { cleanse(bytes); }
  SecretArray(const SecretArray&) = default;
  SecretArray& operator=(const SecretArray&) = default;

  std::array<std::uint8_t, kSize> bytes{};
};

}  // namespace tlspeel
