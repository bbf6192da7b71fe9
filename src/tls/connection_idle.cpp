// Connections are many and mostly idle. What a handshake needs is ten times what records need: it is put away
// when it is over.
#include <algorithm>

#include "connection_state.hpp"

namespace tlspeel::tls {

Handshake& Connection::State::handshake() const {
  if (!handshake_) {
    handshake_ = std::make_unique<Handshake>(*environment_, settled_, version(), cipher_suite(), alpn_);
  }
  return *handshake_;
}

// SSL 3.0 to TLS 1.2, and both directions have opened records under its keys. TLS 1.3 goes on to need its
// secrets, for key updates and tickets.
bool Connection::State::may_put_handshake_away() const {
  if (!handshake_ || handshake_open_ || begun_late_ || !decision_told_ || !handshake_->may_settle())
    return false;
  return std::ranges::all_of(sides_, [](const Side& each) {
    // A change to the same keys again begins with the record 0, which an opener with a state cannot do twice.
    return each.protection == Protection::open && each.opener && !each.opener->in_order() &&
           each.keys_proven && !each.keys_untried && !each.waiting.made() && !each.recovery &&
           !each.framing_lost && !each.in_handshake_message();
  });
}

// After each push.
void Connection::State::rest() {
  if (!handshake_) return;
  if (may_put_handshake_away()) return put_handshake_away();
  const bool tls13_runs = std::ranges::all_of(sides_, [](const Side& each) {
    return each.tls13 && each.tls13->current() == Epoch::application && each.tls13->has(Epoch::application);
  });
  if (!tls13_runs || handshake_open_) return;
  handshake_->shrink_tls13();
  for (Side& each : sides_) {
    if (!each.in_handshake_message()) each.assembler.reset();
  }
}

void Connection::State::put_handshake_away() {
  settled_ = handshake_->settled();
  handshake_.reset();
  for (Side& each : sides_) each.assembler.reset();
}

}  // namespace tlspeel::tls
