#include <array>

#include "tlspeel/event/event.hpp"

namespace tlspeel::event {

std::string_view closed_cause_name(ClosedCause cause) {
  switch (cause) {
    case ClosedCause::no_key_given:
      return "no_key_given";
    case ClosedCause::key_of_other_certificate:
      return "key_of_other_certificate";
    case ClosedCause::ephemeral_key_exchange:
      return "ephemeral_key_exchange";
    case ClosedCause::tls13_needs_keylog:
      return "tls13_needs_keylog";
    case ClosedCause::not_in_key_log:
      return "not_in_key_log";
    case ClosedCause::key_log_incomplete:
      return "key_log_incomplete";
    case ClosedCause::psk_not_given:
      return "psk_not_given";
    case ClosedCause::cut_by_snap_length:
      return "cut_by_snap_length";
    case ClosedCause::psk_or_other_key_exchange:
      return "psk_or_other_key_exchange";
    case ClosedCause::handshake_not_captured:
      return "handshake_not_captured";
    case ClosedCause::one_direction_missing:
      return "one_direction_missing";
    case ClosedCause::bytes_lost:
      return "bytes_lost";
    case ClosedCause::resumed_session_unknown:
      return "resumed_session_unknown";
    case ClosedCause::ticket_key_not_given:
      return "ticket_key_not_given";
    case ClosedCause::unknown_cipher_suite:
      return "unknown_cipher_suite";
    case ClosedCause::unsupported_cipher:
      return "unsupported_cipher";
    case ClosedCause::handshake_incomplete:
      return "handshake_incomplete";
    case ClosedCause::decryption_failed:
      return "decryption_failed";
    case ClosedCause::damaged:
      return "damaged";
    case ClosedCause::malformed:
      return "malformed";
    case ClosedCause::unsupported_compression:
      return "unsupported_compression";
    case ClosedCause::limit_reached:
      return "limit_reached";
  }
  return "unknown";
}

std::string_view outcome_name(ConnectionOutcome outcome) {
  switch (outcome) {
    case ConnectionOutcome::opened:
      return "opened";
    case ConnectionOutcome::partly_opened:
      return "partly_opened";
    case ConnectionOutcome::closed:
      return "closed";
    case ConnectionOutcome::no_data:
      return "no_data";
  }
  return "unknown";
}

std::string_view tcp_end_name(TcpEnd end) {
  switch (end) {
    case TcpEnd::fin:
      return "fin";
    case TcpEnd::reset:
      return "reset";
    case TcpEnd::idle:
      return "idle";
    case TcpEnd::port_reused:
      return "port_reused";
    case TcpEnd::capture_end:
      return "capture_end";
  }
  return "unknown";
}

}  // namespace tlspeel::event
