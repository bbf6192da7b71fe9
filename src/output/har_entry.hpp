// One exchange as an entry of an HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/). Function
// of its argument.
#pragma once

#include <nlohmann/json.hpp>

#include "output/exchange_book.hpp"

namespace tlspeel::output {

// Strings may hold what is not UTF-8: to be dumped with a handler that replaces it.
nlohmann::ordered_json har_entry(const HttpExchange& exchange);

}  // namespace tlspeel::output
