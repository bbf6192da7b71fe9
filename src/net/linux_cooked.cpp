// What Linux hands out for the "any" interface and for devices without a link header of their own:
// LINKTYPE_LINUX_SLL and _SLL2.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint16_t kArphrdNetlink =
    824;  // the protocol field is a netlink family there, not an EtherType

Layer after_protocol(std::uint16_t hardware, std::uint16_t protocol, Reader& r) {
  if (hardware == kArphrdNetlink) return Layer::not_ip;
  // Below 0x0600 stand Linux's own numbers, not lengths: 4 is an LLC header, the others are nothing that
  // carries IP.
  if (protocol == 0x0004) return after_llc(r);
  return protocol < 0x0600 ? Layer::not_ip : after_ether_type(protocol, r);
}

}  // namespace

Layer parse_linux_cooked_v1(Reader& r) {
  r.skip(2);  // packet type
  const std::uint16_t hardware = r.u16();
  r.skip(2 + 8);  // address length, address
  return after_protocol(hardware, r.u16(), r);
}

Layer parse_linux_cooked_v2(Reader& r) {
  const std::uint16_t protocol = r.u16();
  r.skip(2 + 4);  // reserved, interface index
  const std::uint16_t hardware = r.u16();
  r.skip(1 + 1 + 8);  // packet type, address length, address
  return after_protocol(hardware, protocol, r);
}

}  // namespace tlspeel::net
