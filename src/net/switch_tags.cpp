// Ethernet as a CPU sees it behind a switch that tells it the port: a tag stands before the EtherType or
// before the frame. Source: tcpdump.org/linktypes.html.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

Layer with_tag(std::size_t size, Reader& r) {
  r.skip(12 + size);
  return after_ether_type(r.u16(), r);
}

}  // namespace

Layer parse_dsa(Reader& r) {
  return with_tag(4, r);
}

Layer parse_edsa(Reader& r) {
  return with_tag(8, r);  // an EtherType and two zero bytes before the tag
}

Layer parse_broadcom_tag(Reader& r) {
  return with_tag(4, r);
}

Layer parse_broadcom_prepended(Reader& r) {
  r.skip(4);
  return parse_ethernet(r);
}

}  // namespace tlspeel::net
