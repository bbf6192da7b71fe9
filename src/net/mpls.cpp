// MPLS label stacks and NSH: what the core of a network puts before a packet or a frame. Sources: RFC 3032,
// RFC 4385 and RFC 4448 (Ethernet in MPLS), RFC 8300.
#include "net/layers.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint32_t kIpv4ExplicitNull = 0;
constexpr std::uint32_t kIpv6ExplicitNull = 2;

// Nothing says what a label stands for: only its two ends know. The first half byte tells (RFC 4928), and a
// frame whose address begins like an IP packet is told by its EtherType.
Layer below_bottom(Reader& r) {
  Reader look_ahead = r;
  const std::uint32_t word = look_ahead.u32();
  const bool control_word = word >> 28U == 0 && looks_like_ethernet(look_ahead);
  r.absorb(look_ahead);
  if (control_word) {
    r = look_ahead;
    return Layer::ethernet;
  }
  if (looks_like_ethernet(r)) return Layer::ethernet;
  return looks_like_ip(r) ? Layer::ip : Layer::not_ip;
}

}  // namespace

Layer parse_mpls(Reader& r) {
  constexpr std::uint32_t kBottom = 0x100;
  std::uint32_t entry = 0;
  do {
    entry = r.u32();
  } while (r.ok() && (entry & kBottom) == 0);
  switch (entry >> 12U) {
    case kIpv4ExplicitNull:
      return Layer::ipv4;
    case kIpv6ExplicitNull:
      return Layer::ipv6;
    default:
      return below_bottom(r);
  }
}

Layer parse_nsh(Reader& r) {
  const std::size_t length = std::size_t{r.u16() & 0x3fU} * 4;
  r.skip(1);  // how the metadata is laid out
  const std::uint8_t next = r.u8();
  constexpr std::size_t kRead = 4;
  if (length < 2 * kRead) return Layer::not_ip;
  r.skip(length - kRead);
  switch (next) {
    case 1:
      return Layer::ipv4;
    case 2:
      return Layer::ipv6;
    case 3:
      return Layer::ethernet;
    case 4:
      return Layer::nsh;
    case 5:
      return Layer::mpls;
    default:
      return Layer::not_ip;
  }
}

}  // namespace tlspeel::net
