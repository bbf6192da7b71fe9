// The methods that IANA's HTTP Method Registry knows (RFC 9110 section 16.1).
#pragma once

#include <cstddef>
#include <string_view>

namespace tlspeel::http {

inline constexpr std::size_t kLongestMethod = 17;

bool is_registered_method(std::string_view text);
// One of them begins with this, or is this.
bool begins_registered_method(std::string_view prefix);

}  // namespace tlspeel::http
