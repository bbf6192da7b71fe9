// Numbers as they stand in sentences, with a comma between every three digits. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tlspeel {

std::string grouped(std::uint64_t n);                         // "1,234,567"
std::string counted(std::uint64_t n, std::string_view noun);  // "1 record", "2,000 records"

}  // namespace tlspeel
