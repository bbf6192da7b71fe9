#include "framing.hpp"

#include <optional>

#include "syntax.hpp"

namespace tlspeel::http {
namespace {

using event::BodyFraming;
using event::HttpMessage;

template <class Visit>
void for_each_element_of(const HttpMessage& head, std::string_view name, Visit visit) {
  for (const event::HttpField& field : head.fields) {
    if (equals_ignoring_case(field.name, name)) for_each_element(field.value, visit);
  }
}

bool has_field(const HttpMessage& head, std::string_view name) {
  for (const event::HttpField& field : head.fields) {
    if (equals_ignoring_case(field.name, name)) return true;
  }
  return false;
}

bool is_chunked(std::string_view coding) {
  return equals_ignoring_case(coding, "chunked");
}
bool is_identity(std::string_view coding) {
  return equals_ignoring_case(coding, "identity");
}

// RFC 9112 section 6.1. identity was a coding of RFC 2616 and still comes; it stands for none.
struct TransferCodings {
  bool any = false;
  bool chunked_last = false;
};

TransferCodings transfer_codings(const HttpMessage& head) {
  TransferCodings result;
  for_each_element_of(head, "Transfer-Encoding", [&](std::string_view coding) {
    if (is_identity(coding)) return;
    result.any = true;
    result.chunked_last = is_chunked(coding);
  });
  return result;
}

// RFC 9110 section 8.6: equal values repeated are one value; anything else is not to be trusted.
void apply_content_length(const HttpMessage& head, Framing& framing) {
  std::optional<std::uint64_t> length;
  bool bad = false;
  bool conflict = false;
  for (const event::HttpField& field : head.fields) {
    if (!equals_ignoring_case(field.name, "Content-Length")) continue;
    bool any = false;
    for_each_element(field.value, [&](std::string_view element) {
      any = true;
      const auto value = parse_decimal(element);
      bad = bad || !value;
      conflict = conflict || (value && length && *length != *value);
      if (value) length = value;
    });
    bad = bad || !any;
  }
  if (bad) {
    framing.malformed = "Content-Length is not a number";
  } else if (conflict) {
    framing.malformed = "conflicting Content-Length values";
  } else if (length) {
    framing.kind = BodyFraming::content_length;
    framing.length = *length;
  }
}

void apply_chunked(const HttpMessage& head, Framing& framing) {
  framing.kind = BodyFraming::chunked;
  // RFC 9112 section 6.3 item 3, section 6.1: what a smuggled request looks like, so it is worth a word.
  if (has_field(head, "Content-Length"))
    framing.note = "Transfer-Encoding and Content-Length; the former counts";
  else if (head.version == "HTTP/1.0")
    framing.note = "Transfer-Encoding in HTTP/1.0";
}

}  // namespace

Framing request_framing(const HttpMessage& head) {
  Framing framing;
  if (head.method == "CONNECT") {
    // RFC 9110 section 9.3.6: a CONNECT request has no content.
    framing.tunnel = true;
    return framing;
  }
  const TransferCodings codings = transfer_codings(head);
  if (codings.chunked_last) {
    apply_chunked(head, framing);
  } else if (codings.any) {
    // RFC 9112 section 6.3 item 4: a server has to refuse it, because a request cannot last until the
    // connection closes.
    framing.malformed = "request whose last transfer coding is not chunked";
  } else {
    apply_content_length(head, framing);
  }
  for_each_element_of(head, "Expect", [&](std::string_view expectation) {
    if (equals_ignoring_case(expectation, "100-continue")) framing.awaits_continue = true;
  });
  return framing;
}

Framing response_framing(const HttpMessage& head, bool to_head, bool to_connect) {
  Framing framing;
  // RFC 9112 section 6.3 items 1 and 2.
  if (head.status == 101 || (to_connect && head.status / 100 == 2)) {
    framing.tunnel = true;
    return framing;
  }
  if (to_head || head.status / 100 == 1 || head.status == 204 || head.status == 304) return framing;
  const TransferCodings codings = transfer_codings(head);
  if (codings.chunked_last) {
    apply_chunked(head, framing);
    return framing;
  }
  if (!codings.any) apply_content_length(head, framing);
  if (framing.kind == BodyFraming::none && framing.malformed.empty()) framing.kind = BodyFraming::until_close;
  return framing;
}

std::string codings_of(const HttpMessage& head) {
  std::string result;
  const auto add = [&](std::string_view coding) {
    if (is_chunked(coding) || is_identity(coding)) return;
    if (!result.empty()) result += ", ";
    result += coding;
  };
  for_each_element_of(head, "Content-Encoding", add);
  for_each_element_of(head, "Transfer-Encoding", add);
  return result;
}

std::string_view content_type_of(const HttpMessage& head) {
  for (const event::HttpField& field : head.fields) {
    if (equals_ignoring_case(field.name, "Content-Type")) return field.value;
  }
  return {};
}

}  // namespace tlspeel::http
