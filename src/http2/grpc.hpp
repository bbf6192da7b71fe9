// The messages in a body of gRPC: each has a prefix of a flag and its length ("gRPC over HTTP2",
// Length-Prefixed-Message). Their content is not looked at. One object for one body. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/http_message.hpp"

namespace tlspeel::http2 {

// "application/grpc", "application/grpc+proto".
bool is_grpc(std::string_view media_type);

class GrpcMessages {
 public:
  // Adds the messages that begin in content to those of the body.
  void add(event::HttpBody& body, ByteView content);
  // A hole within one message keeps the place of the next; behind any other no prefix is known.
  void skip(const event::Hole& hole);

 private:
  static constexpr std::size_t kPrefix = 5;

  Bytes prefix_;
  std::uint64_t remaining_ = 0;  // of a message
  bool lost_ = false;
};

}  // namespace tlspeel::http2
