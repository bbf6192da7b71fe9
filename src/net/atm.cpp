// IP over ATM's adaptation layer 5. Sources: RFC 2684 (which replaced RFC 1483), tcpdump.org/linktypes.html.
#include "net/link_types.hpp"

namespace tlspeel::net {

Layer parse_atm_rfc1483(Reader& r) {
  return after_llc(r);
}

// An LLC header, or none and plain IP.
Layer parse_atm_clip(Reader& r) {
  Reader look_ahead = r;
  const bool llc = look_ahead.u24() == 0xaaaa03;
  r.absorb(look_ahead);
  return llc ? after_llc(r) : parse_ip_version(r);
}

Layer parse_sunatm(Reader& r) {
  constexpr unsigned kLanEmulation = 1;
  constexpr unsigned kLlc = 2;
  const unsigned kind = r.u8() & 0x0fU;
  r.skip(1 + 2);  // virtual path, virtual channel
  if (kind == kLanEmulation) {
    r.skip(2);  // identifier of the client
    return Layer::ethernet;
  }
  return kind == kLlc ? after_llc(r) : Layer::not_ip;
}

}  // namespace tlspeel::net
