// What a SETTINGS frame changes in how the other side's frames are read: RFC 9113 section 6.5.
#pragma once

#include <cstdint>
#include <optional>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::http2 {

struct Settings {
  std::optional<std::uint32_t> header_table_size;
  std::optional<std::uint32_t> max_frame_size;
};

// payload: a whole number of settings; the last one of each kind counts.
Settings parse_settings(ByteView payload);

}  // namespace tlspeel::http2
