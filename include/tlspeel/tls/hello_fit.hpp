// Does a TLS hello stand here? For bytes of a stream that did not begin with TLS (STARTTLS, proxies,
// tunnels), where only the whole structure tells a hello from data that looks like one. Pure functions of the
// bytes from the assumed record header on (RFC 8446 section 4.1, RFC 5246 section 7.4.1, RFC 6101
// section 5.6.1).
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::tls {

struct HelloFit {
  enum class Verdict : std::uint8_t { no, need_more, whole };
  Verdict verdict = Verdict::no;
  // need_more: how many bytes have to be there before it is worth asking again, always more than there were;
  // whole: where the record behind the hello is due.
  std::size_t size = 0;
  // need_more: everything up to the list of cipher suites is there, and fits.
  bool likely = false;
  bool alert = false;  // fit_answer(): not a ServerHello
};

// The largest ClientHello that is waited for. Those of browsers have 2 kB, with sessions to resume 6 kB.
constexpr std::size_t kMaxClientHello = std::size_t{16} * 1024;

// A ClientHello in one or several records of its own, all lengths of which agree.
HelloFit fit_client_hello(ByteView bytes);
// The head of a ServerHello (there may be more in its record), or an alert in clear.
HelloFit fit_answer(ByteView bytes);

}  // namespace tlspeel::tls
