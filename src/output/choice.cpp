#include "tlspeel/output/choice.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tlspeel/base/ascii.hpp"

namespace tlspeel::output {
namespace {

bool in_any(const std::vector<NumberRange>& ranges, std::uint64_t number) {
  return std::ranges::any_of(
      ranges, [&](const NumberRange& range) { return range.first <= number && number <= range.last; });
}

// "www.example.com" of "www.example.com:8443", "[::1]" of "[::1]:8443".
std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool port = colon != std::string_view::npos && host.find(':') == colon;
  const bool literal = colon != std::string_view::npos && host.starts_with('[') && host.rfind(']') < colon;
  return port || literal ? host.substr(0, colon) : host;
}

// * stands for any text, also for none.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t behind = 0;  // of the text, what the latest * does not stand for
  std::size_t next = 0;
  while (at < text.size()) {
    if (next < pattern.size() && pattern[next] == '*') {
      star = next++;
      behind = at;
    } else if (next < pattern.size() && pattern[next] == text[at]) {
      ++next;
      ++at;
    } else if (star != std::string_view::npos) {
      next = star + 1;
      at = ++behind;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', next) == std::string_view::npos;
}

std::string start_line(const event::HttpMessage& message) {
  return message.request ? fmt::format("{} {} {}", message.method, message.target, message.version)
                         : fmt::format("{} {} {}", message.version, message.status, message.reason);
}

std::optional<NumberRange> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_decimal(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_decimal(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return NumberRange{*first, *last};
}

std::optional<NumberRange> parse_status(std::string_view text) {
  constexpr std::uint64_t kLeast = 100;
  constexpr std::uint64_t kMost = 999;
  if (text.size() == 3 && to_lower(text.substr(1)) == "xx" && text[0] >= '1' && text[0] <= '9') {
    const auto first = static_cast<std::uint64_t>(text[0] - '0') * 100;
    return NumberRange{first, first + 99};
  }
  const auto range = parse_range(text);
  return range && range->first >= kLeast && range->last <= kMost ? range : std::nullopt;
}

template <class Parse>
Result<std::vector<NumberRange>> parse_list(std::string_view list, std::string_view what, Parse parse) {
  std::vector<NumberRange> out;
  std::string_view wrong;
  for_each_element(list, [&](std::string_view element) {
    const std::optional<NumberRange> range = parse(element);
    if (range) {
      out.push_back(*range);
    } else if (wrong.empty()) {
      wrong = element;
    }
  });
  if (out.empty() || !wrong.empty())
    return fail(fmt::format("'{}' is not {}", wrong.empty() ? list : wrong, what));
  return out;
}

}  // namespace

bool Choice::takes_connection(std::uint64_t number) const {
  return connections.empty() || in_any(connections, number);
}

bool Choice::takes_status(unsigned status) const {
  return statuses.empty() || in_any(statuses, status);
}

bool Choice::takes_method(std::string_view method) const {
  return methods.empty() || std::ranges::any_of(methods, [&](const std::string& each) {
           return equals_ignoring_case(each, method);
         });
}

bool Choice::takes_host(std::string_view host) const {
  if (hosts.empty()) return true;
  const std::string whole = to_lower(host);
  return std::ranges::any_of(hosts, [&](const std::string& each) {
    const std::string wanted = to_lower(each);
    return matches(wanted, whole) || matches(wanted, without_port(whole));
  });
}

bool Choice::finds_in(const event::HttpMessage& message) const {
  if (!grep) return false;
  const auto in_field = [&](const event::HttpField& field) {
    return grep->found_in(fmt::format("{}: {}", field.name, field.value));
  };
  return grep->found_in(start_line(message)) || std::ranges::any_of(message.fields, in_field) ||
         std::ranges::any_of(message.trailers, in_field) || finds_in(message.body.shown);
}

bool Choice::finds_in(ByteView shown) const {
  return grep && !shown.empty() && grep->found_in(as_text(shown));
}

Result<std::vector<NumberRange>> parse_statuses(std::string_view list) {
  return parse_list(list, "a status, such as 404, 4xx or 500-599", parse_status);
}

Result<std::vector<NumberRange>> parse_connections(std::string_view list) {
  return parse_list(list, "the number of a connection, such as 7 or 3-5", [](std::string_view text) {
    const auto range = parse_range(text);
    return range && range->first > 0 ? range : std::nullopt;
  });
}

}  // namespace tlspeel::output
