// How long the body of a message is: RFC 9112 section 6.3. Pure functions over a complete head.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/event/http_message.hpp"

namespace tlspeel::http {

struct Framing {
  event::BodyFraming kind = event::BodyFraming::none;
  std::uint64_t length = 0;      // content_length only
  bool tunnel = false;           // the other protocol begins behind this head
  bool awaits_continue = false;  // RFC 9110 section 10.1.1: the body is sent when the server asks for it
  std::string_view note;         // static text: odd, but the length is certain
  std::string_view malformed;    // static text: the length is anybody's guess
};

Framing request_framing(const event::HttpMessage& head);
// to_head, to_connect: what the method of its request was, as far as that is known.
Framing response_framing(const event::HttpMessage& head, bool to_head, bool to_connect);

// Content codings and transfer codings other than chunked and identity, as stated: "gzip". Empty: the content
// is plain.
std::string codings_of(const event::HttpMessage& head);
// Content-Type as stated; empty: none.
std::string_view content_type_of(const event::HttpMessage& head);

}  // namespace tlspeel::http
