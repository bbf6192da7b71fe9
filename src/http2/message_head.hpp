// Decoded fields as the head of an HttpMessage, in the terms of HTTP/1: pseudo-header fields become method,
// target and status, and :authority the Host field that RFC 9113 section 8.3.1 says it stands for. Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tlspeel/event/http_message.hpp"

#include "field_decoder.hpp"

namespace tlspeel::http2 {

// message.request says which head it is; what is odd goes into its note.
void set_head(DecodedFields decoded, event::HttpMessage& message);
// The fields behind the body.
void set_trailers(DecodedFields decoded, event::HttpMessage& message);

// The status of a response whose head this is; 0: not known.
// Of an extended CONNECT (RFC 8441 section 4): "websocket"; empty: the request is none.
std::string protocol_of(const event::HttpMessage& request);
unsigned status_of(const event::HttpFields& fields);

// Content-Length, where it says one number.
std::optional<std::uint64_t> content_length_of(const event::HttpFields& fields);

// Several oddities are told one after the other, each once.
void add_note(event::HttpMessage& message, std::string_view text);

}  // namespace tlspeel::http2
