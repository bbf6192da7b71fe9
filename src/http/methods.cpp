#include "methods.hpp"

#include <algorithm>
#include <array>

namespace tlspeel::http {
namespace {

// Sorted.
constexpr std::array<std::string_view, 40> kMethods = {"ACL",
                                                       "BASELINE-CONTROL",
                                                       "BIND",
                                                       "CHECKIN",
                                                       "CHECKOUT",
                                                       "CONNECT",
                                                       "COPY",
                                                       "DELETE",
                                                       "GET",
                                                       "HEAD",
                                                       "LABEL",
                                                       "LINK",
                                                       "LOCK",
                                                       "MERGE",
                                                       "MKACTIVITY",
                                                       "MKCALENDAR",
                                                       "MKCOL",
                                                       "MKREDIRECTREF",
                                                       "MKWORKSPACE",
                                                       "MOVE",
                                                       "OPTIONS",
                                                       "ORDERPATCH",
                                                       "PATCH",
                                                       "POST",
                                                       "PRI",
                                                       "PROPFIND",
                                                       "PROPPATCH",
                                                       "PUT",
                                                       "QUERY",
                                                       "REBIND",
                                                       "REPORT",
                                                       "SEARCH",
                                                       "TRACE",
                                                       "UNBIND",
                                                       "UNCHECKOUT",
                                                       "UNLINK",
                                                       "UNLOCK",
                                                       "UPDATE",
                                                       "UPDATEREDIRECTREF",
                                                       "VERSION-CONTROL"};
static_assert(std::ranges::is_sorted(kMethods));

static_assert(std::ranges::max(kMethods, {}, &std::string_view::size).size() == kLongestMethod);

}  // namespace

bool is_registered_method(std::string_view text) {
  return std::ranges::binary_search(kMethods, text);
}

bool begins_registered_method(std::string_view prefix) {
  const auto* const first = std::ranges::lower_bound(kMethods, prefix);
  return first != kMethods.end() && first->starts_with(prefix);
}

}  // namespace tlspeel::http
