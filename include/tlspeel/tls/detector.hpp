// Finds TLS by content, on any port. Looks at the first bytes of one direction of a TCP stream.
// A stream whose start was captured is TLS if it begins with a handshake record, an alert or an
// SSLv2-compatible ClientHello; one that was captured late may begin in the middle of a record: there, two
// record headers that follow each other at the right distance decide (by chance that is rarer than 1 in 2^40
// for each position). Pure functions of their arguments.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::tls {

// How many bytes of a direction a caller has to keep before it may give up: two records of the greatest size
// and their headers.
constexpr std::size_t kDetectionWindow = std::size_t{40} * 1024;

struct Detection {
  enum class Verdict : std::uint8_t { need_more, tls, not_tls };
  enum class Start : std::uint8_t {
    client_hello,
    sslv2_client_hello,
    server_hello,
    before_hello,  // an alert or a HelloRequest
    middle,        // no hello can come, it was not captured
  };
  Verdict verdict = Verdict::need_more;
  Start start = Start::middle;
  std::size_t offset =
      0;  // where the first record header is; above 0 only in a stream that was captured late
};

Detection detect(ByteView prefix, bool start_captured);

}  // namespace tlspeel::tls
