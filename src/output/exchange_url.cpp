#include "output/exchange_url.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/output/safe_text.hpp"

namespace tlspeel::output {
namespace {

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::string_view kSchemeEnd = "://";

// RFC 9110 section 7.1: "http://www.example.com/" to a proxy.
bool is_absolute(std::string_view target) {
  const std::size_t end = target.find(kSchemeEnd);
  return end != std::string_view::npos && end != 0 && target.find_first_of("/?#") > end;
}

std::string_view authority_of(std::string_view url) {
  url.remove_prefix(url.find(kSchemeEnd) + kSchemeEnd.size());
  return url.substr(0, url.find_first_of("/?#"));
}

bool is_connect(const event::HttpMessage& request) {
  // RFC 8441 section 4: an extended CONNECT has a path as well.
  return request.method == "CONNECT" && !request.target.starts_with('/');
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string utf8_or(std::string decoded, std::string_view as_it_was) {
  return is_utf8(decoded) ? std::move(decoded) : std::string(as_it_was);
}

// In forms + stands for a space.
std::string form_decoded(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return utf8_or(without_percent(spaced), text);
}

}  // namespace

std::string_view field_value(const event::HttpFields& fields, std::string_view name) {
  const auto found = std::ranges::find_if(
      fields, [&](const event::HttpField& field) { return equals_ignoring_case(field.name, name); });
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::string request_host(const event::HttpMessage& request, std::string_view server_name,
                         const Endpoint& server) {
  if (is_connect(request) && !request.target.empty()) return request.target;
  if (is_absolute(request.target)) return std::string(authority_of(request.target));
  const std::string_view host = trim(field_value(request.fields, "host"));
  if (!host.empty()) return std::string(host);
  std::string out(server_name);
  if (out.empty()) {
    out = server.address.to_string();
    if (out.find(':') != std::string::npos) out = "[" + out + "]";
  }
  if (server.port != kHttpsPort) out += fmt::format(":{}", server.port);
  return out;
}

std::string request_url(const event::HttpMessage& request, std::string_view server_name,
                        const Endpoint& server) {
  if (is_absolute(request.target) || (is_connect(request) && !request.target.empty())) return request.target;
  std::string url = "https://" + request_host(request, server_name, server);
  // RFC 9110 section 7.1: "*" is the server as a whole.
  if (request.target != "*") url += request.target;
  return url;
}

std::string without_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && text.size() - i > 2 && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_decoded(std::string_view encoded) {
  return utf8_or(without_percent(encoded), encoded);
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view encoded) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!encoded.empty()) {
    const std::size_t end = encoded.find('&');
    const std::string_view pair = encoded.substr(0, end);
    encoded = end == std::string_view::npos ? std::string_view() : encoded.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    out.emplace_back(form_decoded(pair.substr(0, equals)),
                     equals == std::string_view::npos ? "" : form_decoded(pair.substr(equals + 1)));
  }
  return out;
}

}  // namespace tlspeel::output
