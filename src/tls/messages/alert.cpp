#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {

// RFC 8446 section 6.
ParseResult<event::Alert> parse_alert(ByteView body) {
  Reader r(body);
  event::Alert alert;
  alert.level = registry::alert_level(r.u8());
  alert.description = registry::alert_description(r.u8());
  return r.finish(alert);
}

// RFC 6520 section 4.
ParseResult<event::Heartbeat> parse_heartbeat(ByteView body) {
  Reader r(body);
  event::Heartbeat heartbeat;
  heartbeat.type = registry::heartbeat_message_type(r.u8());
  heartbeat.payload_length = r.u16();
  heartbeat.actual_length = static_cast<std::uint32_t>(r.rest().size());
  return r.finish(heartbeat);
}

}  // namespace tlspeel::tls
