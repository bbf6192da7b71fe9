#include "tlspeel/base/secret_bytes.hpp"

#include <cstring>

namespace tlspeel {

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe();
    data_ = std::exchange(other.data_, {});
  }
  return *this;
}

void SecretBytes::truncate(std::size_t size) {
  if (size >= data_.size()) return;
  cleanse(std::span(data_).subspan(size));
  data_.resize(size);
}

void SecretBytes::wipe() {
  cleanse(data_);
  data_.clear();
}

void cleanse(std::span<std::uint8_t> bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

}  // namespace tlspeel
