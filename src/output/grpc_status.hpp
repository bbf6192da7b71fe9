// What became of a call of gRPC: the fields grpc-status and grpc-message of a response's trailers, or of its
// head where it has nothing else ("gRPC over HTTP2", Responses). Text is what the peer sent: not yet safe for
// a terminal.
#pragma once

#include <optional>
#include <string>

#include "tlspeel/event/http_message.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::output {

struct GrpcStatus {
  event::CodePoint code;  // of google.rpc.Code; without a name where it has none
  std::string message{};  // without percent-encoding, where that gives UTF-8
};

// Nothing where the message is no response of gRPC, or has no status.
std::optional<GrpcStatus> grpc_status(const event::HttpMessage& message);

}  // namespace tlspeel::output
