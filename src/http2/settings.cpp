#include "settings.hpp"

#include "tlspeel/base/reader.hpp"

namespace tlspeel::http2 {

Settings parse_settings(ByteView payload) {
  constexpr std::uint16_t kHeaderTableSize = 0x1;
  constexpr std::uint16_t kMaxFrameSize = 0x5;
  Settings settings;
  Reader in(payload);
  while (!in.empty()) {
    const std::uint16_t setting = in.u16();
    const std::uint32_t value = in.u32();
    if (setting == kHeaderTableSize) settings.header_table_size = value;
    if (setting == kMaxFrameSize) settings.max_frame_size = value;
  }
  return settings;
}

}  // namespace tlspeel::http2
