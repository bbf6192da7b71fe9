// Buffers for records whose end has not arrived yet: a connection takes one when it has to wait and gives it
// back with the record, so that neither a connection that is idle holds one nor a record costs an allocation.
// They held ciphertext. For the connections of one worker; not thread safe.
#pragma once

#include <utility>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {

class SpareBuffers {
 public:
  SpareBuffers() { spare_.reserve(kMost); }

  // Empty, and mostly with room for a record.
  Bytes take() {
    if (spare_.empty()) return {};
    Bytes buffer = std::move(spare_.back());
    spare_.pop_back();
    return buffer;
  }
  void give(Bytes buffer) {
    if (spare_.size() == kMost || buffer.capacity() > kLargest) return;
    buffer.clear();
    spare_.push_back(std::move(buffer));
  }

 private:
  // Connections wait in the middle of a record by the thousand, but few change between two packets; 300 kB.
  static constexpr std::size_t kMost = 16;
  // A header is looked at before room is made for the rest: no buffer is larger.
  static constexpr std::size_t kLargest = kRecordHeaderSize + kMaxCiphertext;

  std::vector<Bytes> spare_;
};

}  // namespace tlspeel::tls
