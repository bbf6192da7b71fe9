// Bytes as lower-case hex and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel {

std::string to_hex(ByteView bytes);
// Upper or lower case, an even number of digits, nothing else; otherwise nullopt.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace tlspeel
