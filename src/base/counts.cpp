#include "tlspeel/base/counts.hpp"

#include <fmt/format.h>

namespace tlspeel {

std::string grouped(std::uint64_t n) {
  const std::string digits = fmt::format_int(n).str();
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(n), noun, n == 1 ? "" : "s");
}

}  // namespace tlspeel
