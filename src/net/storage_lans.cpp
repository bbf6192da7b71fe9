// IP over Fibre Channel and over InfiniBand. Sources: RFC 4338, RFC 4391, tcpdump.org/linktypes.html.
#include "net/link_types.hpp"

namespace tlspeel::net {

// Network_Header: two addresses of 8 bytes.
Layer parse_ip_over_fc(Reader& r) {
  r.skip(16);
  return after_llc(r);
}

Layer parse_fc_2(Reader& r) {
  constexpr std::uint8_t kIpOverFc = 0x05;
  constexpr unsigned kNetworkHeader = 0x20;
  r.skip(8);
  const std::uint8_t type = r.u8();
  r.skip(3 + 1);  // frame control, sequence
  const unsigned optional_headers = r.u8();
  const std::uint16_t frame = r.u16();  // of a sequence, which is not joined
  r.skip(8);
  if (type != kIpOverFc || frame != 0 || optional_headers != kNetworkHeader) return Layer::not_ip;
  return parse_ip_over_fc(r);
}

Layer parse_fc_2_with_delimiters(Reader& r) {
  r.skip(4);
  return parse_fc_2(r);
}

Layer parse_ipoib(Reader& r) {
  r.skip(40);  // global routing header
  const std::uint16_t type = r.u16();
  r.skip(2);
  return after_ether_type(type, r);
}

}  // namespace tlspeel::net
