// Captures of Juniper routers: a magic number, flags, extensions that tell about the interface, then for most
// types of interface a cookie of the card, and the frame. Link types whose cookies are not described anywhere
// have no row. Sources: tcpdump.org/linktypes.html and what tcpdump reads.
#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint8_t kLinkServicesCookie = 0x54;
constexpr std::uint8_t kAdaptiveServicesCookie = 0x47;

enum class Start : std::uint8_t { frame, ip, unknown };

// "MGC", flags, extensions.
Start skip_header(Reader& r) {
  constexpr unsigned kExtensions = 0x80;
  constexpr unsigned kNoLinkHeader = 0x02;
  const std::uint32_t magic = r.u24();
  const unsigned flags = r.u8();
  if (magic != 0x4d4743) return Start::unknown;
  if ((flags & kExtensions) != 0) r.skip(r.u16());
  if ((flags & kNoLinkHeader) == 0) return Start::frame;
  r.skip(4);
  return Start::ip;
}

template <class Frame>
Layer parse(Reader& r, Frame frame) {
  switch (skip_header(r)) {
    case Start::frame:
      return frame(r);
    case Start::ip:
      return Layer::ip;
    case Start::unknown:
      break;
  }
  return Layer::not_ip;
}

// By its first byte; `ordinary` is the size of one that says nothing about itself.
std::size_t cookie_size(std::uint8_t first, std::size_t ordinary) {
  if (first == kLinkServicesCookie) return ordinary + 2;
  return first == kAdaptiveServicesCookie ? 8 : ordinary;
}

Reader take_cookie(Reader& r, std::size_t ordinary) {
  Reader look_ahead = r;
  return r.sub(cookie_size(look_ahead.u8(), ordinary));
}

// The protocol that an adaptive services cookie names.
Layer of_cookie(Reader cookie) {
  cookie.skip(5);
  switch (cookie.u8() >> 4U & 7U) {
    case 0:
      return Layer::ipv4;
    case 1:
      return Layer::ipv6;
    case 2:
      return Layer::mpls;
    default:
      return Layer::not_ip;
  }
}

// Control byte and NLPID, as in frame relay.
Layer after_control(Reader& r) {
  const std::uint16_t control_and_nlpid = r.u16();
  return control_and_nlpid >> 8U == 0x03 ? after_nlpid(static_cast<std::uint8_t>(control_and_nlpid), r)
                                         : Layer::not_ip;
}

// Which encapsulation a virtual channel has is not said.
Layer after_atm_cookie(Reader& r) {
  Reader look_ahead = r;
  const std::uint32_t start = look_ahead.u24();
  r.absorb(look_ahead);
  if (start == 0xfefe03 || start == 0xaaaa03) return after_llc(r);
  if (start >> 16U == 0x03) return after_control(r);
  if (start >> 8U == 0x0021 || start >> 8U == 0x0057) return Layer::ppp;
  return looks_like_ip(r) ? Layer::ip : Layer::not_ip;
}

}  // namespace

Layer parse_juniper_ethernet(Reader& r) {
  return parse(r, [](Reader&) { return Layer::ethernet; });
}

Layer parse_juniper_ppp(Reader& r) {
  return parse(r, [](Reader&) { return Layer::ppp; });
}

Layer parse_juniper_cisco_hdlc(Reader& r) {
  return parse(r, [](Reader&) { return Layer::cisco_hdlc; });
}

Layer parse_juniper_frame_relay(Reader& r) {
  return parse(r, [](Reader&) { return Layer::frame_relay; });
}

Layer parse_juniper_pppoe_atm(Reader& r) {
  return parse(r, [](Reader& frame) { return after_ether_type(frame.u16(), frame); });
}

Layer parse_juniper_es(Reader& r) {
  return parse(r, [](Reader& frame) {
    Reader look_ahead = frame;
    look_ahead.skip(3);  // index of the security association, time to live
    const std::uint8_t kind = look_ahead.u8();
    frame.absorb(look_ahead);
    // 1 and 2: the packet is as it was; 3 to 5: a description of the tunnel stands before it.
    if (kind >= 3 && kind <= 5) frame.skip(16);
    return Layer::ip;
  });
}

Layer parse_juniper_services(Reader& r) {
  return parse(r, [](Reader& frame) {
    (void)take_cookie(frame, 8);
    return Layer::ip;
  });
}

Layer parse_juniper_atm1(Reader& r) {
  return parse(r, [](Reader& frame) {
    constexpr std::uint8_t kMaintenanceCell = 0x80;
    Reader cookie = frame.sub(4);
    return cookie.u8() == kMaintenanceCell ? Layer::not_ip : after_atm_cookie(frame);
  });
}

Layer parse_juniper_atm2(Reader& r) {
  return parse(r, [](Reader& frame) {
    Reader cookie = frame.sub(8);
    cookie.skip(7);
    const bool cell = (cookie.u8() & 0x70U) != 0;
    return cell ? Layer::not_ip : after_atm_cookie(frame);
  });
}

Layer parse_juniper_mlppp(Reader& r) {
  return parse(r, [](Reader& frame) {
    const std::size_t before = frame.remaining();
    const Reader cookie = take_cookie(frame, 2);
    return before - frame.remaining() == 8 ? of_cookie(cookie) : Layer::ppp;
  });
}

Layer parse_juniper_mlfr(Reader& r) {
  return parse(r, [](Reader& frame) {
    const std::size_t before = frame.remaining();
    const Reader cookie = take_cookie(frame, 2);
    return before - frame.remaining() == 8 ? of_cookie(cookie) : after_control(frame);
  });
}

Layer parse_juniper_mfr(Reader& r) {
  return parse(r, [](Reader& frame) {
    Reader look_ahead = frame;
    // A link of a bundle (FRF.16): its fragments are not joined.
    if ((look_ahead.u8() & 0xc0U) == 0xc0) return Layer::not_ip;
    const std::size_t before = frame.remaining();
    const Reader cookie = take_cookie(frame, 4);
    return before - frame.remaining() == 8 ? of_cookie(cookie) : after_control(frame);
  });
}

}  // namespace tlspeel::net
