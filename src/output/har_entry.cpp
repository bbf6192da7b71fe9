#include "output/har_entry.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/output/safe_text.hpp"

#include "output/exchange_url.hpp"
#include "output/har_cookies.hpp"
#include "output/json_line.hpp"
#include "output/readable_text.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

using Json = nlohmann::ordered_json;
using event::HttpBody;
using event::HttpFields;
using event::HttpMessage;

constexpr double kMillisecond = 1e6;
constexpr int kNotApplicable = -1;  // what the format says for times and sizes that there are not

// Milliseconds between two packets; clocks of captures may step backwards.
double between(PacketRef from, PacketRef to) {
  return static_cast<double>(std::max<std::int64_t>(0, to.time_ns - from.time_ns)) / kMillisecond;
}

std::string time_of(std::int64_t time_ns) {
  std::string out;
  append_time(out, time_ns);
  return out;
}

Json headers_of(const HttpMessage& message) {
  Json out = Json::array();
  for (const HttpFields* fields : {&message.fields, &message.trailers}) {
    for (const event::HttpField& field : *fields) {
      out.push_back({{"name", field.name}, {"value", field.value}});
    }
  }
  return out;
}

Json pairs_of(std::string_view form) {
  Json out = Json::array();
  for (const auto& [name, value] : parse_form(form)) out.push_back({{"name", name}, {"value", value}});
  return out;
}

std::string_view query_of(std::string_view url) {
  const std::size_t begin = url.find('?');
  if (begin == std::string_view::npos) return {};
  url = url.substr(begin + 1);
  return url.substr(0, url.find('#'));
}

std::string comment_of(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += "; ";
    out += part;
  }
  return out;
}

// What is not told by the body itself.
std::string body_comment(const HttpBody& body, ByteView kept) {
  std::vector<std::string> parts;
  if (body.handed_on) {
    if (kept.size() < body.handed_on->size) {
      parts.push_back(fmt::format("only the first {} of {} are here", size_text(kept.size()),
                                  size_text(body.handed_on->size)));
    }
    parts.push_back(body.handed_on->note);
    if (!body.coding.empty() && !body.handed_on->decoded) parts.push_back(body.coding + " was not decoded");
  }
  // Not captured, or never sent.
  if (body.missing != 0) parts.push_back(size_text(body.missing) + " missing");
  if (!body.complete) parts.emplace_back("incomplete");
  return comment_of(parts);
}

// Text is transcoded to UTF-8, as the format wants it.
void add_text(Json& to, const HttpBody& body, ByteView kept) {
  if (kept.empty()) return;
  std::string room;
  if (body.text && (body.coding.empty() || (body.handed_on && body.handed_on->decoded))) {
    const bool cut = body.handed_on && kept.size() < body.handed_on->size;
    const ReadableText readable(kept, body.charset, body.media_type);
    // A character that was cut in two is left out.
    kept = as_bytes(readable.piece(kept, cut, room));
    if (is_utf8(as_text(kept))) {
      to["text"] = as_text(kept);
      return;
    }
  }
  std::string encoded;
  append_base64(encoded, kept);
  to["text"] = std::move(encoded);
  to["encoding"] = "base64";
}

void add_comment(Json& to, std::string comment) {
  if (!comment.empty()) to["comment"] = std::move(comment);
}

Json content_of(const HttpMessage& response, ByteView kept) {
  const HttpBody& body = response.body;
  const std::uint64_t size = body.handed_on ? body.handed_on->size : body.size;
  Json content = {{"size", size}};
  if (body.handed_on && body.handed_on->decoded) {
    content["compression"] = static_cast<std::int64_t>(size) - static_cast<std::int64_t>(body.size);
  }
  const std::string_view type = field_value(response.fields, "content-type");
  content["mimeType"] = type.empty() ? "x-unknown" : type;
  add_text(content, body, kept);
  add_comment(content, body_comment(body, kept));
  return content;
}

// The format knows no encoding of what was posted; what is not text is said by a member of our own.
Json post_data_of(const HttpMessage& request, ByteView kept) {
  const std::string_view type = field_value(request.fields, "content-type");
  Json data = {{"mimeType", type}};
  if (request.body.media_type == "application/x-www-form-urlencoded")
    data["params"] = pairs_of(as_text(kept));
  add_text(data, request.body, kept);
  if (const auto encoding = data.find("encoding"); encoding != data.end()) {
    data["_encoding"] = *encoding;
    data.erase("encoding");
  }
  add_comment(data, body_comment(request.body, kept));
  return data;
}

