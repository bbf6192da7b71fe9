// What the user wants to see of a run: exchanges of HTTP by what stands in them, connections by number. All
// that is given must hold; of several values of one kind one must. Values; const use from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/result.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/output/pattern.hpp"

namespace tlspeel::output {

// Both ends included.
struct NumberRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

struct Choice {
  std::vector<std::string> hosts{};    // "www.example.com", "*.example.com"; letters of any case
  std::vector<std::string> methods{};  // "GET"; letters of any case
  std::vector<NumberRange> statuses{};
  std::optional<Pattern> url{};   // found in the whole URL
  std::optional<Pattern> grep{};  // found in a line of a head or in a body, as far as it is kept
  std::vector<NumberRange> connections{};

  bool of_exchanges() const { return of_requests() || !statuses.empty() || grep; }
  bool of_requests() const { return !hosts.empty() || !methods.empty() || url; }
  bool empty() const { return connections.empty() && !of_exchanges(); }

  bool takes_connection(std::uint64_t number) const;
  bool takes_status(unsigned status) const;
  bool takes_method(std::string_view method) const;
  // host: as in a URL, with or without a port.
  bool takes_host(std::string_view host) const;
  // grep is there and is found in the start line, a field or the body.
  bool finds_in(const event::HttpMessage& message) const;
  bool finds_in(ByteView shown) const;
};

// "404", "4xx", "500-599", "200,404", each kind in one list. The Error says what is wrong.
Result<std::vector<NumberRange>> parse_statuses(std::string_view list);
// "7", "3-5", "1,4-6": numbers from 1 on.
Result<std::vector<NumberRange>> parse_connections(std::string_view list);

}  // namespace tlspeel::output
