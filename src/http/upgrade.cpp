#include "tlspeel/http/upgrade.hpp"

#include <algorithm>

#include "tlspeel/base/ascii.hpp"

namespace tlspeel::http {

bool switches_to(const event::HttpMessage& response, std::string_view protocol) {
  constexpr unsigned kSwitchingProtocols = 101;
  if (response.request || response.status != kSwitchingProtocols) return false;
  return std::ranges::any_of(response.fields, [protocol](const event::HttpField& field) {
    bool found = false;
    if (!equals_ignoring_case(field.name, "Upgrade")) return found;
    for_each_element(field.value,
                     [&](std::string_view each) { found = found || equals_ignoring_case(each, protocol); });
    return found;
  });
}

}  // namespace tlspeel::http
