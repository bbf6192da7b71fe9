#include "message_head.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/base/counts.hpp"

namespace tlspeel::http2 {
namespace {

using event::HttpField;
using event::HttpFields;
using event::HttpMessage;

constexpr std::string_view kOutOfPlace = "a pseudo-header field is out of place";

bool is_pseudo(const HttpField& field) {
  return field.name.starts_with(':');
}

// What it says is in the target, the method, the status, or is always the same.
bool move_into_start_line(HttpField& field, HttpMessage& message) {
  const auto once = [&](std::string& into) {
    if (!into.empty()) return false;
    into = std::move(field.value);
    return true;
  };
  if (!message.request) {
    if (field.name != ":status" || message.status != 0) return false;
    message.status = status_of({field});
    return message.status != 0;
  }
  if (field.name == ":method") return once(message.method);
  if (field.name == ":path") return once(message.target);
  return field.name == ":scheme" && field.value == "https";
}

// RFC 9113 section 8.3.1; section 8.5: a CONNECT request names its target here.
void place_authority(HttpField authority, HttpMessage& message) {
  if (message.method == "CONNECT" && message.target.empty()) {
    message.target = std::move(authority.value);
    return;
  }
  const auto host = std::ranges::find(message.fields, std::string_view("host"), &HttpField::name);
  if (host == message.fields.end()) {
    message.fields.insert(message.fields.begin(), {"host", std::move(authority.value)});
  } else if (host->value != authority.value) {
    add_note(message, "the authority of the request and its host field differ");
    message.fields.insert(message.fields.begin(), std::move(authority));
  }
}

void note_decoding(const DecodedFields& decoded, HttpMessage& message) {
  if (!decoded.fault.empty()) add_note(message, decoded.fault);
  if (decoded.left_out != 0)
    add_note(message, fmt::format("{} beyond the first of its header are not shown",
                                  counted(decoded.left_out, "field")));
}

void note_what_lacks(bool some_unknown, HttpMessage& message) {
  const bool lacks = message.request ? message.method.empty() || message.target.empty() : message.status == 0;
  if (!lacks) return;
  // Which of the unknown fields it is nobody can tell.
  add_note(message, some_unknown ? "what it refers to was not captured" : "a pseudo-header field is missing");
}

}  // namespace

void set_head(DecodedFields decoded, HttpMessage& message) {
  note_decoding(decoded, message);
  std::optional<HttpField> authority;
  bool regular = false;
  for (HttpField& field : decoded.fields) {
    if (!is_pseudo(field)) {
      regular = true;
      message.fields.push_back(std::move(field));
      continue;
    }
    if (regular) add_note(message, kOutOfPlace);
    if (move_into_start_line(field, message)) continue;
    if (message.request && field.name == ":authority" && !authority) {
      authority = std::move(field);
      continue;
    }
    // :protocol (RFC 8441), a scheme that is not https, and what no standard has.
    message.fields.push_back(std::move(field));
  }
  if (authority) place_authority(std::move(*authority), message);
  note_what_lacks(decoded.unknown != 0, message);
}

void set_trailers(DecodedFields decoded, HttpMessage& message) {
  note_decoding(decoded, message);
  if (std::ranges::any_of(decoded.fields, is_pseudo)) add_note(message, kOutOfPlace);
  std::ranges::move(decoded.fields, std::back_inserter(message.trailers));
}

std::string protocol_of(const HttpMessage& request) {
  const auto field = std::ranges::find(request.fields, std::string_view(":protocol"), &HttpField::name);
  return request.method == "CONNECT" && field != request.fields.end() ? field->value : std::string();
}

unsigned status_of(const HttpFields& fields) {
  for (const HttpField& field : fields) {
    if (field.name == ":status" && field.value.size() == 3)
      return static_cast<unsigned>(parse_decimal(field.value).value_or(0));
  }
  return 0;
}

std::optional<std::uint64_t> content_length_of(const HttpFields& fields) {
  const auto field = std::ranges::find(fields, std::string_view("content-length"), &HttpField::name);
  return field == fields.end() ? std::nullopt : parse_decimal(field->value);
}

void add_note(HttpMessage& message, std::string_view text) {
  if (message.note.find(text) != std::string::npos) return;
  if (!message.note.empty()) message.note += "; ";
  message.note += text;
}

}  // namespace tlspeel::http2
