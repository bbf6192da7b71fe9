#include "control_frames.hpp"

#include <array>
#include <string_view>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::http2 {
namespace {

// IANA: HTTP/2 Settings, from 0.
constexpr std::array<std::string_view, 10> kSettings = {"",
                                                        "HEADER_TABLE_SIZE",
                                                        "ENABLE_PUSH",
                                                        "MAX_CONCURRENT_STREAMS",
                                                        "INITIAL_WINDOW_SIZE",
                                                        "MAX_FRAME_SIZE",
                                                        "MAX_HEADER_LIST_SIZE",
                                                        "",
                                                        "ENABLE_CONNECT_PROTOCOL",
                                                        "NO_RFC7540_PRIORITIES"};

event::CodePoint setting_name(std::uint16_t value) {
  return {value, value < kSettings.size() ? kSettings.at(value) : std::string_view()};
}

}  // namespace

event::HttpFrame control_event(Direction from, const FrameHeader& header, ByteView payload) {
  event::HttpFrame event;
  event.direction = from;
  event.type = {static_cast<std::uint32_t>(header.type), frame_name(header.type)};
  event.stream = header.stream;
  event.acknowledges = header.type != FrameType::window_update && header.has(kFlagAck);
  Reader in(payload);
  if (header.type == FrameType::window_update) {
    event.increment = in.u32() & 0x7fffffffU;
  } else if (header.type == FrameType::ping) {
    event.data = to_bytes(payload);
  } else {
    while (!in.empty() && in.ok()) {
      const std::uint16_t name = in.u16();
      const std::uint32_t value = in.u32();
      if (event.settings.size() < event::kMaxHttpSettings) {
        event.settings.push_back({setting_name(name), value});
      } else {
        ++event.further_settings;
      }
    }
  }
  return event;
}

}  // namespace tlspeel::http2
