// What the packet filters of operating systems hand out: OpenBSD's pf, Linux's netfilter, macOS's PKTAP,
// Solaris's IPNET, Symantec's firewall. Source: tcpdump.org/linktypes.html.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

// Fields in the byte order of the machine that captured.
struct NativeOrder {
  bool little = true;
  std::uint16_t u16(Reader& r) const { return little ? r.u16le() : r.u16(); }
  std::uint32_t u32(Reader& r) const { return little ? r.u32le() : r.u32(); }
};

// The first attribute says which order it is: its type is a small number and its length fits.
NativeOrder order_of_attributes(Reader look_ahead) {
  constexpr std::size_t kHeader = 4;
  constexpr std::uint16_t kLargestType = 0xff;  // Linux has 20
  const std::size_t left = look_ahead.remaining();
  const std::uint16_t length = look_ahead.u16le();
  const std::uint16_t type = look_ahead.u16le();
  return {length >= kHeader && length <= left && type <= kLargestType};
}

Layer of_family(std::uint8_t family) {
  constexpr std::uint8_t kInet = 2;
  constexpr std::uint8_t kInet6 = 10;
  if (family == kInet) return Layer::ipv4;
  // Other tables (bridge, inet) name other families: what the hook saw starts with its IP header.
  return family == kInet6 ? Layer::ipv6 : Layer::ip;
}

}  // namespace

// Its length leaves out the padding to a multiple of 4.
Layer parse_pflog(Reader& r) {
  constexpr std::size_t kLeast = 45;  // what was there in the first version
  const std::size_t length = r.u8();
  if (length < kLeast) return Layer::not_ip;
  r.skip((length + 3) / 4 * 4 - 1);
  return Layer::ip;
}

Layer parse_nflog(Reader& r) {
  constexpr std::uint16_t kPayload = 9;
  constexpr std::size_t kHeader = 4;
  const std::uint8_t family = r.u8();
  const std::uint8_t version = r.u8();
  r.skip(2);  // resource
  if (version != 0) return Layer::not_ip;
  const NativeOrder order = order_of_attributes(r);
  while (r.ok()) {
    const std::size_t length = order.u16(r);
    const std::uint16_t type = order.u16(r);
    if (length < kHeader) return Layer::not_ip;
    if (type == kPayload) return of_family(family);
    r.skip((length - kHeader + 3) / 4 * 4);
  }
  return Layer::not_ip;
}

Layer parse_pktap(Reader& r) {
  constexpr std::uint32_t kPacket = 1;
  constexpr std::uint32_t kFixed = 12;
  constexpr std::uint32_t kLargest = 0xffff;  // it has 108 bytes; the other byte order makes it huge
  Reader look_ahead = r;
  const NativeOrder order{look_ahead.u32le() <= kLargest};
  const std::uint32_t length = order.u32(r);
  const std::uint32_t next = order.u32(r);
  const std::uint32_t dlt = order.u32(r);
  if (!r.ok() || length < kFixed || next != kPacket) return Layer::not_ip;
  r.skip(length - kFixed);
  return after_link_type(dlt, r);
}

Layer parse_ipnet(Reader& r) {
  r.skip(24);
  return Layer::ip;
}

Layer parse_symantec(Reader& r) {
  r.skip(6);
  const std::uint16_t type = r.u16();
  r.skip(36);
  return after_ether_type(type, r);
}

}  // namespace tlspeel::net
