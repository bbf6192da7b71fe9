// LINKTYPE_NULL: an address family in the byte order of the machine that captured; LINKTYPE_LOOP: the same in
// network order. Both orders are accepted for both: which machine it was cannot be known. LINKTYPE_ENC, what
// BSDs show of IPsec behind its decryption, begins with the same field.
#include "net/link_types.hpp"

namespace tlspeel::net {

Layer parse_loopback(Reader& r) {
  const std::uint32_t value = r.u32();
  // No family is larger than 255, so the byte that is not zero says which order it is.
  const std::uint32_t family = value > 0xff ? __builtin_bswap32(value) : value;
  switch (family) {
    case 2:
      return Layer::ipv4;
    case 10:  // AF_INET6 of Linux
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // macOS
      return Layer::ipv6;
    default:
      return Layer::not_ip;
  }
}

Layer parse_enc(Reader& r) {
  const Layer inside = parse_loopback(r);
  r.skip(4 + 4);  // security parameter index, flags
  return inside;
}

}  // namespace tlspeel::net
