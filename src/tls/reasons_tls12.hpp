// Why none of the given secrets opens a handshake of SSL 3.0 to TLS 1.2, and what would: one sentence each.
// Text of a peer in it (an identity, a certificate's subject) is not yet safe for a terminal.
#pragma once

#include "tlspeel/tls/connection.hpp"

#include "handshake_facts.hpp"
#include "key_finder.hpp"

namespace tlspeel::tls {

NoKeys explain_closed(const HandshakeFacts& facts, const Environment& environment);
NoKeys explain_closed_resumption(const HandshakeFacts& facts, const Environment& environment);

}  // namespace tlspeel::tls
