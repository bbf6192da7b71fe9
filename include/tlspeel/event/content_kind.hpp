// What bytes are by their first ones, whatever their type says. A plain value.
#pragma once

#include <cstdint>
#include <string_view>

namespace tlspeel::event {

struct ContentKind {
  std::string_view media_type{};  // static text: "image/png"; empty: nothing that is known for certain
  std::uint32_t width = 0;        // pixels, of an image; 0: not known
  std::uint32_t height = 0;
};

}  // namespace tlspeel::event
