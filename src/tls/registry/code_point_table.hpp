// The shape of every registry table: sorted constexpr rows of value and name, one binary search over them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls::registry {

struct CodePointRow {
  std::uint32_t value = 0;
  std::string_view name;
};

inline constexpr std::string_view kGrease = "GREASE";

template <std::size_t N>
constexpr bool sorted_and_unique(const std::array<CodePointRow, N>& table) {
  return std::adjacent_find(table.begin(), table.end(), [](const CodePointRow& a, const CodePointRow& b) {
           return a.value >= b.value;
         }) == table.end();
}

template <std::size_t N>
event::CodePoint lookup(const std::array<CodePointRow, N>& table, std::uint32_t value) {
  const auto* found =
      std::lower_bound(table.begin(), table.end(), value,
                       [](const CodePointRow& row, std::uint32_t wanted) { return row.value < wanted; });
  if (found != table.end() && found->value == value) return {value, found->name};
  return {value, {}};
}

}  // namespace tlspeel::tls::registry
