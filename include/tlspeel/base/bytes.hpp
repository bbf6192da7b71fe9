// Byte ranges. ByteView borrows: whoever hands one out says how long it lives. Bytes owns.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tlspeel {

using ByteView = std::span<const std::uint8_t>;
using Bytes = std::vector<std::uint8_t>;

inline Bytes to_bytes(ByteView view) {
  Bytes out(view.begin(), view.end());
  return out;
}

inline void append(Bytes& out, ByteView view) {
  out.insert(out.end(), view.begin(), view.end());
}

// The two directions between text and bytes; both borrow.
inline std::string_view as_text(ByteView view) {
  return {reinterpret_cast<const char*>(view.data()), view.size()};
}
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace tlspeel