Json request_of(const HttpExchange& exchange) {
  static const HttpMessage kUnknown;
  const HttpMessage& request = exchange.request != nullptr ? *exchange.request : kUnknown;
  const std::string url = request_url(request, exchange.facts->server_name, exchange.facts->server);
  Json out = {{"method", request.method},       {"url", url},
              {"httpVersion", request.version}, {"cookies", request_cookies(request.fields)},
              {"headers", headers_of(request)}, {"queryString", pairs_of(query_of(url))}};
  if (request.body.size != 0) {
    out["postData"] = post_data_of(request, exchange.bodies[index(Direction::client)]);
  }
  // Of its lines only what they say is kept, not how long they were.
  out["headersSize"] = kNotApplicable;
  out["bodySize"] = request.body.size;
  add_comment(out, exchange.request == nullptr ? "the request was not captured" : request.note);
  return out;
}

Json response_of(const HttpExchange& exchange) {
  static const HttpMessage kUnknown;
  const HttpMessage& response = exchange.response != nullptr ? *exchange.response : kUnknown;
  Json out = {
      {"status", response.status},
      {"statusText", response.reason},
      {"httpVersion", response.version},
      {"cookies", response_cookies(response.fields, response.first.time_ns)},
      {"headers", headers_of(response)},
      {"content", content_of(response, exchange.bodies[index(Direction::server)])},
      {"redirectURL", field_value(response.fields, "location")},
      {"headersSize", kNotApplicable},
      {"bodySize", exchange.response != nullptr ? static_cast<std::int64_t>(response.body.size) : -1}};
  add_comment(out, exchange.response == nullptr ? "no response in the capture" : response.note);
  return out;
}

// Of the first exchange of a connection also what its connection took; a request may come in early data,
// before that is over.
struct Timings {
  double connect = kNotApplicable;  // the handshake of TLS included
  double ssl = kNotApplicable;
  double send = 0;
  double wait = 0;
  double receive = 0;

  explicit Timings(const HttpExchange& exchange) {
    const HttpMessage* const request = exchange.request;
    const HttpMessage* const response = exchange.response;
    if (request != nullptr) send = between(request->first, request->last);
    if (response != nullptr) receive = between(response->first, response->last);
    if (request != nullptr && response != nullptr) wait = between(request->last, response->first);
    const ConnectionFacts& facts = *exchange.facts;
    if (request == nullptr || !exchange.first_of_connection || facts.opened.number == 0) return;
    const bool early =
        facts.handshake_end.number == 0 || facts.handshake_end.time_ns > request->first.time_ns;
    const PacketRef ready = early ? request->first : facts.handshake_end;
    connect = between(facts.opened, ready);
    ssl = between(facts.first_data, ready);
  }
  // To the nanosecond, as its parts are: their sum as such may be 49.599000000000004.
  double total() const {
    return std::round((std::max(connect, 0.0) + send + wait + receive) * kMillisecond) / kMillisecond;
  }
};

}  // namespace

Json har_entry(const HttpExchange& exchange) {
  const Timings timings(exchange);
  const PacketRef first = (exchange.request != nullptr ? exchange.request : exchange.response)->first;
  // Its connection was made for it, as far as anybody can see: it began with that.
  const auto started =
      first.time_ns - static_cast<std::int64_t>(std::max(timings.connect, 0.0) * kMillisecond);
  return {{"startedDateTime", time_of(started)},
          {"time", timings.total()},
          {"request", request_of(exchange)},
          {"response", response_of(exchange)},
          {"cache", Json::object()},
          {"timings",
           {{"blocked", kNotApplicable},
            {"dns", kNotApplicable},
            {"connect", timings.connect},
            {"send", timings.send},
            {"wait", timings.wait},
            {"receive", timings.receive},
            {"ssl", timings.ssl}}},
          {"serverIPAddress", exchange.facts->server.address.to_string()},
          {"connection", fmt::to_string(exchange.connection)}};
}

}  // namespace tlspeel::output
