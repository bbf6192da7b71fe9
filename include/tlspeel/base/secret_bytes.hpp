// Key material. Zeroes its memory before it is freed or overwritten; has no formatter, so it cannot be logged
// by accident. Movable; copying is explicit (clone). Not thread safe for writing; constant objects may be
// read from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel {

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : data_(size) {}
  explicit SecretBytes(ByteView bytes) : data_(bytes.begin(), bytes.end()) {}
  ~SecretBytes() { wipe(); }

  SecretBytes(SecretBytes&& other) noexcept : data_(std::exchange(other.data_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes clone() const { return SecretBytes(view()); }

  ByteView view() const { return data_; }
  std::span<std::uint8_t> mutable_view() { return data_; }
  std::size_t size() const { return data_.size(); }
  bool empty() const { return data_.empty(); }
  // Only ever shrinks: growing would leave a copy behind.
  void truncate(std::size_t size);
  void wipe();

 private:
  std::vector<std::uint8_t> data_;
};

// Zeroes memory in a way that the compiler may not leave out.
void cleanse(std::span<std::uint8_t> bytes);

}  // namespace tlspeel
