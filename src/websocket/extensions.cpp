#include "extensions.hpp"

#include <algorithm>

#include "tlspeel/base/ascii.hpp"

namespace tlspeel::websocket {
namespace {

// "permessage-deflate; server_no_context_takeover; client_max_window_bits=12". How large windows are makes no
// difference to whoever has the largest.
void add(std::string_view element, Extensions& out) {
  std::string_view rest = element;
  const auto next = [&rest] {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view part = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
  };
  const std::string name = to_lower(next());
  if (name != "permessage-deflate") {
    if (out.unknown.empty()) out.unknown = name;
    return;
  }
  out.deflate = true;
  while (!rest.empty()) {
    const std::string parameter = to_lower(next());
    if (parameter == "client_no_context_takeover") out.no_takeover.front() = true;
    if (parameter == "server_no_context_takeover") out.no_takeover.back() = true;
  }
}

}  // namespace

Extensions extensions_of(const event::HttpFields& response) {
  Extensions out;
  for (const event::HttpField& field : response) {
    if (equals_ignoring_case(field.name, "Sec-WebSocket-Extensions"))
      for_each_element(field.value, [&](std::string_view element) { add(element, out); });
  }
  return out;
}

}  // namespace tlspeel::websocket
