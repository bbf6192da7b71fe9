// The table of output formats: names and help of --format come from here. To add one: a *_writer.cpp and a
// row in formats.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

struct FormatRow {
  std::string_view name;  // what the user types
  std::string_view help;  // half a sentence
  std::unique_ptr<Writer> (*make)(const TextOptions&, ByteSink&);
};

inline constexpr std::string_view kJsonFormat = "json";
inline constexpr std::string_view kListFormat = "list";
inline constexpr std::string_view kHarFormat = "har";

std::span<const FormatRow> formats();                 // the first row is the default
const FormatRow* find_format(std::string_view name);  // null: no such format

}  // namespace tlspeel::output
