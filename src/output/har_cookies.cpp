#include "output/har_cookies.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "tlspeel/base/ascii.hpp"

#include "output/json_line.hpp"

namespace tlspeel::output {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kSecond = 1'000'000'000;
// Until here a number of seconds can be told in nanoseconds: the year 2262.
constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / kSecond;

// Calls visit(name, value) for each part of "a=b; c; d=e".
template <class Visit>
void for_each_part(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t end = list.find(';');
    const std::string_view part = trim(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    visit(trim(part.substr(0, equals)),
          equals == std::string_view::npos ? std::string_view() : trim(part.substr(equals + 1)));
  }
}

std::string time_of(std::int64_t seconds) {
  std::string out;
  append_time(out, std::clamp<std::int64_t>(seconds, 0, kLastSecond) * kSecond);
  return out;
}

// One attribute of Set-Cookie (RFC 6265 section 5.2). Max-Age counts before Expires.
void add_attribute(Json& cookie, std::string_view name, std::string_view value, std::int64_t now,
                   bool& by_age) {
  const std::string lower = to_lower(name);
  if (lower == "path" || lower == "domain") {
    cookie[lower] = value;
  } else if (lower == "httponly") {
    cookie["httpOnly"] = true;
  } else if (lower == "secure") {
    cookie["secure"] = true;
  } else if (lower == "samesite") {
    cookie["sameSite"] = value;
  } else if (const auto age = lower == "max-age" ? parse_decimal(value) : std::nullopt) {
    by_age = true;
    cookie["expires"] =
        time_of(now + static_cast<std::int64_t>(std::min<std::uint64_t>(*age, kLastSecond / 2)));
  } else if (const auto date = lower == "expires" && !by_age ? parse_http_date(value) : std::nullopt) {
    cookie["expires"] = time_of(*date);
  }
}

std::optional<unsigned> month_of(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                            "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto found = std::ranges::find(kMonths, to_lower(name));
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

// "07:28:00".
std::optional<std::int64_t> seconds_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = parse_decimal(text.substr(0, 2));
  const auto minutes = parse_decimal(text.substr(3, 2));
  const auto seconds = parse_decimal(text.substr(6, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return static_cast<std::int64_t>(*hours * 3600 + *minutes * 60 + *seconds);
}

}  // namespace

Json request_cookies(const event::HttpFields& fields) {
  Json out = Json::array();
  for (const event::HttpField& field : fields) {
    if (!equals_ignoring_case(field.name, "cookie")) continue;
    for_each_part(field.value, [&](std::string_view name, std::string_view value) {
      out.push_back({{"name", name}, {"value", value}});
    });
  }
  return out;
}

Json response_cookies(const event::HttpFields& fields, std::int64_t time_ns) {
  Json out = Json::array();
  for (const event::HttpField& field : fields) {
    if (!equals_ignoring_case(field.name, "set-cookie")) continue;
    Json cookie;
    bool by_age = false;
    for_each_part(field.value, [&](std::string_view name, std::string_view value) {
      if (cookie.is_null()) {
        cookie = {{"name", name}, {"value", value}};
      } else {
        add_attribute(cookie, name, value, time_ns / kSecond, by_age);
      }
    });
    if (!cookie.is_null()) out.push_back(std::move(cookie));
  }
  return out;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  text = trim(text.substr(comma + 1));
  // "21 Oct 2026 07:28:00 GMT"
  constexpr std::size_t kDateSize = 11;
  constexpr std::size_t kTimeAt = 12;
  constexpr std::size_t kTimeSize = 8;
  if (text.size() < kTimeAt + kTimeSize) return std::nullopt;
  const std::string_view date = text.substr(0, kDateSize);
  const auto day = parse_decimal(date.substr(0, 2));
  const auto month = month_of(date.substr(3, 3));
  const auto year = parse_decimal(date.substr(7, 4));
  const auto time = seconds_of_day(text.substr(kTimeAt, kTimeSize));
  if (!day || !month || !year || !time) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year(static_cast<int>(*year)),
                                        std::chrono::month(*month),
                                        std::chrono::day(static_cast<unsigned>(*day))};
  if (!ymd.ok()) return std::nullopt;
  return std::chrono::sys_days(ymd).time_since_epoch().count() * std::int64_t{86400} + *time;
}

}  // namespace tlspeel::output
