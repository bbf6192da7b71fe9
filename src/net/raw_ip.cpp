// No link header at all: the version field of the first byte says which IP it is.
#include "net/link_types.hpp"

namespace tlspeel::net {

NetworkProtocol parse_raw_ip(Reader& r) {
  Reader look_ahead = r;
  const unsigned version = look_ahead.u8() >> 4U;
  r.absorb(look_ahead);
  if (version == 4) return NetworkProtocol::ipv4;
  return version == 6 ? NetworkProtocol::ipv6 : NetworkProtocol::not_ip;
}

}  // namespace tlspeel::net
