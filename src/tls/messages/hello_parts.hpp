// What ClientHello and ServerHello share.
#pragma once

#include <cstddef>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::tls {

inline constexpr std::size_t kRandomSize = 32;

// opaque SessionID<0..32>
inline Bytes read_session_id(Reader& r) {
  constexpr std::size_t kMaxSessionIdSize = 32;
  const ByteView id = r.vector8();
  if (id.size() > kMaxSessionIdSize) r.fail("session id of more than 32 bytes");
  return to_bytes(id);
}

}  // namespace tlspeel::tls
