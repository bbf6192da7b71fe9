// Lists of numbers from a sub-reader that holds exactly the list. A number that is cut fails the reader that
// the list came from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls {

using Namer = event::CodePoint (*)(std::uint32_t);

event::CodePoints read_u8_list(Reader& from, Reader list, Namer name);
event::CodePoints read_u16_list(Reader& from, Reader list, Namer name);
event::CodePoints read_u24_list(Reader& from, Reader list, Namer name);
// opaque values<1..2^8-1> in a row, as raw text.
std::vector<std::string> read_text8_list(Reader& from, Reader list);

}  // namespace tlspeel::tls
